# SPDX-License-Identifier: Apache-2.0
"""telling_servers - servers that tell all that they know, for test_secret_texts.

One port for each way to tell it: what was asked (line, headers, body), as the text of an error; or
a marked secret, in each place of an answer that can hold a credential. MODES names them.
"""
import http.server
import json
import threading
import urllib.parse

NAMES = ("access_token", "accessToken", "AccessKeyId", "SecretAccessKey", "Token", "SessionToken", "subject")
XML = ("<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>{0}</AccessKeyId><SecretAccessKey>{0}"
       "</SecretAccessKey><SessionToken>{0}</SessionToken></Credentials></AssumeRoleResult></AssumeRoleResponse>")
MODES = ("echo-xml", "echo-json", "echo-text", "handed", "handed-500", "handed-half", "handed-other",
         "handed-breaks", "redirect", "cut")


class Handler(http.server.BaseHTTPRequestHandler):
    def asked(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("utf-8", "replace")
        plain = urllib.parse.unquote_plus(body)
        headers = " ".join("%s: %s" % pair for pair in self.headers.items())
        return "%s %s %s %s %s" % (body, headers, self.path, urllib.parse.unquote(self.path), plain)

    def handed(self, secret):
        if "sts" in self.path:
            return XML.format(secret.replace("\r\n", "&#13;&#10;"))
        if self.path.startswith("/latest/") and not self.path.endswith("/role"):
            return secret if "token" in self.path else "role\n"
        return json.dumps(dict.fromkeys(NAMES, secret))

    def answer(self, mode, secret):
        """Status, headers, body."""
        asked = self.asked()
        self.server.heard.append(asked)
        if mode == "echo-xml":
            text = asked.replace("&", "&amp;").replace("<", "&lt;")
            return 403, {}, "<Error><Code>%s</Code><Message>%s</Message></Error>" % (text[:60], text)
        if mode == "echo-json":
            return 400, {}, json.dumps({"error": "invalid", "error_description": asked})
        if mode == "echo-text":
            return 501, {}, asked
        if mode == "redirect":
            return 302, {"Location": "http://user:%s@127.0.0.1/%s?sig=%s" % (secret, secret, secret)}, ""
        if mode == "handed-half":
            return 200, {}, self.handed(secret)[:-9]
        if mode == "handed-other":
            return 200, {}, json.dumps({"other": secret})
        if mode == "handed-breaks":
            return 200, {}, self.handed(secret + "\r\nX-More: " + secret)
        return 500 if mode == "handed-500" else 200, {}, self.handed(secret)

    def do_any(self):
        status, headers, body = self.answer(self.server.mode, self.server.secret)
        body = body.encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) + (9 if self.server.mode == "cut" else 0)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.close_connection = True

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = do_any

    def log_message(self, *arguments):
        """Nothing reads it."""


def serve(mode, secret):
    """Starts one; it ends with the process."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.mode, server.secret, server.heard = mode, secret, []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server

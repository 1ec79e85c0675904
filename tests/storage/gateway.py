#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""gateway - kinds of credentials that the S3 server of the tests does not know, in front of it.

    gateway.py google  UPSTREAM-PORT PORT-FILE TOKEN
    gateway.py session UPSTREAM-PORT PORT-FILE TOKEN

google: refuses what does not show the token as a bearer or has a header of S3, and calls x-goog-*
headers x-amz-*. session: refuses what is not signed by testkey with that session token among the
signed headers. One request is refused where there is PORT-FILE.expired. What is left is signed anew, with the key alone, for the server.
"""
import hashlib
import hmac
import http.client
import http.server
import os
import sys
import time
import urllib.parse

mode, upstream, port_file, token = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]


def mac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def authorization(method, target, headers, region):
    """What AWS Signature Version 4 makes of these headers, names in lower case."""
    path, _, query = target.partition("?")
    scope = "%s/%s/s3/aws4_request" % (headers["x-amz-date"][:8], region)
    items = [tuple(urllib.parse.quote(x, "~") for x in item)
             for item in urllib.parse.parse_qsl(query, keep_blank_values=True)]
    names = sorted(headers)
    canonical = "\n".join([method, path, "&".join("%s=%s" % item for item in sorted(items))]
                          + ["%s:%s" % (n, headers[n]) for n in names]
                          + ["", ";".join(names), headers["x-amz-content-sha256"]])
    text = "\n".join(["AWS4-HMAC-SHA256", headers["x-amz-date"], scope,
                      hashlib.sha256(canonical.encode()).hexdigest()])
    key = b"AWS4testsecret"
    for step in scope.split("/"):
        key = mac(key, step)
    return ("AWS4-HMAC-SHA256 Credential=testkey/%s, SignedHeaders=%s, Signature=%s"
            % (scope, ";".join(names), mac(key, text).hex()))


def refusal(method, target, headers, body):
    """Why the request is none that the store takes, or None."""
    shown = headers.get("authorization", "")
    if mode == "google":
        if shown != "Bearer " + token:
            return "the token is not the one"
        return "a header of S3" if any(n.startswith("x-amz-") for n in headers) else None
    names = shown.partition("SignedHeaders=")[2].partition(",")[0].split(";")
    if headers.get("x-amz-security-token") != token or "x-amz-security-token" not in names:
        return "no session token, or it is not signed"
    if headers.get("x-amz-content-sha256") != hashlib.sha256(body).hexdigest():
        return "the hash of the body"
    expected = authorization(method, target, {n: headers[n] for n in names}, "us-east-1")
    return None if hmac.compare_digest(expected, shown) else "the signature"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def send(self, status, headers, body, length):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", length)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def ask_server(self, headers, body):
        keep = {n.replace("x-goog-", "x-amz-"): v for n, v in headers.items()
                if n.startswith(("x-goog-", "x-amz-meta-")) or n in ("range", "if-match")}
        keep.update({"host": "127.0.0.1:%d" % upstream,
                     "x-amz-date": time.strftime("%Y%m%dT%H%M%SZ", time.gmtime()),
                     "x-amz-content-sha256": hashlib.sha256(body).hexdigest()})
        region = "auto" if mode == "google" else "us-east-1"
        keep["authorization"] = authorization(self.command, self.path, keep, region)
        server = http.client.HTTPConnection("127.0.0.1", upstream)
        server.request(self.command, self.path, body, keep)
        answer = server.getresponse()
        return answer, answer.read()

    def do_GET(self):
        headers = {n.lower(): v for n, v in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        why = refusal(self.command, self.path, headers, body)
        if os.path.exists(port_file + ".expired"):
            os.unlink(port_file + ".expired")
            why = "the token has expired"
        if why:
            text = "<Error><Code>Refused</Code><Message>%s</Message></Error>" % why
            return self.send(401, [], text.encode(), str(len(text)))
        answer, data = self.ask_server(headers, body)
        prefix = "x-goog-" if mode == "google" else "x-amz-"
        back = [(n.lower().replace("x-amz-", prefix), v) for n, v in answer.getheaders()
                if n.lower() not in ("connection", "transfer-encoding", "content-length")]
        self.send(answer.status, back, data, answer.getheader("Content-Length") or str(len(data)))

    do_PUT = do_POST = do_HEAD = do_DELETE = do_GET

    def log_message(self, *arguments):
        """The test says what went wrong."""


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open(port_file + ".new", "w") as file:
    file.write(str(server.server_address[1]))
os.rename(port_file + ".new", port_file)
server.serve_forever()

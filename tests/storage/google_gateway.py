#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""google_gateway - the token side of Google's XML API, in front of a server that knows only keys.

    google_gateway.py UPSTREAM-PORT PORT-FILE TOKEN

Refuses what does not show the token, or has a header of S3; calls x-goog-* headers x-amz-*, signs
the request for the S3 server behind it, and its answer goes back with the names changed again.
"""
import hashlib
import hmac
import http.client
import http.server
import os
import sys
import time
import urllib.parse

upstream, port_file, token = int(sys.argv[1]), sys.argv[2], sys.argv[3]


def mac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def signed(method, target, headers, body):
    path, _, query = target.partition("?")
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    scope = stamp[:8] + "/auto/s3/aws4_request"
    headers = dict(headers, **{"host": "127.0.0.1:%d" % upstream, "x-amz-date": stamp,
                               "x-amz-content-sha256": hashlib.sha256(body).hexdigest()})
    names = sorted(headers)
    items = sorted(urllib.parse.parse_qsl(query, keep_blank_values=True))
    query = "&".join("%s=%s" % tuple(urllib.parse.quote(x, "~") for x in item) for item in items)
    canonical = "\n".join([method, path, query] + ["%s:%s" % (n, headers[n]) for n in names]
                          + ["", ";".join(names), headers["x-amz-content-sha256"]])
    text = "\n".join(["AWS4-HMAC-SHA256", stamp, scope,
                      hashlib.sha256(canonical.encode()).hexdigest()])
    key = b"AWS4testsecret"
    for step in scope.split("/"):
        key = mac(key, step)
    headers["authorization"] = ("AWS4-HMAC-SHA256 Credential=testkey/%s, SignedHeaders=%s, "
                                "Signature=%s" % (scope, ";".join(names), mac(key, text).hex()))
    return headers


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def refuse(self, status, why):
        body = ("<Error><Code>AuthenticationRequired</Code><Message>%s</Message></Error>"
                % why).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers.get("Authorization") != "Bearer " + token:
            return self.refuse(401, "the token is not the one")
        if any(name.lower().startswith("x-amz-") for name in self.headers):
            return self.refuse(400, "a header of S3")
        keep = {n.lower().replace("x-goog-", "x-amz-"): v for n, v in self.headers.items()
                if n.lower().startswith("x-goog-") or n.lower() in ("range", "if-match")}
        server = http.client.HTTPConnection("127.0.0.1", upstream)
        server.request(self.command, self.path, body, signed(self.command, self.path, keep, body))
        answer = server.getresponse()
        data = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                self.send_header(name.lower().replace("x-amz-", "x-goog-"), value)
        self.send_header("Content-Length", answer.getheader("Content-Length") or str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_PUT = do_POST = do_HEAD = do_DELETE = do_GET

    def log_message(self, *arguments):
        """The test says what went wrong."""


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open(port_file + ".new", "w") as file:
    file.write(str(server.server_address[1]))
os.rename(port_file + ".new", port_file)
server.serve_forever()

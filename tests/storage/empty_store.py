#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""empty_store - a store over HTTP that has no object, and notes which requests show a credential.

    empty_store.py PORT-FILE LOG

A line of the LOG for each request with a header Authorization, or with a signature in its query.
"""
import http.server
import os
import sys

port_file, log_path = sys.argv[1:]


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        if self.headers.get("Authorization") or "sig=" in self.path:
            with open(log_path, "a") as log:
                log.write("%s\n" % self.command)
        self.send_response(404)
        self.send_header("x-ms-error-code", "BlobNotFound")
        body = b"<Error><Code>NoSuchKey</Code></Error>"
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_GET = answer

    def log_message(self, *arguments):
        """The LOG has it."""


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open(port_file + ".new", "w") as file:
    file.write(str(server.server_address[1]))
os.rename(port_file + ".new", port_file)
server.serve_forever()

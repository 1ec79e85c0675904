# SPDX-License-Identifier: Apache-2.0
"""A store that is away for a while: `away.py FAILURES FILE PORTFILE LOG`.

Answers the first FAILURES requests by 503, the next one by half of FILE, and then all by FILE; a name
with "absent" is always 404. Each request is a line of LOG.
"""

import http.server
import os
import sys

failures, path, port_file, log = int(sys.argv[1]), *sys.argv[2:5]
count = 0


class Store(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        global count
        count += 1
        with open(log, "a") as file:
            file.write(f"{count} {self.path}\n")
        with open(path, "rb") as file:
            content = file.read()
        if "absent" in self.path:
            self.answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
        elif count <= failures:
            self.answer(503, b"<Error><Code>SlowDown</Code></Error>")
        elif count == failures + 1:
            self.answer(200, content, content[: len(content) // 2])
        else:
            self.answer(200, content)

    def answer(self, status, content, sent=None):
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("ETag", '"1"')
        self.end_headers()
        self.wfile.write(content if sent is None else sent)
        self.close_connection = True

    def log_message(self, *arguments):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Store)
with open(port_file + ".new", "w") as file:
    file.write(str(server.server_port))
os.rename(port_file + ".new", port_file)
server.serve_forever()

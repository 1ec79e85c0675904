#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""wrong_answers - an object of 20 MiB in a store whose answers are not what was asked for.

    wrong_answers.py PORT-FILE

The first part of a path says what is wrong, /MODE/KEY; see the table of modes below, and the answers
to PUT in PUTS. Nothing that is put is kept.
"""
import email.utils
import http.server
import os
import re
import sys
import time

SIZE = 20 << 20
NOT_FOUND = b"<Error><Code>%s</Code><Message>said so</Message></Error>"
PUTS = {  # status, headers, body
    "portal": (200, {}, b"<html>Sign in to the network</html>"),
    "accepted": (202, {"ETag": '"x"'}, b""),
    "untagged": (200, {}, b""),
    "untagged201": (201, {}, b""),
}


def letter(at, letters):
    return letters[(at >> 20) % len(letters)]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    asked = {}

    def log_message(self, *arguments):
        """Nobody reads it."""

    def say(self, status, headers, body):
        self.send_response(status)
        for name, value in headers.items():
            if value is not None:
                self.send_header(name, value)
        if headers.get("Content-Length", "") == "" and "Transfer-Encoding" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def chunks(self, status, headers, piece, pause=0.0):
        """A body that never ends."""
        self.say(status, {"Transfer-Encoding": "chunked", **headers}, b"")
        while True:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            time.sleep(pause)

    def do_PUT(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.say(*PUTS[self.mode()])

    def mode(self):
        return self.path.split("?")[0].split("/")[1].removeprefix("account-")

    def date_time_string(self, timestamp=None):
        """Of a store whose clock is another, or of ours."""
        return super().date_time_string(time.time() + 7200 if self.mode() == "skew" else timestamp)

    def is_late(self):
        """As Azure takes requests: 15 minutes around its own time."""
        then = email.utils.parsedate_to_datetime(self.headers["x-ms-date"]).timestamp()
        return abs(time.time() + 7200 - then) > 900

    def do_HEAD(self):
        mode = self.mode()
        if mode == "skew" and self.is_late():
            return self.say(403, {"x-ms-error-code": "AuthenticationFailed"}, b"")
        if mode in ("nokey", "nobucket", "ingress"):
            return self.say(404, {}, b"")
        if mode == "complaint":
            return self.say(403, {}, b"")
        if mode == "redirect":
            return self.do_GET()
        self.send_response(200)
        self.send_header("ETag", '"one"')
        if mode != "nolength":
            self.send_header("Content-Length", str(SIZE))
        else:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()

    def do_GET(self):
        mode = self.mode()
        count = Handler.asked[mode] = Handler.asked.get(mode, 0) + 1
        found = re.match(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        start, end = (int(found[1]), min(int(found[2]), SIZE - 1)) if found else (0, SIZE - 1)
        first = start == 0
        tag, total, status, letters = '"one"', SIZE, 206, b"A"
        if mode == "nokey":
            return self.say(404, {}, NOT_FOUND % b"NoSuchKey")
        if mode == "nobucket":
            return self.say(404, {}, NOT_FOUND % b"NoSuchBucket")
        if mode == "ingress":
            return self.say(404, {}, b"default backend - 404")
        if mode == "redirect":
            return self.say(308, {"Location": "https://elsewhere.example/b/k?sig=s3cr3t"}, b"")
        if mode == "complaint":
            return self.chunks(403, {}, b"e" * 65536)
        if mode == "drip":
            self.say(206, {"Content-Length": str(end - start + 1), "ETag": tag,
                           "Content-Range": "bytes %d-%d/%d" % (start, end, SIZE)}, b"")
            while True:
                self.wfile.write(b"A")
                time.sleep(0.3)
        if mode == "endless":
            return self.chunks(206, {"ETag": tag, "Content-Range": "bytes %d-%d/%d" % (start, end, SIZE)}, b"A" * 65536)
        if mode == "whole-endless":
            return self.chunks(200, {"ETag": tag}, b"A" * 65536)
        if mode == "if-match" and not first:
            tag, letters = '"two"', b"B"
        if mode == "weak":
            tag = 'W/"one"'
        if mode == "total" and not first:
            total = 2 * SIZE
        said = "bytes %d-%d/%d" % (start, end, total)
        if mode == "start":
            said = "bytes 0-%d/%d" % (end - start, total)
        if mode == "unsaid" and not first:
            said = None
        if mode == "star":
            said = "bytes %d-%d/*" % (start, end)
        if mode == "whole":
            status, said, start, end = 200, None, 0, SIZE - 1
        if mode == "late-whole" and not first:
            status, said, start, end = 200, None, 0, SIZE - 1
        body = letters * (end - start + 1)
        self.say(status, {"ETag": tag, "Content-Range": said}, body)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
with open(sys.argv[1] + ".new", "w") as file:
    file.write(str(server.server_address[1]))
os.rename(sys.argv[1] + ".new", sys.argv[1])
server.serve_forever()

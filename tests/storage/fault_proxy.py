#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""fault_proxy - what a network does to a store, on purpose.

    fault_proxy.py UPSTREAM-PORT PORT-FILE LOG [METHOD:PATTERN:FAULT:COUNT]...

Hands requests on to 127.0.0.1:UPSTREAM-PORT unchanged, the Host that is signed included. The first
COUNT requests whose method is METHOD ('*': any) and whose target matches PATTERN suffer FAULT:

    NUMBER    an answer with that status; 503+2 has "Retry-After: 2"
    reset     the connection is reset in the middle of the request's body
    cut       half of the answer's body, then the connection closes
    stall     nothing comes back
    half      half of the answer's body, then nothing more
    lost      the store does it, and its answer is reset
    error=X   200 with <Error><Code>X</Code></Error>, as S3 completes an upload that fails
    sum       400, as of a bucket that takes no body without x-amz-checksum-*; with one it goes on
    short     206 with a range that is shorter than what was asked for

Each request is a line of the LOG: seconds, method, target, what was done.
"""
import os
import re
import socket
import socketserver
import struct
import sys
import threading
import time

upstream, port_file, log_path = int(sys.argv[1]), sys.argv[2], sys.argv[3]
plan = []
for text in sys.argv[4:]:
    method, pattern, fault, count = text.split(":")
    plan.append([method, re.compile(pattern), fault, int(count)])
lock = threading.Lock()
log = open(log_path, "a", buffering=1)


def choose(method, target):
    with lock:
        chosen = "ok"
        for row in plan:
            if row[0] in ("*", method) and row[1].search(target) and row[3]:
                row[3] -= 1
                chosen = row[2]
                break
        log.write("%.3f %s %s %s\n" % (time.monotonic(), method, target, chosen))
        return chosen


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def length_of(head):
    found = re.search(rb"(?im)^content-length: *(\d+)", head)
    return int(found.group(1)) if found else 0


class Handler(socketserver.StreamRequestHandler):
    def head(self, stream):
        lines = b""
        while not lines.endswith(b"\r\n\r\n"):
            line = stream.readline()
            if not line:
                return None
            lines += line
        return lines

    def answer(self, status, body, headers=""):
        self.wfile.write(("HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: close\r\n%s\r\n%s"
                          % (status, len(body), headers, body)).encode())

    def hand_on(self, head, body, fault):
        with socket.create_connection(("127.0.0.1", upstream)) as server:
            head = re.sub(rb"(?im)^connection:.*\r\n", b"", head)
            server.sendall(head[:-2] + b"Connection: close\r\n\r\n" + body)
            stream = server.makefile("rb")
            got = self.head(stream)
            if fault == "lost":
                while stream.read(65536):
                    pass
                reset(self.connection)
                return
            rest = length_of(got)
            if fault == "short":
                got = re.sub(rb"(?im)^content-length:.*\r\n",
                             b"Content-Length: %d\r\n" % (rest // 2), got)
                self.wfile.write(got + stream.read(rest // 2))
                return
            self.wfile.write(got)
            if fault in ("cut", "half"):
                self.wfile.write(stream.read(rest // 2))
                if fault == "half":
                    self.connection.recv(1)
                return
            while piece := stream.read1(1 << 20):
                self.wfile.write(piece)

    def handle(self):
        head = self.head(self.rfile)
        if not head:
            return
        method, target = head.split(b"\r\n")[0].decode("latin-1").split(" ")[:2]
        fault = choose(method, target)
        length = length_of(head)
        if fault == "reset":
            self.rfile.read(length // 2)
            reset(self.connection)
            return
        body = self.rfile.read(length)
        if fault == "stall":
            self.connection.recv(1)
        elif fault.startswith("error="):
            self.answer("200 OK", "<Error><Code>%s</Code><Message>as it was told</Message></Error>"
                        % fault[6:])
        elif fault == "sum" and length and b"\r\nx-amz-checksum-" not in head.lower():
            self.answer("400 Bad Request", "<Error><Code>InvalidRequest</Code><Message>Missing required header for "
                        "this request: x-amz-checksum-*</Message></Error>")
        elif fault[0].isdigit():
            status, _, seconds = fault.partition("+")
            self.answer(status + " Fault", "<Error><Code>Fault</Code></Error>",
                        "Retry-After: %s\r\n" % seconds if seconds else "")
        else:
            self.hand_on(head, body, fault)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        """A client that has gone away is nothing to talk about."""


with Server(("127.0.0.1", 0), Handler) as proxy:
    with open(port_file + ".new", "w") as file:
        file.write(str(proxy.server_address[1]))
    os.rename(port_file + ".new", port_file)
    proxy.serve_forever()

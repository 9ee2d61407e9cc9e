"""A client of the Runtime API on one raw connection: http.client costs milliseconds of a cold start."""

import json
import os
import socket

ROOT = "/2018-06-01/runtime"


class Invocation:
    __slots__ = ("body", "headers")

    def __init__(self, headers, body):
        self.headers = headers
        self.body = body


class RuntimeClient:
    def __init__(self, address):
        host, port = address.rsplit(":", 1)
        self._address = address
        self._socket = socket.create_connection((host, int(port)))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._rest = b""
        self._next = ("GET %s/invocation/next HTTP/1.1\r\nHost: %s\r\n\r\n" % (ROOT, address)).encode()

    def next(self):
        self._send(self._next)
        return self._read_invocation()

    def respond(self, request_id, body, content_type):
        """Answers an invocation and waits for the next one; both travel together."""
        self._send(self._post("/invocation/%s/response" % request_id, body, content_type) + self._next)
        self._read()
        return self._read_invocation()

    def fail(self, request_id, error):
        self._send(self._report("/invocation/%s/error" % request_id, error) + self._next)
        self._read()
        return self._read_invocation()

    def init_error(self, error):
        self._send(self._report("/init/error", error))
        self._read()

    def _report(self, path, error):
        kind = "".join(char if " " <= char <= "~" else "?" for char in error["errorType"])[:1024]
        header = "Lambda-Runtime-Function-Error-Type: %s\r\n" % kind
        return self._post(path, json.dumps(error).encode(), "application/json", header)

    def _post(self, path, body, content_type, headers=""):
        head = "POST %s%s HTTP/1.1\r\nHost: %s\r\nContent-Type: %s\r\n%sContent-Length: %d\r\n\r\n" % (
            ROOT,
            path,
            self._address,
            content_type,
            headers,
            len(body),
        )
        return head.encode() + body

    def _send(self, data):
        try:
            self._socket.sendall(data)
        except OSError:
            self._leave()

    def _read_invocation(self):
        status, headers, body = self._read()
        if status != 200:
            self._leave()
        return Invocation(headers, body)

    def _read(self):
        end = self._rest.find(b"\r\n\r\n")
        while end < 0:
            self._rest += self._receive(65536)
            end = self._rest.find(b"\r\n\r\n")
        lines = self._rest[:end].decode("latin-1").split("\r\n")
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        size = int(headers.get("content-length", 0))
        body = bytearray(self._rest[end + 4 :])
        while len(body) < size:
            body += self._receive(min(size - len(body) + 4096, 1 << 20))
        self._rest = bytes(body[size:])
        return int(lines[0].split(" ")[1]), headers, bytes(body[:size])

    def _receive(self, size):
        try:
            data = self._socket.recv(size)
        except OSError:
            data = b""
        if not data:
            self._leave()
        return data

    def _leave(self):
        # The platform has ended, or has given this environment up; threads of the function must not hold the process.
        os._exit(1)

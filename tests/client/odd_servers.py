"""Servers that misbehave on purpose, and a small one that does not."""

import contextlib
import json
import socket
import threading
from urllib.parse import parse_qs

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
RUN = "sctest42"


class RawServer:
    """Listens on loopback; `talk(connection, request, count)` answers, and keeps the connection by saying True."""

    def __init__(self, talk):
        self.talk = talk
        self.requests = []
        self.connections = 0
        self._open = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def port(self):
        """The port it listens on."""
        return self._listening.getsockname()[1]

    @property
    def url(self):
        """A base URL on it."""
        return f"http://127.0.0.1:{self.port}/scim/v2"

    def _accept(self):
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection:
            try:
                while request := self._read(connection):
                    self.requests.append(request)
                    if not self.talk(connection, request, len(self.requests)):
                        return
            except OSError:
                return

    @staticmethod
    def _read(connection):
        data = b""
        while b"\r\n\r\n" not in data:
            piece = connection.recv(65536)
            if not piece:
                return b""
            data += piece
        head, _, body = data.partition(b"\r\n\r\n")
        length = next(
            (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
        )
        while len(body) < length:
            body += connection.recv(65536)
        return head + b"\r\n\r\n" + body

    def close(self):
        """Stop listening and drop every connection."""
        stop(self._listening)
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        self._thread.join(2)


def stop(listening):
    """Wake whoever waits for a connection, and close the listening socket."""
    with contextlib.suppress(OSError):
        listening.shutdown(socket.SHUT_RDWR)
    listening.close()


def answer(status="200 OK", headers=(), body=b"{}", length=None):
    """Return the bytes of one whole HTTP answer."""
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/scim+json", *headers]
    if length is not False:
        lines.append(f"Content-Length: {len(body) if length is None else length}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def saying(*answers):
    """Return a talk that gives these answers one after another, the last one for ever, on kept connections."""

    def talk(connection, _request, count):
        connection.sendall(answers[min(count, len(answers)) - 1])
        return True

    return talk


class SmallScim:
    """A tiny SCIM service with users and groups in a dictionary; `log` has (method, path, headers) of each request."""

    def __init__(self, **documents):
        self.documents = documents
        self.resources = {}
        self.log = []
        self.environs = []
        self._numbers = 0
        self._lock = threading.Lock()
        self.overrides = {}

    def add(self, endpoint, **members):
        """Put a resource there that no test created."""
        with self._lock:
            self._numbers += 1
            number = str(self._numbers)
        self.resources[endpoint, number] = {"id": number, **members}
        return number

    def __call__(self, environ, start_response):
        """Answer one request (PEP 3333)."""
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        self.log.append((method, path))
        self.environs.append(environ)
        status, document, headers = self._answer(method, path, environ.get("QUERY_STRING", ""), body)
        start_response(status, [("Content-Type", "application/scim+json"), *headers])
        return [json.dumps(document).encode()] if document is not None else []

    def _answer(self, method, path, query, body):
        if (method, path) in self.overrides:
            return self.overrides[method, path]
        if path.strip("/") in self.documents:
            return "200 OK", self.documents[path.strip("/")], []
        parts = path.strip("/").split("/")
        key = (f"/{parts[0]}", parts[1] if len(parts) > 1 else "")
        if method == "POST" and len(parts) == 1:
            try:
                number = self.add(key[0], **json.loads(body))
            except (ValueError, TypeError):
                return "400 Bad Request", error(400), []
            return "201 Created", self.resources[key[0], number], [("Location", f"{path}/{number}")]
        if method == "GET" and not key[1] and key[0] in ("/Users", "/Groups"):
            found = [
                one for (endpoint, _), one in self.resources.items() if endpoint == key[0] and self._matches(one, query)
            ]
            listed = {"schemas": [LIST], "totalResults": len(found), "Resources": found}
            return "200 OK", listed, []
        if key not in self.resources:
            return "404 Not Found", error(404), []
        if method == "DELETE":
            del self.resources[key]
            return "204 No Content", None, []
        return "200 OK", self.resources[key], []

    @staticmethod
    def _matches(one, query):
        filter_ = parse_qs(query).get("filter", [""])[0]
        if not filter_:
            return True
        attribute, _, value = filter_.split(" ", 2)
        return str(one.get(attribute, "")).lower() == json.loads(value).lower()


def error(status):
    """Return a SCIM error body."""
    return {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": str(status)}

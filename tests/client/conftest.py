"""Fixtures of the client's tests: servers and clients that are stopped when a test ends."""

import threading
import wsgiref.simple_server

import pytest
from odd_servers import RUN, RawServer, SmallScim

from scim_conformance.client.client import ScimClient
from scim_conformance.client.journal import Journal
from scim_conformance.client.target import Target


@pytest.fixture
def raw():
    """Start raw servers; they are stopped when the test ends."""
    servers = []

    def start(talk):
        servers.append(RawServer(talk))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def client_of():
    """Make clients for a URL, an application or a target; they are closed when the test ends."""
    clients = []

    def make(target, *, journal=None, redactor=None, **options):
        if isinstance(target, RawServer):
            target = Target.url(target.url, **{"timeout": 2, **options})
        elif isinstance(target, str):
            target = Target.url(target, **{"timeout": 2, **options})
        elif not isinstance(target, Target):
            target = Target.of(target, **options)
        clients.append(
            ScimClient(target, journal=journal or Journal(None, {"run": RUN}), redactor=redactor, run_id=RUN)
        )
        return clients[-1]

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def small():
    """Return a tiny SCIM service in this process."""
    return SmallScim()


class _Quiet(wsgiref.simple_server.WSGIRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def on_a_port():
    """Serve a WSGI application on a real port and return its URL."""
    servers = []

    def serve(app):
        server = wsgiref.simple_server.make_server("127.0.0.1", 0, app, handler_class=_Quiet)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server, thread in servers:
        server.shutdown()
        thread.join(2)
        server.server_close()

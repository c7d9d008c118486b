"""The WSGI application and the socket: everything reaches the service, and only the service answers."""

import socket
import threading

import httpx
import pytest
from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from scim_conformance.server import create_app, reference
from scim_conformance.server.messages import Response
from scim_conformance.server.web import Server, serve

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
TOKEN = "a-token-of-the-tests"
HEADERS = {"Authorization": f"Bearer {TOKEN}", "X-Request-Origin": "idp.example.com"}


@pytest.fixture
def client():
    """An httpx client of the application in process."""
    transport = httpx.WSGITransport(create_app(reference(token=TOKEN)))
    with httpx.Client(transport=transport, base_url="http://scim.test", headers=HEADERS) as client:
        yield client


@pytest.fixture
def server():
    """A service on a real socket."""
    server = Server(reference(token=TOKEN, base_path="/scim/v2"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server
    server.close()
    thread.join(5)
    assert not thread.is_alive()


def test_round_trip_in_process(client):
    """Bodies, query and header fields go through the application both ways."""
    response = client.post("/Users", json={"schemas": [USER], "userName": "änna"})
    assert response.status_code == 201
    assert response.headers["Content-Type"] == "application/scim+json"
    assert response.headers["Location"] == f"http://scim.test/Users/{response.json()['id']}"
    found = client.get("/Users", params={"filter": 'userName eq "ÄNNA"'}).json()
    assert found["totalResults"] == 1
    deleted = client.delete(f"/Users/{response.json()['id']}")
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert "Content-Length" not in deleted.headers


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "FOO"])
@pytest.mark.parametrize("path", ["/static/x", "/nowhere", "/Users/%2e%2e/x", "/%ff%fe", "/Users/a%2Fb"])
def test_framework_never_answers_itself(client, method, path):
    """Whatever the method and path, the answer is a SCIM error of the service."""
    response = client.request(method, path)
    assert response.status_code in (404, 405, 501)
    assert response.json()["status"] == str(response.status_code)
    assert response.headers["Content-Type"] == "application/scim+json"


def test_application_mounted_under_a_prefix():
    """Mounted by another application, locations keep the prefix, and two mounts are two tenants."""
    one, two = reference(token=TOKEN), reference(token="other-token")
    app = DispatcherMiddleware(Flask("outer"), {"/a": create_app(one), "/b/c": create_app(two)})
    with httpx.Client(transport=httpx.WSGITransport(app), base_url="http://scim.test", headers=HEADERS) as client:
        user = client.post("/a/Users", json={"schemas": [USER], "userName": "anna"}).json()
        assert user["meta"]["location"] == f"http://scim.test/a/Users/{user['id']}"
        assert client.get(user["meta"]["location"]).status_code == 200
        assert client.get(f"/b/c/Users/{user['id']}").status_code == 401


def test_over_a_socket(server):
    """The service answers on a real port, with the address of the peer, and repeated origins are seen."""
    with httpx.Client(base_url=server.url, headers=HEADERS) as client:
        assert client.get("/Users").json()["totalResults"] == 0
        assert client.head("/Users").headers["Content-Length"] == str(len(client.get("/Users").content))
        assert client.post("/Users", content=b"x" * (1024 * 1024 + 1)).status_code == 413
        chunks = (b'{"schemas":["', USER.encode(), b'"],"userName":"a"}')
        assert client.post("/Users", content=iter(chunks)).status_code == 201
        twice = [*HEADERS.items(), ("X-Request-Origin", "idp.example.com")]
    assert httpx.get(f"{server.url}/Users", headers=twice).status_code == 401


def test_closing_ends_open_connections():
    """A service can be closed while clients keep their connections, and before it ran at all."""
    server = Server(reference(token=TOKEN))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    with httpx.Client(base_url=server.url, headers=HEADERS) as client:
        assert client.get("/Users").status_code == 200
        server.close()
        thread.join(5)
        assert not thread.is_alive()
        with pytest.raises(httpx.TransportError):
            client.get("/Users")
    Server(reference(token=TOKEN)).close()


def test_peer_address_decides_over_a_socket(server):
    """With an allowlist, the source address of the connection decides, not what headers say."""
    for address, status in (("127.0.0.1", 401), ("127.0.0.7", 200)):
        server.service.settings.allowlist = "127.0.0.7"
        transport = httpx.HTTPTransport(local_address=address)
        with httpx.Client(transport=transport, headers={**HEADERS, "X-Forwarded-For": "127.0.0.7"}) as client:
            assert client.get(f"{server.url}/Users").status_code == status


def test_ipv6_socket():
    """An IPv6 address can be bound, and is written in brackets in the URL."""
    try:
        server = Server(reference(token=TOKEN), "::1")
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert server.url.startswith("http://[::1]:")
    body = httpx.get(f"{server.url}/ServiceProviderConfig", headers=HEADERS).json()
    assert body["meta"]["location"].startswith(server.url)
    server.close()
    thread.join(5)
    assert not thread.is_alive()


def test_taken_port_is_an_error(server):
    """A port that is taken cannot be bound, which is the caller's to report."""
    with pytest.raises(OSError, match="in use"):
        Server(reference(token=TOKEN), server.host, server.port)


def test_serve_tells_the_port_before_it_answers(monkeypatch):
    """The port that was bound is announced, then requests are answered, and the port is freed in the end."""
    told = []
    monkeypatch.setattr(Server, "run", lambda _self: told.append("runs"))
    serve(reference(token=TOKEN), "localhost", announce=lambda host, port: told.append((host, port)))
    (host, port), runs = told
    assert runs == "runs"
    with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
        pass


def test_odd_responses_are_sent_as_they_are():
    """A service that was altered is not put right by the framework: odd statuses and bodies go out."""
    service = reference(token=TOKEN)
    service.answers.deleted = lambda: Response(299, body=b"odd")
    with httpx.Client(
        transport=httpx.WSGITransport(create_app(service)), base_url="http://x", headers=HEADERS
    ) as client:
        user = client.post("/Users", json={"schemas": [USER], "userName": "a"}).json()
        response = client.delete(f"/Users/{user['id']}")
    assert (response.status_code, response.content, "Content-Type" in response.headers) == (299, b"odd", False)

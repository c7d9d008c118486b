"""Over a real socket: whatever goes wrong is blamed on the right side, in words, within the timeout."""

import gzip
import socket
import ssl
import threading
import time
import zlib
from pathlib import Path

import httpx
import pytest
from odd_servers import answer, saying, stop

from scim_conformance.client.errors import BadTarget, BrokenAnswer, HarnessError, Unreachable
from scim_conformance.client.target import Target

TIMEOUT = 0.4


def broken(client, method="GET", path="/Users", within=2.0):
    """Ask, and return the BrokenAnswer that must come, recorded and in time."""
    began = time.monotonic()
    with pytest.raises(BrokenAnswer) as caught:
        client.request(method, path, resource=False)
    assert time.monotonic() - began < within
    assert client.exchanges[-1] is caught.value.exchange
    assert caught.value.exchange.error
    return caught.value


def dripping(piece, times=100, head=b""):
    """Return a talk that sends a piece every 50 ms."""

    def talk(connection, *_):
        connection.sendall(head)
        for _ in range(times):
            time.sleep(0.05)
            connection.sendall(piece)

    return talk


def hanging(connection, *_):
    """Say nothing until the client goes."""
    connection.recv(1)


@pytest.mark.parametrize(
    ("talk", "said"),
    [
        (hanging, "no whole answer within 0.4 s"),
        (dripping(b"X"), "no whole answer within 0.4 s"),
        (dripping(b"X: y\r\n", head=b"HTTP/1.1 200 OK\r\n"), "no whole answer within 0.4 s"),
        (dripping(b" ", head=b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"), "no whole answer within 0.4 s"),
        (
            dripping(b"1\r\n \r\n", head=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
            "no whole answer within 0.4 s",
        ),
    ],
    ids=["hanging", "dripping status line", "dripping headers", "dripping body", "dripping chunks"],
)
def test_a_slow_target_is_cut_off_at_the_timeout(raw, client_of, talk, said):
    """However a target spins out its answer, the whole request takes no longer than the timeout."""
    client = client_of(raw(talk), timeout=TIMEOUT)
    assert said in broken(client, within=TIMEOUT + 0.6).reason


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"", "closed before an answer came"),
        (b"HTTP/1.1 200 OK\r\nContent-Le", "closed within the head of the answer; it starts 'HTTP/1.1 200 OK"),
        (answer(body=b'{"a":', length=50), "closed before the whole body"),
        (answer(headers=["Transfer-Encoding: chunked"], body=b"5\r\nab", length=False), "closed before the whole body"),
        (b"<html>hello</html>\r\n\r\n", "not valid HTTP"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "it starts 'SSH-2.0-OpenSSH_9.6"),
        (answer(headers=["Content-Length: 1", "Content-Length: 2"], length=False), "not valid HTTP"),
        (answer(status="20 OK"), "not valid HTTP"),
        (answer(headers=["Content-Encoding: gzip"], body=b"this is not gzip"), "cannot be decoded as gzip"),
        (answer(headers=["Content-Encoding: gzip"], body=gzip.compress(b"{}" * 99)[:-12]), "body ends early"),
        (answer(headers=["Content-Encoding: br"], body=b"xx"), "'br', which was not asked for"),
        (answer(headers=["Content-Encoding: gzip, gzip, gzip, gzip"]), "4 content encodings on top of each other"),
    ],
    ids=["closed at once", "closed in the head", "closed in the body", "closed in a chunk", "HTML", "no HTTP at all",
         "two lengths", "short status", "no gzip", "cut gzip", "unasked encoding", "nested encodings"],
)  # fmt: skip
def test_an_answer_that_is_not_whole_and_valid_is_broken(raw, client_of, sent, said):
    """Every kind of damaged HTTP is a BrokenAnswer that says what is wrong, and is recorded."""

    def talk(connection, *_):
        connection.sendall(sent)

    assert said in broken(client_of(raw(talk))).reason


def test_a_reset_connection_is_broken(raw, client_of):
    """A connection that is reset amid the answer is the target's fault."""

    def talk(connection, *_):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")

    assert "broke off" in broken(client_of(raw(talk))).reason


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_a_body_over_the_limit_is_broken_and_never_held_whole(raw, client_of, encoding):
    """A body of endless size, or a small one that inflates to it, stops at the limit."""
    packed = gzip.compress(b"\x00" * 50_000_000) if encoding else b"\x00" * 300_000
    headers = ["Content-Encoding: gzip"] if encoding else []
    client = client_of(raw(saying(answer(headers=headers, body=packed))), max_body=200_000)
    found = broken(client)
    assert "larger than 200000 bytes" in found.reason
    assert found.exchange.response_body == b""


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda data: zlib.compress(data)[2:-4]),
        ("gzip, deflate", lambda data: zlib.compress(gzip.compress(data))),
        ("identity", bytes),
    ],
)
def test_compressed_bodies_are_read(raw, client_of, encoding, pack):
    """Bodies in gzip and deflate, also raw and nested, are decoded."""
    packed = pack(b'{"text": "' + b"a" * 200_000 + b'"}')
    client = client_of(raw(saying(answer(headers=[f"Content-Encoding: {encoding}"], body=packed))))
    assert len(client.get("/Users").json["text"]) == 200_000


def test_a_connection_is_kept_only_after_a_clean_answer(raw, client_of):
    """What follows an answer's end is noted, and never taken for the next answer."""
    sloppy = answer("204 No Content", body=b'{"detail": "deleted"}')
    server = raw(saying(answer(), sloppy, answer(body=b'{"n": 3}'), answer(body=b'{"n": 4}')))
    client = client_of(server)
    client.get("/a")
    second = client.get("/b")
    assert second.status == 204
    assert "21 more bytes followed the answer's end" in second.exchange.note
    assert server.connections == 1
    assert client.get("/c").json == {"n": 3}
    assert server.connections == 2
    assert client.get("/d").json == {"n": 4}
    assert server.connections == 2


def test_chunked_and_interim_answers_keep_the_connection(raw, client_of):
    """A clean chunked answer and one after a 100 or 103 are read right, and the connection is used again."""
    chunked = answer(headers=["Transfer-Encoding: chunked"], body=b"2\r\n{}\r\n0\r\n\r\n", length=False)
    server = raw(saying(chunked, b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + answer(), answer()))
    client = client_of(server)
    for _ in range(3):
        response = client.get("/Users")
        assert (response.status, response.json, response.exchange.note) == (200, {}, "")
    assert server.connections == 1


def test_a_kept_connection_closed_meanwhile_is_no_verdict(raw, client_of):
    """A GET on a kept connection that was closed under us is asked again on a new one, and the record shows it."""

    def talk(connection, _request, count):
        if count == 2:
            return False
        connection.sendall(answer())
        return True

    server = raw(talk)
    client = client_of(server)
    client.get("/Users")
    response = client.get("/Users")
    assert response.status == 200
    assert [exchange.status for exchange in response.exchanges] == [None, 200]
    assert "asked again on a new one" in response.exchanges[0].note


def test_a_post_is_never_sent_twice_on_its_own(raw, client_of):
    """A POST on a kept connection that is closed is not repeated: it may have been carried out."""

    def talk(connection, _request, count):
        if count == 2:
            return False
        connection.sendall(answer())
        return True

    server = raw(talk)
    client = client_of(server)
    client.get("/Users")
    assert "closed before an answer came" in broken(client, "POST").reason
    assert len(server.requests) == 2


def test_a_refused_connection_names_host_and_port(client_of):
    """When nothing listens, the message says where, and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    client = client_of(f"http://127.0.0.1:{port}/scim/v2")
    with pytest.raises(
        Unreachable, match=rf"Nothing listens on 127\.0\.0\.1:{port} \(connection refused\); start the server"
    ):
        client.get("/Users")
    assert "connection refused" in client.exchanges[0].error


def test_an_unknown_host_is_named(client_of):
    """When the host name does not resolve, the message says so."""
    client = client_of("http://no-such-host.invalid/scim/v2")
    with pytest.raises(Unreachable, match=r"The host name no-such-host\.invalid of the target is not known"):
        client.get("/Users")


def test_a_connection_that_is_not_taken_is_unreachable(client_of):
    """A full listener, as a firewall that drops packets, is unreachable within the timeout."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        full = []
        for _ in range(4):
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex(listening.getsockname())
            full.append(one)
        client = client_of(f"http://127.0.0.1:{listening.getsockname()[1]}/", timeout=TIMEOUT)
        began = time.monotonic()
        with pytest.raises(Unreachable, match=r"did not take the connection within 0\.4 s; is a firewall between"):
            client.get("/Users")
        assert time.monotonic() - began < TIMEOUT + 0.6
        for one in full:
            one.close()


@pytest.fixture
def tls_port():
    """Serve TLS with a certificate for localhost that no authority signed; return the port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(Path(__file__).with_name("localhost.pem"))
    listening = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            try:
                with context.wrap_socket(connection, server_side=True) as secure:
                    secure.recv(65536)
                    secure.sendall(answer())
            except OSError:
                pass
            finally:
                connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listening.getsockname()[1]
    stop(listening)
    thread.join(2)


def test_a_certificate_nobody_vouches_for_is_refused_with_advice(client_of, tls_port):
    """TLS is verified; the message names both ways out."""
    client = client_of(f"https://localhost:{tls_port}/scim")
    with pytest.raises(
        Unreachable,
        match=r"certificate of localhost:\d+ was not accepted: self.signed certificate.*--ca-file FILE.*--insecure",
    ):
        client.get("/Users")


def test_a_private_authority_and_insecure_let_tls_through(client_of, tls_port):
    """--ca-file trusts the given authority, --insecure trusts anybody; the host name counts with --ca-file."""
    pem = Path(__file__).with_name("localhost.pem")
    assert client_of(f"https://localhost:{tls_port}/", ca_file=pem).get("/Users").status == 200
    assert client_of(f"https://127.0.0.1:{tls_port}/", insecure=True).get("/Users").status == 200
    with pytest.raises(Unreachable, match="was not accepted"):
        client_of(f"https://127.0.0.1:{tls_port}/", ca_file=pem).get("/Users")


def test_https_to_a_plain_port_says_so(raw, client_of):
    """TLS where only http is spoken is recognised."""
    server = raw(lambda *_: None)
    listening = socket.create_server(("127.0.0.1", 0))

    def serve():
        connection, _ = listening.accept()
        with connection:
            connection.recv(100)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with pytest.raises(Unreachable, match=r"does not speak TLS; is the base URL http://"):
        client_of(f"https://127.0.0.1:{listening.getsockname()[1]}/").get("/Users")
    listening.close()
    thread.join(2)
    assert server.requests == []


def test_a_file_without_certificates_is_a_bad_target(client_of, tmp_path):
    """A --ca-file that holds no PEM is named at once."""
    path = tmp_path / "ca.pem"
    path.write_text("nothing")
    with pytest.raises(BadTarget, match=r"ca\.pem cannot be read as PEM"):
        client_of("https://localhost:1/", ca_file=path).get("/Users")


def test_requests_come_from_the_chosen_address(client_of):
    """--source-address decides the address that the target sees, one request at a time."""
    seen = []

    def serve(listening):
        for _ in range(3):
            connection, address = listening.accept()
            with connection:
                connection.recv(65536)
                seen.append(address[0])
                connection.sendall(answer(headers=["Connection: close"]))

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=(listening,), daemon=True)
        thread.start()
        client = client_of(f"http://127.0.0.1:{listening.getsockname()[1]}/", source_address="127.0.0.3")
        client.get("/Users")
        client.get("/Users", source_address="127.0.0.2")
        client.get("/Users", source_address="127.0.0.1")
        thread.join(2)
    assert seen == ["127.0.0.3", "127.0.0.2", "127.0.0.1"]


@pytest.mark.parametrize("address", ["203.0.113.9", "::1"])
def test_an_address_that_is_not_ours_is_our_fault(raw, client_of, address):
    """An address that cannot be sent from is a HarnessError that names it, never Unreachable."""
    client = client_of(raw(saying(answer())))
    with pytest.raises(HarnessError, match=f"cannot be sent from {address}") as caught:
        client.get("/Users", source_address=address)
    assert not isinstance(caught.value, Unreachable)


def test_http_that_we_may_not_send_is_our_fault(raw, client_of):
    """A header with a line break never reaches the wire."""
    server = raw(saying(answer()))
    client = client_of(server)
    with pytest.raises(HarnessError, match="X-Note holds a line break"):
        client.get("/Users", headers={"X-Note": "a\r\nEvil: b"})
    with pytest.raises(HarnessError, match="not valid"):
        client.get("/Users", headers={"X Note": "a"})
    with pytest.raises(HarnessError, match="not an HTTP method"):
        client.request("GET\n", "/Users")
    assert server.requests == []


def test_what_goes_on_the_wire(raw, client_of):
    """Default headers, the credentials, the body and its length are sent as documented, names outside ASCII encoded."""
    server = raw(saying(answer()))
    client = client_of(server, token="abc.def", headers={"X-Tenant": "Grüße"}, origin="idp.example.com")
    client.post("/Users", json={"userName": f"{'é'}@{'x'}"}, params={"a b": "c+d&e"}, resource=False)
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "POST /scim/v2/Users?a%20b=c%2Bd%26e HTTP/1.1"
    assert sorted(lines[1:]) == sorted([
        f"Host: 127.0.0.1:{server.port}",
        "Accept: application/scim+json",
        "Accept-Encoding: gzip, deflate",
        "User-Agent: scim-conformance/0.1.0",
        "Content-Type: application/scim+json",
        "X-Tenant: Grüße",
        "Authorization: Bearer abc.def",
        "X-Request-Origin: idp.example.com",
        f"Content-Length: {len(body)}",
    ])  # fmt: skip
    assert body == '{"userName": "é@x"}'.encode()


def test_httpx_still_lets_its_sockets_be_clocked():
    """The one private attribute of httpx that the deadline hangs on is there in the installed version."""
    transport = httpx.HTTPTransport()
    assert callable(transport._pool._network_backend.connect_tcp)
    transport.close()


def test_a_proxy_that_is_not_there_is_named(client_of):
    """When the proxy refuses the connection, the message speaks of the proxy."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    client = client_of(Target.url("http://scim.example.com/", proxy=f"http://user:hunter22@127.0.0.1:{port}"))
    with pytest.raises(Unreachable, match=rf"Nothing listens on the proxy 127\.0\.0\.1:{port}") as caught:
        client.get("/Users")
    assert "hunter22" not in str(caught.value) + repr(client.target)

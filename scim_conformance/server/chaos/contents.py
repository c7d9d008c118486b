"""Answers that are whole, and hold what no client can read or should have to."""

import gzip
import json
from functools import cache

from scim_conformance.server.chaos import chaos, reading
from scim_conformance.server.chaos.front import Moment

_MEMBER = 64 * 1024 * 1024


@chaos(when=reading)
def gzip_bombs(moment: Moment) -> bool:
    """The body of a resource is a megabyte that unpacks to a gigabyte of blanks."""
    return moment.plainly(moment.document(200, _bomb(), {"Content-Encoding": "gzip"}))


@cache
def _bomb() -> bytes:
    """Pack a gigabyte: sixteen members of 64 megabytes, as a gzip file may have several."""
    return gzip.compress(b" " * _MEMBER) * 16


@chaos(when=reading)
def endless_bodies(moment: Moment) -> None:
    """The body of a resource comes in chunks and does not end."""
    moment.send(moment.answer(moment.document(200, b"", {"Transfer-Encoding": "chunked"})))
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    while not moment.server.closed.is_set():
        moment.send(chunk)


@chaos(when=reading)
def invalid_utf8(moment: Moment) -> bool:
    """The JSON of a resource holds octets that are no UTF-8."""
    body = moment.response.body.replace(b"@", b"\xff\xfe", 1)
    return moment.plainly(moment.document(moment.response.status, body))


@chaos(when=reading)
def deep_json(moment: Moment) -> bool:
    """A resource has an attribute nested a hundred thousand levels deep."""
    deep = b"[" * 100_000 + b"]" * 100_000
    return moment.plainly(moment.document(200, moment.response.body[:-1] + b',"deep":' + deep + b"}"))


@chaos(when=reading)
def duplicate_keys(moment: Moment) -> bool:
    """Each member of a resource is there twice, the first time with another value."""
    members = json.loads(moment.response.body)
    first = {name: "first" if isinstance(value, str) else None for name, value in members.items()}
    body = json.dumps(first)[:-1].encode() + b"," + moment.response.body[1:]
    return moment.plainly(moment.document(moment.response.status, body))


@chaos(when=reading)
def cut_json(moment: Moment) -> bool:
    """The JSON of a resource ends in the middle, and Content-Length agrees."""
    body = moment.response.body
    return moment.plainly(moment.document(200, body[: len(body) // 2]))


@chaos(when=reading)
def pages_of_html(moment: Moment) -> bool:
    """A GET of a resource is answered 200 with a page of HTML, as by a gateway."""
    page = b"<!DOCTYPE html><html><head><title>Please sign in</title></head></html>"
    response = moment.document(200, page)
    response.headers.set("Content-Type", "text/html")
    return moment.plainly(response)


@chaos(when=reading)
def scalars(moment: Moment) -> bool:
    """A GET of a resource is answered 200 with a number."""
    return moment.plainly(moment.document(200, b"42"))


@chaos(when=reading)
def long_headers(moment: Moment) -> bool:
    """The answer to a GET of a resource has a header field of a megabyte."""
    moment.response.headers.add("X-Trace", "x" * 1024 * 1024)
    return moment.plainly()

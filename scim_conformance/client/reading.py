"""Reading an answer's body whole: decoded, and never more than the limit, however little of it came over the wire."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from scim_conformance.client.transports import Broken, Incoming, remaining

_STEP = 64 * 1024
_DEEPEST = 3
"""Encodings on top of each other."""


def read_body(answer: Incoming, limit: int, deadline: float, *, bodiless: bool) -> bytes:
    """Return the decoded body; raises Broken when it is too large or undecodable, OutOfTime at the deadline."""
    pieces = _within(answer.pieces, limit, deadline)
    if not bodiless:
        names = [name.strip().lower() for value in _values(answer, "content-encoding") for name in value.split(",")]
        names = [name for name in names if name not in ("", "identity")]
        if len(names) > _DEEPEST:
            raise Broken(f"the body has {len(names)} content encodings on top of each other")
        for name in reversed(names):
            if name not in ("gzip", "x-gzip", "deflate"):
                raise Broken(f"the body has the content encoding {name[:40]!r}, which was not asked for")
            pieces = _within(_inflated(pieces, name, deadline), limit, deadline)
    return b"".join(pieces)


def _values(answer: Incoming, wanted: str) -> list[str]:
    return [value for name, value in answer.headers if name.lower() == wanted]


def _within(pieces: Iterator[bytes], limit: int, deadline: float) -> Iterator[bytes]:
    total = 0
    for piece in pieces:
        total += len(piece)
        if total > limit:
            raise Broken(f"the body is larger than {_size(limit)}, the most that is read of one answer")
        yield piece
        remaining(deadline, "the rest of the body")


def _inflated(pieces: Iterator[bytes], name: str, deadline: float) -> Iterator[bytes]:
    decoder = zlib.decompressobj(zlib.MAX_WBITS | 32)
    began = False
    for piece in pieces:
        if not piece:
            continue
        if not began and name == "deflate" and not _has_zlib_head(piece):
            decoder = zlib.decompressobj(-zlib.MAX_WBITS)
        began = True
        data = piece
        while data and not decoder.eof:
            try:
                yield decoder.decompress(data, _STEP)
            except zlib.error as problem:
                raise Broken(f"the body cannot be decoded as {name}: {problem}") from None
            remaining(deadline, "the rest of the body")
            data = decoder.unconsumed_tail
    if began and not decoder.eof:
        raise Broken(f"the {name} body ends early")


def _has_zlib_head(piece: bytes) -> bool:
    return piece[:1] == b"\x1f" or (piece[0] & 0x0F == 8 and len(piece) > 1 and (piece[0] << 8 | piece[1]) % 31 == 0)  # noqa: PLR2004 - RFC 1950


def _size(limit: int) -> str:
    return f"{limit // (1024 * 1024)} MiB" if limit >= 1024 * 1024 else f"{limit} bytes"

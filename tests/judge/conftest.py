"""Responses made by hand, without a server."""

import json

import pytest

from scim_conformance.client.exchange import Exchange, HeaderList
from scim_conformance.client.response import Response


@pytest.fixture
def answer():
    """Make the response to a request: `answer(204)`, `answer(200, {"id": "1"}, Location="/Users/1")`."""

    def make(status, body=None, *, method="GET", media_type="application/scim+json", **headers):
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        named = HeaderList((name.replace("_", "-"), value) for name, value in headers.items())
        if content and media_type:
            named.append(("Content-Type", media_type))
        exchange = Exchange(
            number=1,
            method=method,
            url="http://scim.test/Users/1",
            request_headers=HeaderList(),
            request_body=b"",
            status=status,
            response_headers=named,
            response_body=content,
        )
        return Response([exchange], content)

    return make

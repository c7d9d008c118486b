"""Ids that no URL can hold as they are."""

import re
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from scim_conformance.server.chaos import always, chaos
from scim_conformance.server.chaos.front import Moment

ODD = "a/b c%20d?e=f#"
"""What stands before each id: a slash, a blank, a percent sign, and what begins a query and a fragment."""
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@chaos(when=always)
def odd_ids(moment: Moment) -> bool:
    """Ids hold slashes, blanks, percent signs, question marks and hashes, all of which an id may hold."""
    parts = urlsplit(moment.target)
    request, coded = moment.request, quote(ODD, safe="")
    request.path = "/".join(unquote(segment).replace(ODD, "") for segment in parts.path.split("/"))
    request.query = [(name, value.replace(ODD, "")) for name, value in parse_qsl(parts.query, keep_blank_values=True)]
    request.body = request.body.replace(ODD.encode(), b"").replace(coded.encode(), b"")
    response = moment.response
    body = re.sub(rf'"({_UUID})"', rf'"{ODD}\1"', response.body.decode())
    response.body = re.sub(rf"/({_UUID})", rf"/{coded}\1", body).encode()
    for name in ("Location", "Content-Location"):
        place = response.headers.get(name)
        if place:
            response.headers.set(name, re.sub(rf"/({_UUID})", rf"/{coded}\1", place))
    response.headers.remove("Content-Length")
    return moment.plainly()

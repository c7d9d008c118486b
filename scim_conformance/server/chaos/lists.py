"""Lists that never end, or show the same again and again."""

import json
from typing import Any

from scim_conformance.server.chaos import chaos, listing
from scim_conformance.server.chaos.front import Moment
from scim_conformance.server.messages import Response


def changed(moment: Moment, **members: Any) -> Response | None:
    """Give the answer with other members in its list; None where it is no list with resources."""
    response = moment.response
    body = json.loads(response.body) if response.status == 200 and response.body else {}  # noqa: PLR2004 OK
    if not body.get("Resources"):
        return None
    return moment.document(200, json.dumps({**body, **members}).encode())


@chaos(when=listing)
def endless_lists(moment: Moment) -> bool:
    """Each page tells of a million further resources, and shows the first ones at any startIndex."""
    moment.request.query = [(name, value) for name, value in moment.request.query if name.lower() != "startindex"]
    return moment.plainly(changed(moment, totalResults=1_000_000))


@chaos(when=listing)
def endless_cursors(moment: Moment) -> bool:
    """Each page has a new nextCursor, which leads to the first page again."""
    moment.request.query = [(name, "" if name.lower() == "cursor" else value) for name, value in moment.request.query]
    return moment.plainly(changed(moment, nextCursor=f"page{moment.number}"))


@chaos(when=listing)
def repeated_pages(moment: Moment) -> bool:
    """Whatever startIndex or cursor asks for, the first page comes, and says that it is the page asked for."""
    asked = {name.lower(): value for name, value in moment.request.query}
    moment.request.query = [
        (name, value) for name, value in moment.request.query if name.lower() not in ("startindex", "cursor")
    ]
    start = asked.get("startindex", "")
    return moment.plainly(changed(moment, startIndex=int(start)) if start.isdecimal() else None)


@chaos(when=listing)
def lists_of_nothing(moment: Moment) -> bool:
    """The resources in a list are null, numbers and texts."""
    return moment.plainly(changed(moment, Resources=[None, 1, "user", []]))

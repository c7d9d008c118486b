"""Errors out of the blue, and requests to wait or to go elsewhere."""

from scim_conformance.server.chaos import always, chaos, deleting, reading
from scim_conformance.server.chaos.front import Moment
from scim_conformance.server.messages import Response

_ERROR = b'{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"%d"}'


def error(moment: Moment, status: int, **fields: str) -> Response:
    """Make an error."""
    return moment.document(
        status, _ERROR % status, {name.replace("_", "-").title(): text for name, text in fields.items()}
    )


@chaos(when=always)
def errors_at_random(moment: Moment) -> bool:
    """One request in five is answered 500, and nothing is done."""
    return moment.plainly(error(moment, 500) if moment.dice.random() < 1 / 5 else None)


@chaos(when=always)
def errors_after_the_deed(moment: Moment) -> bool:
    """One request in five is answered 500, although it was carried out."""
    _ = moment.response
    return moment.plainly(error(moment, 500) if moment.dice.random() < 1 / 5 else None)


@chaos(when=deleting)
def deletions_fail_at_first(moment: Moment) -> bool:
    """The first DELETE of each resource is answered 503, the second is carried out."""
    tried = moment.memory.setdefault("tried", set())
    first = moment.request.path not in tried
    tried.add(moment.request.path)
    return moment.plainly(error(moment, 503) if first else None)


@chaos(when=deleting)
def deletions_always_fail(moment: Moment) -> bool:
    """Every DELETE is answered 500, and nothing is deleted."""
    return moment.plainly(error(moment, 500))


@chaos(when=always)
def throttling(moment: Moment) -> bool:
    """Every second request is answered 429 with Retry-After: 0."""
    return moment.plainly(error(moment, 429, retry_after="0") if moment.number % 2 else None)


@chaos(when=always)
def throttling_without_a_time(moment: Moment) -> bool:
    """Every eighth request is answered 429 without Retry-After."""
    return moment.plainly(error(moment, 429) if moment.number % 8 == 0 else None)


@chaos(when=always)
def endless_throttling(moment: Moment) -> bool:
    """After ten requests each is answered 429, and to come again in an hour."""
    return moment.plainly(error(moment, 429, retry_after="3600") if moment.number > 10 else None)  # noqa: PLR2004 ten


@chaos(when=always)
def endless_throttling_without_a_time(moment: Moment) -> bool:
    """After ten requests each is answered 429 without Retry-After."""
    return moment.plainly(error(moment, 429) if moment.number > 10 else None)  # noqa: PLR2004 ten


@chaos(when=reading)
def endless_redirects(moment: Moment) -> bool:
    """A GET of a resource is redirected to another place, and from there to a further one."""
    path = moment.target.partition("?")[0]
    return moment.plainly(moment.document(307, b"", {"Location": f"{path}?again={moment.number}"}))


@chaos(when=reading)
def redirects_in_a_circle(moment: Moment) -> bool:
    """A GET of a resource is redirected to itself."""
    return moment.plainly(moment.document(302, b"", {"Location": moment.target}))


@chaos(when=reading)
def redirects_to_nowhere(moment: Moment) -> bool:
    """A GET of a resource is redirected to a port on which nobody listens."""
    return moment.plainly(moment.document(307, b"", {"Location": "http://127.0.0.1:9/scim/v2/Users/1"}))

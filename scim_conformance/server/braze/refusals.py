"""Refusals as Braze's SCIM API words them, each with the media type that is documented for it."""

from scim_conformance.server.errors import ScimError

JSON = "application/json"
TEXT_JSON = "text/json;charset=UTF-8"
HTML = "text/html"
UNPARSABLE = "Request is unparsable, syntactically incorrect, or violates schema."


class Refusal(ScimError):  # noqa: N818 - it is one
    """A refusal whose body goes out in a media type of its own."""

    def __init__(self, status: int, detail: str, media_type: str = JSON) -> None:
        super().__init__(status, None, detail)
        self.media_type = media_type


def bad_request(why: str = "") -> Refusal:
    """Refuse what cannot be understood; the documented sentence, and for a body what is wrong with it."""
    return Refusal(400, f"{UNPARSABLE} {why}".strip())


def resource_not_found() -> Refusal:
    """Answer GET of a user who is not there."""
    return Refusal(404, "Resource not found")


def user_not_found() -> Refusal:
    """Answer PUT and DELETE of a user who is not there: JSON that is said to be HTML, as documented."""
    return Refusal(404, "User not found", HTML)


def user_exists() -> Refusal:
    """Refuse a second user with one userName."""
    return Refusal(409, "User already exists in the database.", TEXT_JSON)


def failed_to_delete() -> Refusal:
    """Refuse to delete the last user of the company."""
    return Refusal(500, "Failed to delete user")

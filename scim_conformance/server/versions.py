"""Versions of resources: ETags and conditional requests (RFC 7644 section 3.14, RFC 7232)."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from scim_conformance.server.capabilities import Capabilities
from scim_conformance.server.errors import ScimError
from scim_conformance.server.messages import Request

_ONE = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
_TAG = re.compile(_ONE)
_TAGS = re.compile(rf"[ \t]*(?:{_ONE}[ \t]*)?(?:,[ \t]*(?:{_ONE}[ \t]*)?)*")


class Versions:
    """The rules of ETags; they are weak, because a derived attribute such as groups does not count.

    HTTP has If-Match compare strongly, which weak tags never pass; RFC 7644 section 3.14 shows If-Match with a weak
    tag that passes, and that is followed here.
    """

    def __init__(self, capabilities: Capabilities) -> None:
        self.capabilities = capabilities

    def version(self, resource: Mapping[str, Any]) -> str:
        """Make the version of a resource from what it holds, its time of change included."""
        content = {name: value for name, value in resource.items() if name != "meta"}
        text = json.dumps([content, resource["meta"]["lastModified"]], sort_keys=True)
        return self.tag(hashlib.sha256(text.encode()).hexdigest()[:16])

    def tag(self, opaque: str) -> str:
        """Write an entity tag."""
        return f'W/"{opaque}"'

    def headers(self, resource: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Give the header fields that tell a resource's version."""
        version = resource.get("meta", {}).get("version")
        return [("ETag", version)] if version and self.capabilities.etag else []

    def check_write(self, request: Request, resource: Mapping[str, Any]) -> None:
        """Refuse a change whose precondition is false; If-Match is looked at before If-None-Match."""
        if not self.capabilities.etag:
            return
        if not self.if_match(request, resource):
            raise self.precondition_failed("The resource has another version than If-Match says.")
        if not self.if_none_match(request, resource):
            raise self.precondition_failed("The resource has the version that If-None-Match rules out.")

    def is_not_modified(self, request: Request, resource: Mapping[str, Any]) -> bool:
        """Tell whether a read can be answered 304; a false If-Match on a read is a 412 all the same."""
        if not self.capabilities.etag:
            return False
        if not self.if_match(request, resource):
            raise self.precondition_failed("The resource has another version than If-Match says.")
        return not self.if_none_match(request, resource)

    def if_match(self, request: Request, resource: Mapping[str, Any]) -> bool:
        """Evaluate If-Match; without the header it is true."""
        tags = self.tags(request, "If-Match")
        return tags is None or self.any_matches(tags, resource)

    def if_none_match(self, request: Request, resource: Mapping[str, Any]) -> bool:
        """Evaluate If-None-Match; without the header it is true."""
        tags = self.tags(request, "If-None-Match")
        return tags is None or not self.any_matches(tags, resource)

    def tags(self, request: Request, header: str) -> list[str] | None:
        """Read the entity tags of a header, or the star; None without the header, none where it is no list of tags."""
        values = request.headers.get_all(header)
        if not values:
            return None
        text = ",".join(values)
        if text.strip(" \t") == "*":
            return ["*"]
        return _TAG.findall(text) if _TAGS.fullmatch(text) else []

    def any_matches(self, tags: list[str], resource: Mapping[str, Any]) -> bool:
        """Tell whether one of the tags, or the star, matches the resource."""
        version = resource["meta"]["version"]
        return "*" in tags or any(self.same(tag, version) for tag in tags)

    def same(self, one: str, other: str) -> bool:
        """Compare weakly: W/ does not count."""
        return one.removeprefix("W/") == other.removeprefix("W/")

    def precondition_failed(self, detail: str) -> ScimError:
        """Make the refusal 412."""
        return ScimError(412, None, detail)

"""Variants of versions: how tags are made and compared, where they are told, and how a false condition is refused."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from scim_conformance.server.errors import ScimError
from scim_conformance.server.messages import Headers, Request, Response
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.service import Service
from scim_conformance.server.store import Record
from scim_conformance.server.variants import after, around, swap, variant

Resource = Mapping[str, Any]


@variant()
def strong_etags(service: Service) -> None:
    """ETags are strong: they change with all that a resource shows, the groups of a user too (RFC 7232 section 2.1)."""
    view, nobody = service.membership.view, Request("GET", "/")

    def version(resource: Resource) -> str:
        kind = service.resource_types.get(resource["meta"]["resourceType"])
        shown = view(kind, resource, nobody) if kind else dict(resource)
        shown["meta"] = resource["meta"]["lastModified"]
        return f'"{hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:16]}"'

    def dated(resource: Resource) -> dict[str, Any]:
        return {**resource, "meta": {**resource["meta"], "version": version(resource)}}

    def existing(original: Callable[..., Record], kind: ResourceType, id_: str) -> Record:
        record = original(kind, id_)
        return replace(record, resource=dated(record.resource))

    swap(service.versions, "version", version)
    around(service.lifecycle, "existing", existing)
    around(
        service.membership,
        "view",
        lambda original, kind, resource, request: original(kind, dated(resource), request),
    )


@variant()
def versions_are_revision_numbers(service: Service) -> None:
    """The version of a resource is a number that grows with each change (RFC 7232 section 2.3.1)."""
    revisions: dict[str, int] = {}

    def version(resource: Resource) -> str:
        revisions[resource["id"]] = revisions.get(resource["id"], 0) + 1
        return service.versions.tag(str(revisions[resource["id"]]))

    swap(service.versions, "version", version)


@variant()
def versions_are_times_of_change(service: Service) -> None:
    """The version of a resource is the time at which it was changed (RFC 7232 section 2.3.1)."""
    swap(service.versions, "version", lambda resource: service.versions.tag(str(resource["meta"]["lastModified"])))


@variant()
def if_match_compares_strongly(service: Service) -> None:
    """If-Match compares as strict HTTP has it, so that a weak version never matches (A25)."""

    def if_match(request: Request, resource: Resource) -> bool:
        tags, version = service.versions.tags(request, "If-Match"), resource["meta"]["version"]
        return tags is None or "*" in tags or (version in tags and not version.startswith("W/"))

    swap(service.versions, "if_match", if_match)


@variant()
def outdated_versions_are_conflicts(service: Service) -> None:
    """A change of an outdated version is refused with 409, which Table 8 of RFC 7644 has as well (A26)."""
    swap(service.versions, "precondition_failed", lambda detail: ScimError(409, None, detail))


@variant()
def outdated_versions_are_428(service: Service) -> None:
    """A change of an outdated version is refused with 428, which earns no more than a warning (A26)."""
    swap(service.versions, "precondition_failed", lambda detail: ScimError(428, None, detail))


@variant()
def delete_is_unconditional(service: Service) -> None:
    """DELETE takes no notice of If-Match, which RFC 7644 section 3.14 names for PUT and PATCH alone (A25)."""

    def check(original: Callable[..., None], request: Request, resource: Resource) -> None:
        if request.method != "DELETE":
            original(request, resource)

    around(service.versions, "check_write", check)


@variant()
def put_answers_without_etag(service: Service) -> None:
    """The answer to PUT has no ETag, since the content is not stored as it came (RFC 9110 section 9.3.4, A24)."""
    after(service.answers, "replaced", _without_etag)


@variant()
def changes_answer_without_etag(service: Service) -> None:
    """The answers to POST, PUT and PATCH have no ETag, which earns no more than a warning (A24)."""
    for name in ("created", "replaced", "modified"):
        after(service.answers, name, _without_etag)


@variant()
def versions_in_meta_have_no_quotes(service: Service) -> None:
    """meta.version is written without W/ and quotes, unlike the ETag, which earns no more than a warning (A24)."""

    def show(shown: dict[str, Any]) -> dict[str, Any]:
        meta = shown.get("meta")
        if isinstance(meta, dict) and "version" in meta:
            shown["meta"] = {**meta, "version": meta["version"].removeprefix("W/").strip('"')}
        return shown

    after(service.projection, "show", show)


@variant()
def versions_are_not_in_meta(service: Service) -> None:
    """Versions are told by the ETag alone, which earns no more than a warning (A24)."""

    def show(shown: dict[str, Any]) -> dict[str, Any]:
        meta = shown.get("meta")
        if isinstance(meta, dict) and "version" in meta:
            shown["meta"] = {name: value for name, value in meta.items() if name != "version"}
        return shown

    after(service.projection, "show", show)


@variant()
def versions_are_not_advertised(service: Service) -> None:
    """ServiceProviderConfig says that versions are not supported; ETags are sent all the same (RFC 7643 section 5)."""
    after(service.discovery, "service_provider_config", lambda config: {**config, "etag": {"supported": False}})


@variant()
def conditions_of_partial_reads_are_ignored(service: Service) -> None:
    """If-None-Match does not count in a GET that asks for some attributes (A79)."""

    def not_modified(original: Callable[..., bool], request: Request, resource: Resource) -> bool:
        partial = request.parameter("attributes") or request.parameter("excludedAttributes")
        return not partial and original(request, resource)

    around(service.versions, "is_not_modified", not_modified)


@variant()
def unchanged_resources_have_a_date(service: Service) -> None:
    """An answer 304 has Date and Cache-Control beside its ETag, and the answer 200 has them too (RFC 7232 4.1)."""

    def dated(response: Response) -> Response:
        more = [("Cache-Control", "private, no-cache"), ("Date", "Sun, 06 Nov 1994 08:49:37 GMT")]
        response.headers = Headers([*response.headers, *more])
        return response

    for name in ("found", "not_modified"):
        after(service.answers, name, dated)


def _without_etag(response: Response) -> Response:
    response.headers.remove("ETag")
    return response

"""Asking a target what it supports, with a handful of harmless requests, whatever it answers.

Discovery is read however it comes; each thing wrong with it is one Defect, and then the run goes on with what can be
known: else with the RFC's own schemas, else with what a request that can find or change nothing shows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from scim_conformance.client.client import PATCH_OP, ScimClient
from scim_conformance.client.errors import BrokenAnswer, Throttled, Unreachable
from scim_conformance.client.features import FLAGS, Features, switched_off
from scim_conformance.client.recognition import Answer, is_scim, refusal, strangeness
from scim_conformance.client.response import NotJson
from scim_conformance.client.served import (
    ENTERPRISE,
    Defect,
    ResourceType,
    ServedSchema,
    core_resource_types,
    core_schemas,
    json_kind,
    member,
    parse_resource_type,
    parse_schema,
)

CONFIG: Final = "/ServiceProviderConfig"
TYPES: Final = "/ResourceTypes"
SCHEMAS: Final = "/Schemas"

_MOST_ELEMENTS: Final = 200
_MOST_PAGES: Final = 4
_MOST_SINGLE: Final = 3
_SILENT: Final = 2
"""Requests without any usable answer after which no more are made: each takes up to the timeout."""

_OK = range(200, 300)
_REFUSED = (401, 403)
_NOT_OFFERED = (405, 501)


def probe(client: ScimClient, overrides: Mapping[str, bool], hints: Mapping[str, bool]) -> Features:
    """Learn what a target supports.

    `overrides` is the operator's [features] table, `hints` what the operator knows besides. Never raises for what a
    target answers; Unreachable when it cannot be reached at all.
    """
    asking = _Probe(client)
    config = asking.config()
    types = asking.resource_types()
    schemas = asking.schemas(types)
    features = Features(config, tuple(types), schemas, hints=_hints(client, types, hints), overrides=dict(overrides))
    features = asking.fill_in(features)
    features = asking.judge(features)
    return _switched(replace(features, defects=tuple(asking.defects)))


@dataclass
class _Probe:
    client: ScimClient
    defects: list[Defect] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    # -- the three documents ---------------------------------------------------------------

    def config(self) -> Mapping[str, Any] | None:
        """Return ServiceProviderConfig, None when there is none to read."""
        answer = self._ask("GET", CONFIG)
        found = self._document(answer)
        if isinstance(found, list) and len(found) == 1:
            self._complain(answer, "is an array with one element, not an object")
            found = found[0]
        listed = member(found, "Resources")
        if isinstance(listed, list) and len(listed) == 1 and isinstance(listed[0], Mapping):
            self._complain(answer, "is a list response, not the one object")
            found = listed[0]
        if found is None:
            return None
        if not isinstance(found, Mapping):
            self._complain(answer, f"is {json_kind(found)}, not an object")
            return None
        if not any(member(found, flag) is not None for flag in (*FLAGS, "authenticationSchemes", "pagination")):
            self._complain(answer, "has none of the members of a ServiceProviderConfig")
            return None
        for flag in FLAGS:
            self._check_flag(answer, found, flag)
        return found

    def _check_flag(self, answer: Answer, config: Mapping[str, Any], flag: str) -> None:
        value = member(config, flag)
        supported = member(value, "supported")
        if value is None:
            self._complain(answer, f"has no {flag}")
        elif not isinstance(value, Mapping):
            self._complain(answer, f"has {json_kind(value)} for {flag}, not an object")
        elif not isinstance(supported, bool):
            self._complain(answer, f"has {json_kind(supported)} for {flag}.supported, not a boolean")

    def resource_types(self) -> list[ResourceType]:
        """Return the resource types served, or none."""
        answer = self._ask("GET", TYPES)
        found: dict[str, ResourceType] = {}
        for raw in self._elements(answer, "endpoint"):
            parsed = parse_resource_type(raw, self.client.base.below, lambda text: self._complain(answer, text))
            if parsed is not None:
                found.setdefault(parsed.name.lower(), parsed)
        return list(found.values())

    def schemas(self, types: list[ResourceType]) -> dict[str, ServedSchema]:
        """Return the schemas served by URN, the RFC's where those of the resource types are missing or broken."""
        answer = self._ask("GET", SCHEMAS)
        found: dict[str, ServedSchema] = {}
        for raw in self._elements(answer, "attributes"):
            parsed = parse_schema(raw, lambda text: self._complain(answer, text))
            if parsed is not None and parsed.id.lower() not in {urn.lower() for urn in found}:
                found[parsed.id] = parsed
        wanted = list(dict.fromkeys(urn for one in types for urn in (one.schema, *(urn for urn, _ in one.extensions))))
        missing = [urn for urn in wanted if urn.lower() not in {served.lower() for served in found}]
        for urn in missing[:_MOST_SINGLE] if found else []:
            single = self._ask("GET", f"{SCHEMAS}/{urn}")
            parsed = parse_schema(single.json, lambda _: None) if single.status in _OK else None
            if parsed is not None and parsed.id.lower() == urn.lower():
                found[parsed.id] = parsed
                self._complain(answer, f"lacks {urn}, which is served alone")
        for urn in missing:
            if found and urn.lower() not in {served.lower() for served in found}:
                core = any(urn.lower() == known.lower() for known in core_schemas())
                self._complain(
                    answer, f"lacks {urn}, which a resource type uses" + ("; the RFC's is assumed" if core else "")
                )
        return found

    # -- what discovery does not tell ------------------------------------------------------

    def fill_in(self, features: Features) -> Features:
        """Return the features with what had to be assumed or tried."""
        types = list(features.resource_types)
        if not types:
            types = self._assumed_types(features.schemas)
        schemas = _with_core(types, features.schemas)
        features = replace(features, resource_types=_spelled(types, schemas), schemas=_placed(types, schemas))
        if self._is_silent():
            return features
        tried: dict[str, tuple[bool, str]] = {}
        for flag, attempt in (("filter", self._try_filter), ("patch", self._try_patch)):
            if flag == "patch" and not self._has_scim():
                break  # no write to what may be anybody's web site
            if features.supports(flag) is None and flag not in features.overrides:
                tried[flag] = attempt(features)
        return replace(features, tried=tried)

    def _assumed_types(self, schemas: Mapping[str, ServedSchema]) -> list[ResourceType]:
        """Return User, and Group when a query for one that does not exist is answered, since no types are served."""
        user, group = core_resource_types()
        if schemas and not any(urn.lower() == ENTERPRISE.lower() for urn in schemas):
            user = replace(user, extensions=())
        if self._is_silent():
            return [user]
        answer = self._ask("GET", group.endpoint, params={"filter": f'displayName eq "{self.client.unknown_id()}"'})
        offered = answer.status in _OK or (answer.status in (400, 501) and is_scim(answer.json))
        return [user, group] if offered else [user]

    def _try_patch(self, features: Features) -> tuple[bool, str]:
        """Send one PATCH to a user that does not exist: refusing the method means that there is none."""
        operation = {"op": "replace", "path": "displayName", "value": "nobody"}
        path = f"{_user_endpoint(features)}/{self.client.unknown_id()}"
        answer = self._ask("PATCH", path, json={"schemas": [PATCH_OP], "Operations": [operation]})
        if answer.status in _NOT_OFFERED:
            return False, f"ServiceProviderConfig does not tell, and PATCH was answered {answer.status}."
        return (
            True,
            f"ServiceProviderConfig does not tell; PATCH was answered {answer.status or 'not at all'}.",
        )

    def _try_filter(self, features: Features) -> tuple[bool, str]:
        """Filter users by a name that nobody has: refusing it means that there are no filters."""
        answer = self._ask(
            "GET", _user_endpoint(features), params={"filter": f'userName eq "{self.client.unknown_id()}"'}
        )
        if answer.status in (400, 403, *_NOT_OFFERED):
            return False, f"ServiceProviderConfig does not tell, and a filter was answered {answer.status}."
        return True, f"ServiceProviderConfig does not tell; a filter was answered {answer.status or 'not at all'}."

    # -- is this a SCIM service that lets us in? -------------------------------------------

    def judge(self, features: Features) -> Features:
        """Return the features with a sentence when the target lets nobody in, or does not look like SCIM at all."""
        if not self._is_silent() and (self._is_refusing() or not self._has_scim()):
            self._ask("GET", _user_endpoint(features), params={"filter": f'userName eq "{self.client.unknown_id()}"'})
            last = self.answers[-1]
            if last.status in _REFUSED:
                return replace(features, refused=True, refusal=refusal(self.client, last))
        if all(answer.status in _REFUSED for answer in self.answers if answer.status) and any(
            a.status for a in self.answers
        ):
            return replace(features, refused=True, refusal=refusal(self.client, self.answers[-1]))
        if self._has_scim():
            return features
        return replace(features, looks_wrong=strangeness(self.client, self.answers))

    def _has_scim(self) -> bool:
        return any(is_scim(answer.json) for answer in self.answers)

    def _is_refusing(self) -> bool:
        return any(answer.status in _REFUSED for answer in self.answers)

    # -- asking ----------------------------------------------------------------------------

    def _ask(self, method: str, path: str, **request: Any) -> Answer:
        answer = Answer(path)
        before = self.client.count
        try:
            answer.response = self.client.request(method, path, resource=False, **request)
        except BrokenAnswer as problem:
            answer.broken = problem.reason
        except Throttled as problem:
            if not self.answers:
                raise Unreachable(str(problem)) from None
            answer.broken = str(problem)
        except Unreachable as problem:
            if not self.answers:
                raise
            answer.broken = str(problem)
        answer.number = max(self.client.count, before + 1)
        self.answers.append(answer)
        return answer

    def _is_silent(self) -> bool:
        return len(self.answers) >= _SILENT and all(answer.response is None for answer in self.answers)

    def _document(self, answer: Answer) -> Any:
        """Return the JSON of a document, None (and a defect) when there is none."""
        response = answer.response
        if response is None:
            self._complain(answer, f"gave no answer: {answer.broken}")
            return None
        if answer.status not in _OK:
            self._complain(answer, f"is answered {answer.status}")
            return None
        try:
            return response.json
        except NotJson as problem:
            self._complain(answer, problem.reason)
            return None

    def _elements(self, first: Answer, mark: str) -> list[Any]:
        """Return the elements of a list document, further pages included; `mark` is a member that an element has."""
        if self._is_silent() and first.response is None:
            self._complain(first, f"gave no answer: {first.broken}")
            return []
        document = self._document(first)
        found = self._listed(first, document, mark)
        total = member(document, "totalResults")
        for _ in range(_MOST_PAGES):
            if not isinstance(total, int) or isinstance(total, bool) or not 0 < len(found) < min(total, _MOST_ELEMENTS):
                break
            page = self._ask("GET", first.document, params={"startIndex": len(found) + 1})
            more = member(page.json, "Resources") if page.status in _OK else None
            fresh = [raw for raw in more if raw not in found] if isinstance(more, list) else []
            if not fresh:
                self._complain(first, f"says totalResults is {total}, but has {len(found)}")
                break
            found += fresh
        return found[:_MOST_ELEMENTS]

    def _listed(self, answer: Answer, document: Any, mark: str) -> list[Any]:
        if document is None:
            return []
        if isinstance(document, list):
            self._complain(answer, "is a bare array, not a list response")
            return document
        if not isinstance(document, Mapping):
            self._complain(answer, f"is {json_kind(document)}, not a list response")
            return []
        resources = member(document, "Resources")
        if isinstance(resources, list):
            return resources
        if member(document, mark) is not None:
            self._complain(answer, "is a single object, not a list response")
            return [document]
        if isinstance(resources, Mapping):
            self._complain(answer, "has an object for Resources, not an array")
            return [resources] if member(resources, mark) is not None else list(resources.values())
        if member(document, "totalResults") == 0:
            return []
        self._complain(answer, "is an object without Resources, not a list response")
        return []

    def _complain(self, answer: Answer, message: str) -> None:
        numbers = (answer.number,) if answer.number else ()
        defect = Defect(answer.document, self.client.redactor.text(message), numbers)
        if defect not in self.defects and len(self.defects) < _MOST_ELEMENTS:
            self.defects.append(defect)


def _user_endpoint(features: Features) -> str:
    user = features.resource_type("User")
    return user.endpoint if user else "/Users"


def _with_core(types: list[ResourceType], schemas: Mapping[str, ServedSchema]) -> dict[str, ServedSchema]:
    """Return the schemas with the RFC's own where a resource type uses one that is not served."""
    complete = dict(schemas)
    known = {urn.lower() for urn in complete}
    for urn in (urn for one in types for urn in (one.schema, *(urn for urn, _ in one.extensions))):
        core = next((schema for core_urn, schema in core_schemas().items() if core_urn.lower() == urn.lower()), None)
        if urn.lower() not in known and core is not None:
            complete[core.id] = core
            known.add(urn.lower())
    return complete


def _spelled(types: list[ResourceType], schemas: Mapping[str, ServedSchema]) -> tuple[ResourceType, ...]:
    """Return the resource types with their URNs in the letter case in which the schemas have them."""
    spelling = {urn.lower(): urn for urn in schemas}

    def spelled(urn: str) -> str:
        return spelling.get(urn.lower(), urn)

    return tuple(
        replace(
            one,
            schema=spelled(one.schema),
            extensions=tuple((spelled(urn), required) for urn, required in one.extensions),
        )
        for one in types
    )


def _placed(types: list[ResourceType], schemas: Mapping[str, ServedSchema]) -> dict[str, ServedSchema]:
    """Return the schemas with attribute paths as an extension or a base schema has them."""
    bases = {one.schema.lower() for one in types}
    extensions = {urn.lower() for one in types for urn, _ in one.extensions}
    return {
        urn: schema.as_extension(
            extension=urn.lower() not in bases and (urn.lower() in extensions or ":extension:" in urn.lower())
        )
        for urn, schema in schemas.items()
    }


def _switched(features: Features) -> Features:
    """Return the features without the resource types and the extension that the operator switched off."""
    types = [one for one in features.resource_types if not switched_off(features.overrides, f"resource:{one.name}")]
    if switched_off(features.overrides, "schemaExtensions"):
        types = [replace(one, extensions=()) for one in types]
    elif switched_off(features.overrides, "extension:enterprise"):
        types = [
            replace(one, extensions=tuple(pair for pair in one.extensions if pair[0].lower() != ENTERPRISE.lower()))
            for one in types
        ]
    return replace(features, resource_types=tuple(types))


def _hints(client: ScimClient, types: list[ResourceType], hints: Mapping[str, bool]) -> dict[str, bool]:
    """Return the operator's hints with those that can be seen: the base URL's version, resource types of its own."""
    seen = {}
    if re.search(r"/v\d+$", client.base.path):
        seen["versioned-base"] = True
    if any(one.name.lower() not in ("user", "group") for one in types):
        seen["custom-resource-types"] = True
    return {**seen, **hints}

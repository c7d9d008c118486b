"""References, RFC 7643 sections 2.3.7 and 2.4: the URIs of resources, and what they lead to."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from scim_conformance.judge import Blocked, Violation, expect, note, warn
from scim_conformance.judge.expect import member_of
from scim_conformance.judge.values import kinds_of, refers, seen

_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_VERSION = re.compile(r"/v\d+$", re.IGNORECASE)


@dataclass(frozen=True)
class Link:
    """A URI that a target gave, and where it stood."""

    where: str
    uri: str

    @property
    def last(self) -> str:
        """What the path of the URI ends in, which is the id of a resource."""
        return unquote(urlsplit(self.uri).path.rstrip("/").rpartition("/")[2])

    @property
    def is_relative(self) -> bool:
        """Whether the URI has no scheme."""
        return not urlsplit(self.uri).scheme

    def __str__(self) -> str:
        return f"{self.where} = {self.uri}"


@pytest.fixture(scope="session")
def links(specimens, features, scim, scim_session):
    """The URIs by which resources of each type, and those they refer to, name themselves and others."""
    found: list[Link] = []
    for resource_type in features.resource_types:
        specimen = specimens.of(resource_type)
        try:
            shown = [specimen.created.shown]
        except Blocked:
            continue
        if resource_type.name == "User":
            # By now, perhaps, a member of a group.
            response = scim.read(("User", scim_session.baseline.shared("User")["id"]))
            shown += [response.json] if response.is_json and isinstance(response.json, dict) else []
        found += [link for resource in shown for link in links_in(resource, specimen)]
    return list(dict.fromkeys(found))


def links_in(resource: dict[str, Any], specimen: Any) -> list[Link]:
    """Give the URIs of SCIM resources in a resource."""
    found = []
    location = member_of(resource, "meta.location")
    if isinstance(location, str):
        found.append(Link(f"meta.location of a {specimen.resource_type.name}", location))
    for each in seen(resource, specimen.all):
        if each.attribute.type != "reference" or not kinds_of(each.attribute) or not isinstance(each.value, str):
            continue
        found.append(Link(each.attribute.path, each.value))
    return found


@pytest.fixture
def needed(links):
    """The URIs of SCIM resources; the check does not apply where the target gives none."""
    if not links:
        pytest.skip("unsupported: the target gives no URI of a resource")
    return links


@pytest.fixture
def follow(scim, once):
    """GET what a URI leads to, once a run each; None where it leads to another host."""

    def get(link: Link) -> Any:
        url = canonical(urljoin(scim.base.url + "/", link.uri))
        return once(("reference", url), lambda: scim.get(url)) if scim.base.has(url) else None

    return get


@pytest.mark.requirement("RFC7643-2.3.7-02")
def test_uris_of_discovery_are_uris(features, needed, blame):
    """The locations of resources, and the URIs in ServiceProviderConfig, are absolute or relative URIs."""
    config = features.service_provider_config or {}
    schemes = member_of(config, "authenticationSchemes")
    uris = {"documentationUri": member_of(config, "documentationUri")}
    for number, scheme in enumerate(schemes if isinstance(schemes, list) else []):
        for name in ("specUri", "documentationUri"):
            uris[f"authenticationSchemes[{number}].{name}"] = (
                member_of(scheme, name) if isinstance(scheme, dict) else ""
            )
    uris |= {link.where: link.uri for link in needed}
    blank = re.compile(r"[\x00-\x20<>\"{}|\\^`]|%(?![0-9A-Fa-f]{2})")
    wrong = [
        f"{name} = {uri!r}" for name, uri in uris.items() if uri and (not isinstance(uri, str) or blank.search(uri))
    ]
    blame(wrong, "A URI is none.", expected="characters of RFC 3986, all others escaped")


@pytest.mark.requirement("RFC7643-2.3.7-05")
def test_references_to_resources_are_http_addresses(scim, needed, blame):
    """A URI of a SCIM resource is an http or https URL, or resolves to one."""
    wrong = [
        link for link in needed if urlsplit(urljoin(scim.base.url + "/", link.uri)).scheme not in ("http", "https")
    ]
    blame(wrong, "A resource is referred to by what is no HTTP URL.", expected="an http or https URL")


@pytest.mark.requirement("RFC7643-2.3.7-04")
def test_relative_references_start_at_the_service_root(needed, follow):
    """A relative reference to a resource, resolved against the base URL, leads to that resource."""
    relative = [link for link in needed if link.is_relative]
    if not relative:
        pytest.skip("unsupported: all references of the target are absolute")
    for link in relative:
        response = follow(link)
        if response is None:
            raise Violation(
                f"{link.where}, resolved against the base URL, lies elsewhere.",
                expected=["a reference relative to the base URL, such as Users/2819c223"],
                actual=link.uri,
            )
        judge(link, response, "against the base URL")


@pytest.mark.requirement("RFC7643-2.3.7-06")
def test_references_lead_to_their_resources(needed, follow):
    """A GET of an absolute reference shows the resource that it is of."""
    absolute = [link for link in needed if not link.is_relative and urlsplit(link.uri).scheme in ("http", "https")]
    if not absolute:
        pytest.skip("unsupported: all references of the target are relative")
    for link in absolute:
        response = follow(link)
        if response is None:
            warn("A reference names another host.", expected=["the host of the base URL"], actual=str(link))
        else:
            judge(link, response, "as it is")


def judge(link: Link, response: Any, how: str) -> None:
    """Expect of a GET of a reference that it shows the resource with the id that the reference ends in."""
    shown = response.json if response.is_json and isinstance(response.json, dict) else {}
    if response.status in (401, 403):
        note(f"{link.where} leads to what the client may not read.")
    elif response.status != 200 or shown.get("id") != link.last:
        raise Violation(
            f"{link.where}, resolved {how}, does not lead to its resource.",
            expected=[f"status 200 and the resource {link.last}"],
            actual=f"GET {link.uri}: status {response.status}, id {shown.get('id')!r}",
        )


@pytest.mark.requirement("RFC7643-2.4-06")
def test_references_are_canonical(needed, blame):
    """A reference has its scheme and host in lower case, no dot segments, and no escape that is not needed."""
    blame(
        [link for link in needed if canonical(link.uri) != link.uri],
        "A reference is not canonical.",
        expected="RFC 3986",
    )


def canonical(uri: str) -> str:
    """Give a URI in the form of RFC 3986 section 6.2.2."""
    scheme, colon, rest = uri.partition("://")
    host, slash, path = rest.partition("/") if colon else ("", "", uri)
    path = _ESCAPE.sub(
        lambda m: unquote(m[0]) if re.fullmatch(r"[A-Za-z0-9\-._~]", unquote(m[0])) else m[0].upper(), path
    )
    segments = path.split("/")
    path = "/".join(each for each in segments if each not in (".", ".."))
    return f"{scheme.lower()}://{host.lower()}{slash}{path}" if colon else path


@pytest.mark.requirement("RFC7643-2.4-02")
def test_value_is_the_id_of_what_is_referred_to(specimen, blame):
    """An element that refers to a resource has its id for a value, as it was sent, and its URI for $ref."""
    step, wrong, count = specimen.created, [], 0
    for path, sent in step.sent.items():
        attribute = specimen.by_path[path]
        if attribute.type != "complex" or not refers(attribute) or path in step.refused:
            continue
        wanted = {each.get("value") for each in (sent if isinstance(sent, list) else [sent])}
        for each in seen(step.shown, [attribute]):
            if each.attribute is attribute and isinstance(each.value, dict):
                count += 1
                wrong += problems(path, each.value, wanted)
    if not count:
        pytest.skip(f"unsupported: no element of a {specimen.resource_type.name} refers to a resource")
    blame(wrong, "An element does not say what it refers to.", expected="the id as value, and the URI of it as $ref")


def problems(path: str, element: dict[str, Any], wanted: set[Any]) -> list[str]:
    """Tell what is wrong with an element that refers to one of the resources with the wanted ids."""
    value, ref = member_of(element, "value"), member_of(element, "$ref")
    if value not in wanted:
        return [f"{path}.value = {value!r}"]
    if not isinstance(ref, str) or urlsplit(ref).scheme not in ("", "http", "https"):
        return []
    last = Link(path, ref).last
    return [f"{path}.$ref = {ref!r} beside the value {value!r}"] if last != value else []


# -- groups of this check's own -------------------------------------------------------------


@pytest.fixture
def group_specimen(specimens, features):
    """The specimen of groups, whose second group has members; the check does not apply where it keeps none."""
    if features.resource_type("Group") is None:
        pytest.skip("unsupported: the resource type Group is not served")
    specimen = specimens.of(features.resource_type("Group"))
    if "members" not in specimen.stored():
        pytest.skip("unsupported: the target does not keep the members of a group")
    return specimen


@pytest.mark.requirement("RFC7643-2.4-07")
@pytest.mark.usefixtures("patches")
def test_the_version_in_a_uri_makes_no_other_resource(scim, group_specimen, read):
    """A member given by a $ref without the version segment of the base URL is the one that is there already."""
    bare = _VERSION.sub("", scim.base.url)
    if bare == scim.base.url:
        pytest.skip("unsupported: the base URL does not end in a version segment")
    before = [each for each in read(group_specimen.second).get("members") or [] if isinstance(each, dict)]
    if not before or not isinstance(before[0].get("value"), str):
        raise Blocked("the group shows no member with a value")
    id_ = before[0]["value"]
    member = {"value": id_, "$ref": bare + scim.location(("User", id_))}
    response = scim.modify(group_specimen.second, {"op": "add", "path": "members", "value": [member]})
    expect(response).success()
    ids = [each.get("value") for each in read(group_specimen.second).get("members") or []]
    expect(response).where(
        ids.count(id_) == 1 and len(ids) == len(before), expected="the same members as before", actual=f"members {ids}"
    )


@pytest.mark.requirement("RFC7643-2.3.7-07")
@pytest.mark.usefixtures("patches")
def test_references_to_nothing(scim, group_specimen, unknown_id):
    """A member that does not exist is refused, or taken in."""
    operation = {"op": "add", "path": "members", "value": [{"value": unknown_id}]}
    response = scim.modify(group_specimen.second, operation)
    expect(response).where(response.status < 500, expected="a 2xx status, or a refusal")
    note(f"A member that does not exist is {'accepted' if response.status < 300 else 'refused'}: {response.status}.")

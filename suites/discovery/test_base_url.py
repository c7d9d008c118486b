"""The base URL: no query string, any path prefix, and its version segment, RFC 7644 sections 1.3 and 3.13."""

import re
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from scim_conformance.judge import Blocked, Violation, expect, note, warn
from scim_conformance.judge.expect import member_of

VERSION = re.compile(r"v\d+(\.\d+)?", re.IGNORECASE)


@pytest.mark.requirement("RFC7644-1.3-01")
def test_discovery_locations_have_no_query(locations, reject):
    """The locations and endpoints that discovery tells have no query string."""
    offending = [f"{what}: {url}" for what, url in locations.items() if "?" in url]
    reject(offending, "A location has a query string.", expected="a URL without question mark")


@pytest.mark.requirement("RFC7644-1.3-01")
def test_resource_locations_have_no_query(shared_resource, reject):
    """meta.location of a resource has no query string."""
    location = _location(shared_resource)
    reject(
        [location] if "?" in location else [], "A location has a query string.", expected="a URL without question mark"
    )


@pytest.mark.requirement("RFC7644-1.3-04")
def test_locations_keep_the_prefix(scim, shared_resource):
    """meta.location of a resource keeps the path of the base URL."""
    told = _location(shared_resource)
    location = urljoin(f"{scim.base.url}/", told)
    if unquote(urlsplit(location).path).startswith(f"{unquote(scim.base.path)}/"):
        return
    wanted = [f"a URL below {scim.base.url}/"]
    if not scim.base.has(location):
        warn("A location is below another base URL than the one used.", expected=wanted, actual=told)
        return
    answer = scim.get(location)
    same = answer.status == 200 and answer.is_json and member_of(answer.body, "id") == shared_resource["id"]
    if not same:
        raise Violation("A location lost the path of the base URL, and leads nowhere.", expected=wanted, actual=told)
    note(f"the target is reached by another path too: {urlsplit(location).path}")


def _location(resource) -> str:
    location = member_of(resource, "meta.location")
    if not isinstance(location, str) or not location:
        raise Blocked("the resource does not tell its location")
    return location


# -- the version ----------------------------------------------------------------------------


@pytest.mark.requirement("RFC7644-3.13-02")
def test_version_stands_before_the_endpoint(locations, reject):
    """A version segment in a location stands right before the endpoint."""
    offending = []
    for what, url in locations.items():
        segments = [segment for segment in unquote(urlsplit(url).path).split("/") if segment]
        places = [n for n, segment in enumerate(segments) if VERSION.fullmatch(segment)]
        endpoint = re.search(r"/(ServiceProviderConfig|ResourceTypes|Schemas)\b", what)
        if not places or not endpoint or endpoint[1] not in segments:
            continue
        if segments.index(endpoint[1]) != places[-1] + 1:
            offending.append(f"{what}: {url}")
    reject(offending, "The version does not stand before the endpoint.", expected="a path like /scim/v2/Schemas/...")


@pytest.mark.requirement("RFC7644-3.13-03")
def test_other_version_is_refused(scim, features):
    """A request for a version that does not exist is refused, or the target does not know the address."""
    answer = scim.get(_at_version(scim, features, "v9"), params={"count": 1})
    expect(answer).refused(400, 404)


@pytest.mark.requirement("RFC7644-3.13-04")
def test_latest_version_is_served_without_one(scim, features):
    """Without a version segment, where that is served at all, the latest version answers."""
    answer = scim.get(_at_version(scim, features, ""), params={"count": 1})
    body = answer.json if answer.is_json else None
    if answer.status != 200 or not isinstance(body, dict):
        note(f"nothing is served without a version segment: GET answered {answer.status}")
        return
    named = member_of(body, "schemas")
    old = (
        [uri for uri in named if str(uri).lower().startswith("urn:scim:schemas:core:1")]
        if isinstance(named, list)
        else []
    )
    expect(answer).where(not old, expected="an answer of the latest version, whose schemas are of version 2.0")


def _at_version(scim, features, version) -> str:
    """Return the URL of a resource type's endpoint with another version segment, or none."""
    kept, _, last = scim.base.path.rpartition("/")
    kind = next(iter(features.resource_types), None)
    if not VERSION.fullmatch(last) or kind is None:
        raise Blocked("the base URL does not end in a version segment")
    return f"{scim.base.root}{kept}{f'/{version}' if version else ''}{kind.endpoint}"

"""What a target says it supports: ServiceProviderConfig, RFC 7643 section 5 and RFC 9865 section 4."""

import re

import pytest

from scim_conformance.judge import Blocked, Violation, expect, note, warn
from scim_conformance.judge.expect import member_of
from scim_conformance.judge.resources import naming_attribute

CONFIG = "/ServiceProviderConfig"
SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
AUTHENTICATION_TYPES = ("oauth", "oauth2", "oauthbearertoken", "httpbasic", "httpdigest")
NOT_IMPLEMENTED = (404, 405, 501)


@pytest.mark.requirement("RFC7644-4-02", "RFC7643-5-01")
def test_document_is_one_object_of_its_schema(documents):
    """/ServiceProviderConfig answers with one JSON object that names the ServiceProviderConfig schema."""
    answer = documents.readable(CONFIG)
    judged = expect(answer).where(isinstance(answer.json, dict), expected="one JSON object")
    named = member_of(answer.json, "schemas")
    judged.where(isinstance(named, list) and SCHEMA in named, expected=f'"schemas": ["{SCHEMA}"]')


@pytest.mark.requirement("RFC7643-5-20")
def test_document_is_readable_without_credentials(scim, service_provider_config, operator):
    """/ServiceProviderConfig tells the ways of authenticating to those who have no credentials yet."""
    answer = scim.get(CONFIG, credentials=None)
    if 400 <= answer.status < 500 and operator.hints.get("public-discovery") is False:
        # Whoever set the target up has decided that nothing is read without credentials.
        note(f"the ServiceProviderConfig is not public: GET without credentials answered {answer.status}")
        return
    judged = expect(answer).status(200)
    if member_of(service_provider_config, "authenticationSchemes"):
        told = "authenticationschemes" in answer.text.lower()
        judged.where(told, expected="authenticationSchemes, as with credentials")


# -- features -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "feature",
    [
        pytest.param("patch", marks=pytest.mark.requirement("RFC7643-5-05")),
        pytest.param("bulk", marks=pytest.mark.requirement("RFC7643-5-07")),
        pytest.param("filter", marks=pytest.mark.requirement("RFC7643-5-11")),
        pytest.param("changePassword", marks=pytest.mark.requirement("RFC7643-5-14")),
        pytest.param("sort", marks=pytest.mark.requirement("RFC7643-5-16")),
        pytest.param("etag", marks=pytest.mark.requirement("RFC7643-5-18")),
    ],
)
def test_feature_is_an_object(service_provider_config, feature):
    """ServiceProviderConfig has patch, bulk, filter, changePassword, sort and etag, each an object."""
    found = member_of(service_provider_config, feature)
    if not isinstance(found, dict):
        raise Violation(
            f"ServiceProviderConfig has no usable {feature}.",
            expected=[f'"{feature}": {{"supported": ...}}'],
            actual=_shown(feature, found),
        )


@pytest.mark.parametrize(
    "feature",
    [
        pytest.param("patch", marks=pytest.mark.requirement("RFC7643-5-06")),
        pytest.param("bulk", marks=pytest.mark.requirement("RFC7643-5-08")),
        pytest.param("filter", marks=pytest.mark.requirement("RFC7643-5-12")),
        pytest.param("changePassword", marks=pytest.mark.requirement("RFC7643-5-15")),
        pytest.param("sort", marks=pytest.mark.requirement("RFC7643-5-17")),
        pytest.param("etag", marks=pytest.mark.requirement("RFC7643-5-19")),
    ],
)
def test_supported_is_a_boolean(service_provider_config, feature):
    """patch, bulk, filter, changePassword, sort and etag each say whether they are supported, by true or false."""
    found = member_of(_object(service_provider_config, feature), "supported")
    if not isinstance(found, bool):
        raise Violation(
            f"ServiceProviderConfig does not say by true or false whether {feature} is supported.",
            expected=[f'"{feature}": {{"supported": true}}', f'"{feature}": {{"supported": false}}'],
            actual=_shown(f"{feature}.supported", found),
        )


@pytest.mark.parametrize(
    ("feature", "limit"),
    [
        pytest.param("bulk", "maxOperations", marks=pytest.mark.requirement("RFC7643-5-09")),
        pytest.param("bulk", "maxPayloadSize", marks=pytest.mark.requirement("RFC7643-5-10")),
        pytest.param("filter", "maxResults", marks=pytest.mark.requirement("RFC7643-5-13")),
    ],
)
def test_limit_is_an_integer(service_provider_config, feature, limit):
    """bulk.maxOperations, bulk.maxPayloadSize and filter.maxResults are there, as integers."""
    found = member_of(_object(service_provider_config, feature), limit)
    if not isinstance(found, int) or isinstance(found, bool):
        raise Violation(
            f"ServiceProviderConfig has no usable {feature}.{limit}.",
            expected=[f"{feature}.{limit} as an integer"],
            actual=_shown(f"{feature}.{limit}", found),
        )


def _object(config, feature):
    found = member_of(config, feature)
    if not isinstance(found, dict):
        raise Blocked(f"ServiceProviderConfig has no usable {feature}")
    return found


def _flag(config, feature) -> bool:
    found = member_of(_object(config, feature), "supported")
    if not isinstance(found, bool):
        raise Blocked(f"ServiceProviderConfig does not say by true or false whether {feature} is supported")
    return found


def _shown(name, value) -> str:
    return f"no {name}" if value is None else f"{name} = {value!r}"


# -- claims and behaviour -------------------------------------------------------------------


@pytest.mark.requirement("RFC7643-5-06")
def test_patch_is_supported_as_told(scim, service_provider_config, user):
    """PATCH is implemented where patch.supported is true."""
    told = _flag(service_provider_config, "patch")
    operation = {"op": "replace", "path": "displayName", "value": f"Patched {scim.run_id}"}
    answer = scim.modify(user, operation)
    if told:
        expect(answer).where(
            answer.status not in NOT_IMPLEMENTED, expected="PATCH to be implemented, as patch.supported = true says"
        )
    elif answer.is_success:
        warn(
            f"PATCH works, though patch.supported is false: it answered {answer.status}.",
            expected=["status 501 Not Implemented", "patch.supported = true"],
            actual=f"status {answer.status}",
        )


@pytest.mark.requirement("RFC7643-5-12")
def test_filter_is_supported_as_told(scim, service_provider_config, features, shared_user):
    """A filter decides what is listed where filter.supported is true."""
    told = _flag(service_provider_config, "filter")
    kind = features.resource_type("User")
    name = naming_attribute(kind)
    nobody = f"nobody-{scim.unknown_id()}"
    answer = scim.query(kind, f'{name} eq "{nobody}"', count=1)
    found = member_of(answer.json, "Resources") if answer.is_json and isinstance(answer.json, dict) else None
    if told:
        expect(answer).status(200).where(
            not found, expected=f"no resource, as none is called {nobody} and filter.supported is true"
        )
    elif answer.status == 200 and not found and shared_user:
        warn(
            "Filters work, though filter.supported is false.",
            expected=["a refusal with status 400, 403 or 501", "filter.supported = true"],
            actual=f"status {answer.status}, nothing listed",
        )


# -- authentication -------------------------------------------------------------------------


@pytest.mark.requirement("RFC7643-5-21")
def test_authentication_schemes_are_an_array(service_provider_config):
    """The member authenticationSchemes is an array of objects, one for each way of authenticating."""
    found = member_of(service_provider_config, "authenticationSchemes")
    if not isinstance(found, list) or not all(isinstance(scheme, dict) for scheme in found):
        raise Violation(
            "ServiceProviderConfig has no usable authenticationSchemes.",
            expected=["authenticationSchemes as an array of objects"],
            actual=_shown("authenticationSchemes", found),
        )
    if not found:
        warn(
            "authenticationSchemes is empty.",
            expected=["one way of authenticating at least"],
            actual="authenticationSchemes = []",
        )


@pytest.mark.parametrize(
    "member",
    [
        pytest.param("type", marks=pytest.mark.requirement("RFC7643-5-22")),
        pytest.param("name", marks=pytest.mark.requirement("RFC7643-5-23")),
        pytest.param("description", marks=pytest.mark.requirement("RFC7643-5-24")),
    ],
)
def test_authentication_scheme_is_described(service_provider_config, member, reject):
    """Each of authenticationSchemes has a type, a name and a description."""
    schemes = _schemes(service_provider_config)
    offending = [
        f"scheme {number}: {_shown(member, value)}"
        for number, value in enumerate((member_of(scheme, member) for scheme in schemes), 1)
        if not isinstance(value, str) or not value.strip()
    ]
    reject(offending, f"An authentication scheme has no {member}.", expected=f"{member} as a text")
    if member == "type":
        unknown = sorted({member_of(s, "type") for s in schemes} - set(AUTHENTICATION_TYPES))
        if unknown:
            warn(
                "An authentication scheme is of a type that RFC 7643 does not define.",
                expected=[f"one of {', '.join(AUTHENTICATION_TYPES)}"],
                actual=", ".join(unknown),
            )


@pytest.mark.parametrize(
    "member",
    [
        pytest.param("documentationUri", marks=pytest.mark.requirement("RFC7643-5-04")),
        pytest.param("specUri", marks=pytest.mark.requirement("RFC7643-5-25")),
        pytest.param("authenticationSchemes.documentationUri", marks=pytest.mark.requirement("RFC7643-5-26")),
    ],
)
def test_documentation_is_at_an_http_url(service_provider_config, member, reject):
    """documentationUri, and the documentationUri and specUri of an authentication scheme, are HTTP URLs where given."""
    holders = [service_provider_config] if member == "documentationUri" else _schemes(service_provider_config)
    values = [member_of(holder, member.rpartition(".")[2]) for holder in holders]
    offending = [f"{value!r}" for value in values if value not in (None, "") and not _is_http(value)]
    reject(offending, f"{member} is no HTTP URL.", expected="an absolute URL with http or https")


def _schemes(config):
    found = member_of(config, "authenticationSchemes")
    if not isinstance(found, list) or not all(isinstance(scheme, dict) for scheme in found):
        raise Blocked("ServiceProviderConfig has no usable authenticationSchemes")
    return found


def _is_http(value) -> bool:
    return isinstance(value, str) and re.match(r"https?://[^\s/]+", value, re.IGNORECASE) is not None


# -- meta -----------------------------------------------------------------------------------


@pytest.mark.requirement("RFC7643-8.5-01")
def test_meta_is_its_own(service_provider_config, path_of, reject):
    """The meta of ServiceProviderConfig, where given, names its own resource type and endpoint."""
    kind, location = (member_of(service_provider_config, f"meta.{name}") for name in ("resourceType", "location"))
    offending = []
    if kind not in (None, "ServiceProviderConfig"):
        offending.append(f"meta.resourceType = {kind!r}")
    if location is not None and not (isinstance(location, str) and path_of(location).endswith(CONFIG)):
        offending.append(f"meta.location = {location!r}")
    reject(
        offending,
        "The meta of ServiceProviderConfig tells of something else.",
        expected=['meta.resourceType = "ServiceProviderConfig"', f"meta.location ending in {CONFIG}"],
    )


# -- pagination (RFC 9865 section 4) --------------------------------------------------------


@pytest.mark.requirement("RFC9865-4-03")
def test_pagination_says_whether_there_are_cursors(service_provider_config):
    """Where ServiceProviderConfig has pagination, it is an object whose cursor is true or false."""
    found = member_of(service_provider_config, "pagination")
    if not isinstance(found, dict) or not isinstance(member_of(found, "cursor"), bool):
        raise Violation(
            "pagination does not say whether cursors are supported.",
            expected=["pagination.cursor = true", "pagination.cursor = false"],
            actual=_shown("pagination", found),
        )


@pytest.mark.requirement("RFC9865-4-04")
def test_pagination_says_whether_there_are_indexes(service_provider_config):
    """Where ServiceProviderConfig has pagination, its index is true or false."""
    found = member_of(_object(service_provider_config, "pagination"), "index")
    if not isinstance(found, bool):
        raise Violation(
            "pagination does not say whether paging by index is supported.",
            expected=["pagination.index = true", "pagination.index = false"],
            actual=_shown("pagination.index", found),
        )


@pytest.mark.requirement("RFC9865-4-05")
def test_default_pagination_method_is_supported(service_provider_config):
    """pagination.defaultPaginationMethod, where given, is cursor or index, and one that is supported."""
    pagination = _object(service_provider_config, "pagination")
    method = member_of(pagination, "defaultPaginationMethod")
    if method is None:
        return
    if method not in ("cursor", "index") or member_of(pagination, str(method)) is False:
        raise Violation(
            "pagination.defaultPaginationMethod is no method that is supported.",
            expected=["cursor or index, whichever is supported"],
            actual=f"{method!r}, with {_shown(str(method), member_of(pagination, str(method)))}",
        )


@pytest.mark.parametrize(
    "limit",
    [
        pytest.param("defaultPageSize", marks=pytest.mark.requirement("RFC9865-4-06")),
        pytest.param("maxPageSize", marks=pytest.mark.requirement("RFC9865-4-07")),
        pytest.param("cursorTimeout", marks=pytest.mark.requirement("RFC9865-4-08")),
    ],
)
def test_pagination_limit_is_a_positive_integer(service_provider_config, limit):
    """pagination.defaultPageSize, maxPageSize and cursorTimeout, where given, are positive integers."""
    value = member_of(_object(service_provider_config, "pagination"), limit)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 1):
        raise Violation(
            f"pagination.{limit} is no positive integer.",
            expected=["a positive integer, or no such member"],
            actual=f"{value!r}",
        )

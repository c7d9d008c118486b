"""Filters that a service provider refuses, RFC 7644 sections 3.4.2.2, 3.12 and 7.5.2."""

import pytest

from scim_conformance.judge import Violation, expect, note, warn

pytestmark = pytest.mark.usefixtures("filtering")

REFUSAL = ("invalidFilter", "invalidSyntax")
"""The scimType of Table 9 for filters, and the one for messages, which some give."""

unordered = pytest.mark.parametrize(
    ("path", "value"), [("active", "true"), ("x509Certificates.value", '"QUJD"')], ids=["boolean", "binary"]
)


@pytest.fixture
def disorder(features, scim_session, scim):
    """Send a comparison of what has no order, which is to be refused; does not apply where users have no such thing."""
    kind = scim_session.baseline.resource_type("User")
    served = {attribute.path.lower(): attribute.type for attribute in features.attributes(kind)}

    def send(path, operator, value):
        if served.get(path.lower()) not in ("boolean", "binary"):
            pytest.skip(f"unsupported: users have no {path} that is a boolean or a binary")
        response = scim.query(kind, f"{path} {operator} {value}", count=1)
        expect(response).refused(400, scim_type="invalidFilter")

    return send


@pytest.mark.requirement("RFC7644-3.4.2.2-17")
@unordered
def test_gt_needs_an_order(disorder, path, value):
    """A gt filter on a boolean or binary attribute is refused with 400 invalidFilter."""
    disorder(path, "gt", value)


@pytest.mark.requirement("RFC7644-3.4.2.2-19")
@unordered
def test_ge_needs_an_order(disorder, path, value):
    """A ge filter on a boolean or binary attribute is refused with 400 invalidFilter."""
    disorder(path, "ge", value)


@pytest.mark.requirement("RFC7644-3.4.2.2-21")
@unordered
def test_lt_needs_an_order(disorder, path, value):
    """An lt filter on a boolean or binary attribute is refused with 400 invalidFilter."""
    disorder(path, "lt", value)


@pytest.mark.requirement("RFC7644-3.4.2.2-23")
@unordered
def test_le_needs_an_order(disorder, path, value):
    """An le filter on a boolean or binary attribute is refused with 400 invalidFilter."""
    disorder(path, "le", value)


@pytest.mark.requirement("RFC7644-3.4.2.2-40")
def test_an_unknown_operator_is_refused(answer_to_filter):
    """An operator that is not known is refused with 400 invalidFilter, and a sentence that says so."""
    response = answer_to_filter('userName regex "nobody"')
    expect(response).refused(400, scim_type="invalidFilter")
    detail = response.body.get("detail") if response.is_json and isinstance(response.json, dict) else None
    if not isinstance(detail, str) or " " not in detail.strip():
        warn(
            "The refusal of an unknown operator has no detail that a person could read.",
            expected=["a sentence, such as: The operator 'regex' is not supported."],
            actual=f"detail: {detail!r}",
        )


@pytest.mark.requirement("RFC7644-3.4.2.2-06")
def test_an_empty_filter_is_refused(scim):
    """A filter without any expression in it is refused with 400 invalidFilter."""
    expect(scim.query("User", "", count=1)).refused(400, scim_type=REFUSAL)


@pytest.mark.requirement("RFC7644-3.4.2.2-07")
@pytest.mark.parametrize("filter_", ["userName", 'eq "nobody"', "userName eq"], ids=["name", "value", "no-value"])
def test_an_expression_has_all_its_parts(answer_to_filter, filter_):
    """An expression without its operator, its name or its value is refused with 400 invalidFilter."""
    expect(answer_to_filter(filter_)).refused(400, scim_type=REFUSAL)


AGAINST_THE_GRAMMAR = {
    "closing-bracket": 'userName eq "nobody")',
    "trailing-value": 'userName eq "nobody" "nobody"',
    "leading-and": 'and userName eq "nobody"',
    "two-operators": 'userName eq eq "nobody"',
    "empty-brackets": "()",
}


@pytest.mark.requirement("RFC7644-3.4.2.2-32")
@pytest.mark.parametrize("which", AGAINST_THE_GRAMMAR)
def test_filters_obey_the_grammar(scim, which):
    """A filter that the grammar does not produce is refused with 400 invalidFilter."""
    expect(scim.query("User", AGAINST_THE_GRAMMAR[which], count=1)).refused(400, scim_type=REFUSAL)


@pytest.mark.requirement("RFC7644-3.4.2.2-32")
@pytest.mark.parametrize("filter_", ["userName eq nobody", "userName eq 'nobody'"], ids=["unquoted", "single-quotes"])
def test_texts_stand_in_double_quotes(scim, filter_):
    """A text without quotes, or in single ones, is refused with 400 invalidFilter."""
    response = scim.query("User", filter_, count=1)
    if response.status == 200:
        warn(
            f"The filter {filter_} is accepted, although its text does not stand in double quotes.",
            expected=["status 400, scimType invalidFilter"],
            actual="status 200",
        )
        return
    expect(response).refused(400, scim_type=REFUSAL)


@pytest.mark.requirement("RFC7644-7.5.2-03", "RFC7643-7-37")
def test_a_filter_on_what_is_confidential_is_refused(scim, operator):
    """A filter in a URL that asks for what is confidential is refused with 403."""
    response = scim.query("User", operator.sensitive_filter, count=1)
    body = response.json if response.is_json and isinstance(response.json, dict) else {}
    if response.status == 400 and body.get("scimType") == "sensitive":
        return
    if response.is_success:
        raise Violation(
            "A filter that is not to stand in a URL is answered.",
            requirement="RFC7644-7.5.2-03",
            expected=["status 403, best with the scimType sensitive"],
            actual=f"status {response.status}",
        )
    expect(response).refused(403, scim_type="sensitive")


@pytest.mark.requirement("RFC7644-3.12-19")
def test_many_results_may_be_too_many(scim):
    """A filter that matches everybody is answered with a page, or refused with 400 tooMany."""
    response = scim.query("User", "userName pr", count=1)
    if response.status == 200:
        note("a filter that matches everybody is answered with a page")
        return
    expect(response).refused(400, scim_type="tooMany")
    note("a filter that matches everybody is refused")

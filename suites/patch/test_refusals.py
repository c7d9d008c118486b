"""Operations of PATCH that have to be refused, RFC 7644 sections 3.5.2 and 3.12: each is sent once, to one user."""

from typing import Any

import pytest

from scim_conformance.judge import Blocked, Violation, expect, note, warn

pytestmark = pytest.mark.usefixtures("patching")

PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

VALUE = ("invalidValue", "invalidSyntax")
"""How the refusal of a value may be called (A39)."""

UNFIT = ("wrong type", "object for a text", "text for an object", "list for a text", "read-only")
"""Operations that do not suit the attribute's mutability or schema."""

FAILING = ("later one fails", "taken")
"""Requests of several operations of which the last one has to fail."""


class Refusals:
    """One user, the answers to operations that have to be refused, and how a GET showed the user before and after."""

    def __init__(self, session: Any, spare: str, elements: Any):
        self._client, self.text, self.elements = session.client, spare, elements
        given = {spare: "Clerk", elements.name: [elements.one(0, primary=True)]}
        self.user = session.baseline.make("User", **given)
        self.before = session.baseline.read(self.user)
        shared = session.baseline.shared("User")
        taken = shared.get("userName") or session.baseline.read(shared).get("userName")
        if not isinstance(taken, str):
            raise Blocked("a user does not show its userName")
        self.answers = {kind: self._send(message) for kind, message in self._messages(taken).items()}
        self.after = session.client.read(self.user)
        if 200 <= self.answers["taken"].status < 300:  # two users of one name would disturb other checks
            operation = {"op": "replace", "path": "userName", "value": self.before["userName"]}
            session.client.modify(self.user, operation)

    def _messages(self, taken: str) -> dict[str, Any]:
        """Write the requests; those that would do most harm if they were accepted come last."""
        early = {"op": "replace", "path": self.text, "value": "Early"}
        no_match = f'{self.elements.name}[type eq "{self.elements.types[1]}"].value'
        single = {
            "unknown attribute": {"op": "replace", "path": "noSuchAttribute", "value": "x"},
            "malformed path": {"op": "replace", "path": f"{self.text}..value", "value": "x"},
            "no match": {"op": "replace", "path": no_match, "value": self.elements.one(1)["value"]},
            "without value": {"op": "add", "path": self.text},
            "without op": {"path": self.text, "value": "x"},
            "wrong type": {"op": "replace", "path": "active", "value": "neither true nor false"},
            "object for a text": {"op": "replace", "path": self.text, "value": {"a": {"b": "c"}}},
            "list for a text": {"op": "replace", "path": self.text, "value": ["Clerk", "Manager"]},
            "text for an object": {"op": "replace", "path": "name", "value": "Anna Berg"},
            "read-only": {"op": "replace", "path": "meta.created", "value": "2001-02-03T04:05:06Z"},
        }
        several = {
            "later one fails": [early, {"op": "replace", "path": "noSuchAttribute", "value": "x"}],
            "taken": [early, {"op": "replace", "path": "userName", "value": taken}],
        }
        wrapped = {kind: [operation] for kind, operation in single.items()} | several
        return {
            "without operations": {"schemas": [PATCH_OP]},
            "no operation": {"schemas": [PATCH_OP], "Operations": []},
            "without schemas": {"Operations": [{"op": "replace", "path": self.text, "value": "Clerk"}]},
        } | {kind: {"schemas": [PATCH_OP], "Operations": operations} for kind, operations in wrapped.items()}

    def _send(self, message: Any) -> Any:
        return self._client.patch(self._client.location(self.user), json=message)

    def of(self, kind: str) -> Any:
        """Give the answer to one of the requests; the check does not apply where users lack what it is about."""
        about = {"wrong type": "active", "text for an object": "name"}.get(kind)
        if about is not None and about not in self.before:
            pytest.skip(f"unsupported: the target shows no {about} of a user")
        return self._client.recall(self.answers[kind])

    def refused(self, kind: str) -> Any:
        """Give a refusal; blocked where there was none, which other checks judge."""
        response = self.of(kind)
        if kind == "read-only" and response.is_success:
            pytest.skip("unsupported: the target passes over what is readOnly, which another check judges")
        if not 400 <= response.status < 500:
            raise Blocked(f"the target does not refuse it but answers {response.status}, which another check judges")
        return response


@pytest.fixture
def refusals(scim_session, spare, elements):
    """The answers to operations that have to be refused, asked for once a run."""
    return scim_session.baseline.once("patch: refusals", lambda: Refusals(scim_session, spare, elements))


@pytest.mark.requirement("RFC7644-3.5.2-13", "RFC7644-3.5.2-10", "RFC7644-3.5.2-11")
@pytest.mark.parametrize("kind", UNFIT)
def test_what_does_not_suit_the_attribute_is_refused(refusals, kind):
    """An operation that does not suit the mutability or the type of its attribute is refused with a 4xx status."""
    response = refusals.of(kind)
    if kind == "read-only" and response.is_success:
        warn("PATCH of meta.created was accepted.", expected=["status 400 with scimType mutability"],
             actual=f"status {response.status}")  # fmt: skip
        return
    expect(response).refused(400, scim_type="mutability" if kind == "read-only" else ("invalidValue", "invalidSyntax"))


@pytest.mark.requirement("RFC7644-3.5.2-13")
@pytest.mark.parametrize("kind", UNFIT)
def test_the_refusal_of_what_does_not_suit_is_a_scim_error(refusals, kind):
    """The refusal of an operation that does not suit its attribute has a SCIM error as its body."""
    expect(refusals.refused(kind)).error()


@pytest.mark.requirement("RFC7644-3.5.2-21", "RFC7644-3.5.2-22")
@pytest.mark.parametrize("kind", FAILING)
def test_one_failed_operation_fails_the_request(refusals, kind):
    """A PATCH of which one operation fails is answered with a failure status as a whole."""
    response = refusals.of(kind)
    if kind == "taken" and not 400 <= response.status < 500:
        raise Blocked("a userName that is taken is not refused, which another check judges")
    if not response.status >= 400:
        raise Violation(
            "A PATCH of which one operation fails is answered with success.",
            requirement="RFC7644-3.5.2-21",
            expected=["status 400"],
            actual=f"status {response.status}",
        )
    expect(response).refused(400, 409)


@pytest.mark.requirement("RFC7644-3.5.2-22")
@pytest.mark.parametrize("kind", FAILING)
def test_a_failed_request_is_answered_with_a_scim_error(refusals, kind):
    """A PATCH that fails is answered with a SCIM error."""
    expect(refusals.refused(kind)).error()


@pytest.mark.requirement("RFC7644-3.5.2-27")
def test_a_taken_name_is_refused(refusals):
    """A PATCH that gives a user the userName of another is refused with 409 or 400, and scimType uniqueness."""
    expect(refusals.of("taken")).refused(409, 400, scim_type="uniqueness")


@pytest.mark.requirement("RFC7644-3.5.2-20", "RFC7644-3.5.2-19")
def test_refused_operations_change_nothing(refusals):
    """After operations that were refused, alone or behind others, the resource is as it was before."""
    lenient = ("without schemas", "without operations", "no operation", "read-only")
    accepted = [k for k, each in refusals.answers.items() if each.is_success and k not in lenient]
    if accepted:
        raise Blocked(f"an operation that has to be refused was accepted ({accepted[0]}), which another check judges")
    if refusals.after.status != 200 or not refusals.after.is_json:
        raise Blocked(f"reading the user back failed: GET answered {refusals.after.status}")
    names = (refusals.text, refusals.elements.name, "userName", "name", "active")
    changed = [name for name in names if refusals.before.get(name) != refusals.after.json.get(name)]
    if changed:
        raise Violation(
            "Operations that were refused changed the resource.",
            requirement="RFC7644-3.5.2-20",
            expected=["the resource as it was before"],
            actual=f"changed: {', '.join(changed)}",
        )


@pytest.mark.requirement("RFC7644-3.5.2-09", "RFC7644-3.12-23", "RFC7644-3.12-24")
def test_a_path_to_no_attribute_is_refused(refusals):
    """An operation whose path names no attribute is refused with 400, as noTarget or invalidPath."""
    response = refusals.of("unknown attribute")
    expect(response).refused(400, scim_type=("noTarget", "invalidPath"))


@pytest.mark.requirement("RFC7644-3.5.2-05")
def test_an_operation_without_op_is_refused(refusals):
    """An operation without op is refused with 400."""
    expect(refusals.of("without op")).refused(400, scim_type=("invalidSyntax", "invalidValue"))


@pytest.mark.requirement("RFC7644-3.5.2.1-01")
def test_an_add_without_value_is_refused(refusals):
    """An add without value is refused with 400."""
    expect(refusals.of("without value")).refused(400, scim_type=("invalidValue", "invalidSyntax"))


@pytest.mark.requirement("RFC7644-3.5.2-04")
@pytest.mark.parametrize("kind", ["without operations", "no operation"])
def test_a_request_without_operations_is_refused(refusals, kind):
    """A PATCH without any operation is refused with 400 (the validator of Entra ID sends empty ones)."""
    expect(refusals.of(kind)).refused(400, scim_type=("invalidSyntax", "invalidValue"))


@pytest.mark.requirement("RFC7644-3.5.2-03")
def test_a_request_that_does_not_name_its_schema_is_refused(refusals):
    """A PATCH that does not name the schema of PATCH requests is refused with 400."""
    response = refusals.of("without schemas")
    if response.is_success:
        note("A PATCH that does not name its schema is performed.")
    expect(response).refused(400, scim_type=("invalidSyntax", "invalidValue"))


@pytest.mark.parametrize(
    ("kind", "keywords"),
    [
        pytest.param("read-only", ("mutability",), marks=pytest.mark.requirement("RFC7644-3.12-21")),
        pytest.param("malformed path", ("invalidPath", "noTarget"), marks=pytest.mark.requirement("RFC7644-3.12-23")),
        pytest.param("no match", ("noTarget",), marks=pytest.mark.requirement("RFC7644-3.12-24")),
        pytest.param("wrong type", VALUE, marks=pytest.mark.requirement("RFC7644-3.12-25")),
        pytest.param("text for an object", VALUE, marks=pytest.mark.requirement("RFC7644-3.12-25")),
    ],
)
def test_a_refusal_has_its_scim_type(refusals, kind, keywords):
    """The refusal of an operation tells by its scimType what is wrong: mutability, invalidPath, noTarget ..."""
    response = refusals.refused(kind)
    body = response.json if response.is_json and isinstance(response.json, dict) else {}
    if body.get("scimType") not in keywords:
        raise Violation(
            f"The refusal of an operation ({kind}) has another scimType.",
            expected=[f"scimType {' or '.join(keywords)}"],
            actual=f"scimType = {body.get('scimType')!r}",
        )

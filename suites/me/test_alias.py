"""/Me stands for the resource of whoever asks, and says where that really is, RFC 7644 section 3.11."""

from typing import Any

import pytest

from scim_conformance.judge import Blocked, Violation, expect
from scim_conformance.judge.expect import member_of
from scim_conformance.judge.resources import naming_attribute


def directly(answer: Any) -> Any:
    """Skip where a method was not tried, was refused, or led away by a redirect: then Location says other things."""
    if answer is None:
        pytest.skip("unsupported: the method was not tried")
    expect(answer).where(answer.status < 500 or answer.status == 501, expected="no error of the server's own")
    if answer.status >= 300:
        pytest.skip(f"unsupported: the method is answered {answer.status}")
    if answer.redirects:
        pytest.skip("unsupported: /Me redirects to the resource")
    return answer


@pytest.fixture
def must_locate(places):
    """Expect that Location and meta.location are the URI of a resource, by its endpoint and id, and not that of /Me."""

    def judge(answer: Any, kind: Any, id_: str) -> None:
        expect(answer).header("Location")
        found = {"Location": answer.headers["Location"]}
        if answer.content and answer.is_json:
            found["meta.location"] = member_of(answer.json, "meta.location")
        for what, location in found.items():
            if isinstance(location, str) and not places.name(location, kind, id_):
                wanted = [f"the URI of the resource, which ends in {kind.endpoint}/{id_}"]
                raise Violation(f"{what} is not where the resource is.", expected=wanted, actual=f"{what}: {location}")

    return judge


@pytest.fixture
def kind(conversation, features):
    """The resource type of whoever asks, as far as the resource shows it."""
    before = conversation.answers["before"]
    shown = conversation.created or (before.json if before.is_json else {})
    type_ = member_of(shown, "meta.resourceType")
    found = features.resource_type(type_) if isinstance(type_, str) else features.resource_type("User")
    if found is None:
        raise Blocked(f"the resource is of a type that is not served, {type_!r}")
    return found


@pytest.mark.requirement("RFC7644-3.11-07")
def test_reading_me_tells_where_it_is(conversation, kind, must_locate, places):
    """GET /Me names in Location the URI of the client's own resource, not /Me and nobody else's."""
    answer = directly(conversation.answers.get("GET", conversation.answers["before"]))
    id_ = member_of(conversation.created or (answer.json if answer.is_json else {}), "id")
    if not isinstance(id_, str):
        raise Blocked("the resource is shown without an id")
    must_locate(answer, kind, id_)
    if conversation.created is None:
        places.lead_to("Location", answer.headers["Location"], answer.url, kind, id_)


@pytest.mark.requirement("RFC7644-3.11-07")
@pytest.mark.parametrize("method", ["HEAD", "PATCH", "PUT"])
def test_every_answer_tells_where_it_is(own, kind, must_locate, method):
    """HEAD, PATCH and PUT at /Me name in Location the URI of the resource itself."""
    must_locate(directly(own.answers.get(method)), kind, own.place[1])


@pytest.mark.requirement("RFC7644-3.11-07")
def test_deleting_me_tells_where_it_was(own, kind, places):
    """DELETE at /Me names in Location the resource that is gone, as any answer does."""
    answer = directly(own.answers.get("DELETE"))
    # There is no longer any location; that one has to be named all the same is only the letter of the text.
    expect(answer).should.header("Location")
    location = answer.headers.get("Location", "")
    expect(answer).where(not location or places.name(location, kind, own.place[1]), expected="the resource's own URI")


@pytest.mark.requirement("RFC7644-3.11-08")
def test_posting_to_me_creates_a_resource(conversation, kind):
    """POST /Me creates a resource of a type that is served, which is found at its own URI."""
    made = conversation.answers.get("POST")
    if made is None:
        pytest.skip("unsupported: the client has a resource already, so it is not given another one")
    expect(made).status(201)
    seen = conversation.answers.get("after POST")
    expect(made).where(seen is not None, expected="the new resource, with an id")
    there = seen.is_json and member_of(seen.json, "id") == conversation.place[1]
    expect(seen).where(seen.status == 200 and there, expected=f"the {kind.name} that POST /Me says to have created")


@pytest.mark.requirement("RFC7644-3.11-06")
@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_changing_me_changes_the_resource(own, kind, method):
    """What is changed by PATCH and PUT at /Me is changed at the resource's own URI."""
    answer = own.answers.get(method)
    if answer is None or answer.status >= 300:
        pytest.skip(f"unsupported: {method} is {'not tried' if answer is None else f'answered {answer.status}'}")
    name, seen = naming_attribute(kind), own.answers[f"after {method}"]
    expect(seen).where(own.names[method] in seen.text, expected=f"{name} = {own.names[method]!r}")


@pytest.mark.requirement("RFC7644-3.11-06")
def test_deleting_me_deletes_the_resource(own):
    """What is deleted by DELETE at /Me is no longer found at its own URI."""
    if own.answers["DELETE"].status >= 300:
        pytest.skip(f"unsupported: DELETE is answered {own.answers['DELETE'].status}")
    expect(own.answers["after DELETE"]).status(404, 410)

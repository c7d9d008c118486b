"""Malformed requests are refused, break nothing and change nothing, RFC 7644 sections 3.3, 3.5 and 3.12."""

import pytest

from scim_conformance.judge import BrokenAnswer, Violation, expect

ERROR = "RFC7644-3.12-01"
JSON = {"Content-Type": "application/scim+json"}


@pytest.fixture(scope="session")
def error_bodies(scim_session, features):
    """Whether the target answers a plain error with a SCIM error body; that it does is other checks' business."""
    kind = features.resource_types[0]
    response = scim_session.client.read((kind, scim_session.client.unknown_id()))
    try:
        expect(response).error()
    except Violation:
        return False
    return True


@pytest.fixture
def survived(error_bodies):
    """Expect of the answer to a malformed request what holds for all of them."""

    def judge(response, wrong, *, must, requirement):
        status = response.status
        if status >= 500 or (must and not 400 <= status < 500):
            raise Violation(
                f"{response.exchange.method} with {wrong} was answered {status}.",
                expected=["a refusal with a 4xx status" if must else "a success, or a refusal with a 4xx status"],
                actual=f"status {status}, body {response.text[:200]}",
                requirement=requirement,
            )
        if error_bodies and 400 <= status < 500 and status not in (413, 414, 431):
            try:
                expect(response).error()
            except Violation as broken:
                finding = broken.finding
                raise Violation(
                    finding.message, expected=finding.expected, actual=finding.actual, requirement=ERROR
                ) from None

    return judge


@pytest.fixture
def leaving_alone(search, scim, shown):
    """Try malformed requests on a subject, and expect that those which are refused leave it as it was.

    It is looked at once, after all of them; only when it has changed, all are tried again to find the one that did it.
    """
    known = {}

    def unchanged(subject):
        now = {name: value for name, value in shown(subject.resource).items() if name != "meta"}
        former, known[subject.kind.name] = known.get(subject.kind.name, now), now
        return former == now, f"{former!r} became {now!r}"

    def over(subject, strategies, trial, *, examples, requirement):
        unchanged(subject)
        accepted = []
        search.over(strategies, lambda each: accepted.append(trial(each)), examples=examples, after=subject.responses)
        if unchanged(subject)[0] or True in accepted:
            return

        def watched(each):
            scim.replace(subject.resource, subject.body({shape.path: shape.plain for shape in subject.shapes}))
            unchanged(subject)
            taken = trial(each)
            same, how = unchanged(subject)
            if not same and not taken:
                raise Violation(
                    "A refused request changed the resource.",
                    expected=["the resource as it was"],
                    actual=how[:400],
                    requirement=requirement,
                )

        search.again().over(strategies, watched, examples=examples, after=subject.responses)

    return over


@pytest.mark.requirement("RFC7644-3.3-12", "RFC7644-3.3-13", "RFC7644-3.5.1-19", "RFC7644-3.12-01")
def test_malformed_bodies_are_refused_and_change_nothing(
    search, scim, scim_session, user_subject, leaving_alone, survived
):
    """A body that is no JSON, or not what the schema has, is refused; whatever it holds, the server does not fail."""
    from scim_conformance.judge.malformed import BODIES, bodies  # noqa: PLC0415 - brings Hypothesis

    subject = user_subject
    valid = subject.body({shape.path: shape.plain for shape in subject.named("title", "nickName", "name", "emails")})
    texts = [shape.attribute for shape in subject.named("title", "nickName", "userType")]
    structured = [shape.attribute for shape in subject.named("name", "emails", "phoneNumbers")]
    if not texts and not structured:
        pytest.skip("unsupported: the target keeps no attribute of a user whose type could be wrong")
    invented = f"{scim_session.person().mark}@example.com"

    def trial(request):
        place = scim.location(subject.resource) if request.method == "PUT" else subject.kind.endpoint
        content = request.content
        if request.method == "POST":  # what is created by mistake is not to meet the name of the subject
            content = content.replace(subject.base["userName"].encode(), invented.encode())
        response = scim.request(request.method, place, content=content, headers=JSON)
        if request.method == "POST" and response.is_success:
            scim_session.discard([each for each in [scim_session.baseline.created(response, subject.kind)] if each])
        row = "RFC7644-3.5.1-19" if request.method == "PUT" else "RFC7644-3.3-12"
        row = "RFC7644-3.3-13" if request.method == "POST" and "type" in request.wrong else row
        survived(response, request.wrong, must=request.must, requirement=row)
        return request.method == "PUT" and response.is_success

    strategies = [bodies(kind, valid, texts, structured) for kind in BODIES]
    leaving_alone(subject, strategies, trial, examples=search.examples, requirement="RFC7644-3.5.1-19")


@pytest.mark.usefixtures("working_patch")
@pytest.mark.requirement("RFC7644-3.5.2-13", "RFC7644-3.5.2-22", "RFC7644-3.12-01")
def test_malformed_patches_are_refused_and_change_nothing(search, scim, user_subject, leaving_alone, survived):
    """A PATCH message that is malformed is refused with an error body, and changes nothing."""
    from scim_conformance.judge.malformed import MESSAGES, messages  # noqa: PLC0415 - brings Hypothesis
    from scim_conformance.judge.programs import wrong_operations  # noqa: PLC0415 - the same

    texts = user_subject.named("title", "nickName", "userType", "displayName")
    if not texts:
        pytest.skip("unsupported: the target keeps no text of a user that a PATCH could change")

    def trial(request):
        response = scim.patch(scim.location(user_subject.resource), content=request.content, headers=JSON)
        survived(response, request.wrong, must=request.must, requirement="RFC7644-3.5.2-13")
        return response.is_success

    wrong = wrong_operations(texts[0].attribute, "userName")
    strategies = [messages(kind, wrong, texts[0].path) for kind in MESSAGES]
    leaving_alone(user_subject, strategies, trial, examples=max(2, search.examples - 1), requirement="RFC7644-3.5.2-22")


@pytest.mark.usefixtures("working_filter")
@pytest.mark.requirement("RFC7644-3.4.2.2-32", "RFC7644-3.12-01")
def test_malformed_filters_are_refused(search, scim, user_subject, survived):
    """A filter that the grammar does not have is refused with an error body; odd ones do not make the server fail."""
    from scim_conformance.judge.malformed import filters  # noqa: PLC0415 - brings Hypothesis

    def trial(generated):
        text, must = generated
        try:
            response = scim.query("User", text, count=1)
        except BrokenAnswer:
            if must:
                raise
            return  # a URL may be too long for what stands before the server
        survived(response, f"the filter {text[:60]}", must=must, requirement="RFC7644-3.4.2.2-32")

    search.over(filters("userName", user_subject.base["userName"]), trial, examples=max(2, search.examples - 2))

"""What attributes and excludedAttributes make of a response, RFC 7644 sections 3.4.2.5 and 3.9."""

import pytest

from scim_conformance.judge import Blocked, differences, expect, warn
from scim_conformance.judge.compare import empty
from scim_conformance.judge.expect import member_of
from scim_conformance.judge.resources import naming_attribute

FREE = {"id", "schemas", "meta"}
"""Shown always, or judged on their own: of meta alone it is known that it should vanish, of schemas nothing (A45)."""


class Subject:
    """A resource of the type at hand: what a plain GET shows of it, an attribute to name, and one to leave out."""

    def __init__(self, resource_type, shown, attributes):
        self.type = resource_type
        self.shown = shown
        by_name = {each.name.lower(): each for each in attributes if not each.parent}
        self.defaults = {
            name
            for name, each in by_name.items()
            if each.returned == "default" and all(sub.returned == "default" for sub in each.sub_attributes)
        }
        self.defaults |= {"externalid"}
        candidates = [
            name
            for name, value in shown.items()
            if name.lower() in self.defaults and name.lower() not in FREE and not empty(value)
        ]
        naming = naming_attribute(resource_type)
        candidates.sort(key=lambda name: name != naming)
        if not candidates:
            raise Blocked(f"a {resource_type.name} shows nothing that is returned by default")
        self.named, self.rest = candidates[0], candidates[1:]
        self.excluded = "displayName" if "displayName" in self.rest else candidates[min(1, len(self.rest))]

    def beside(self, resource, *named):
        """Name what a resource shows of the default set besides what was named."""
        wanted = {name.lower() for name in named} | FREE
        return [
            name
            for name, value in resource.items()
            if name.lower() in self.defaults and name.lower() not in wanted and not empty(value)
        ]


@pytest.fixture
def subject(resource_type, shared_resource, got_shared, features, plainly):
    """The shared resource of the type at hand, as a GET without parameters shows it."""
    shown = plainly(got_shared(resource_type), shared_resource["id"])
    return Subject(resource_type, shown, features.attributes(resource_type, extensions=False))


@pytest.fixture(params=["read", "list"])
def ask(request, subject, scim, once, features, list_of, listing, listed_in):
    """Ask for the resource at hand with parameters, once a run: by its id, or by a query that lists it."""
    place = (subject.type, subject.shown["id"])

    def read(**params):
        response = once(("read", subject.type.name, *params.items()), lambda: scim.read(place, params=params))
        return expect(response).status(200).json_object(), response.body

    def own(response):
        return next((each for each in listed_in(response) if each.get("id") == subject.shown["id"]), None)

    def query(**params):
        response = once(("list", subject.type.name, *params.items()), lambda: list_of(subject.type, **params))
        answer = expect(response).status(200).json_object()
        found = listed_in(response)
        answer.where(len(found) == 1, expected="the same resource as without the parameter")
        return answer, found[0]

    if request.param == "read":
        return read
    shown = read(attributes=subject.named)[1]
    if empty(shown.get(subject.named)) or subject.beside(shown, subject.named):
        raise Blocked("attributes does not work on a GET of one resource, which another check judges")
    fact = features.fact("filter")
    if not fact.holds:
        pytest.skip(f"{fact.kind}: {fact.reason}")
    if own(listing(subject.type)) is None:
        raise Blocked("a query for a resource that is there does not find it")
    return query


# -- attributes -----------------------------------------------------------------------------


@pytest.mark.requirement("RFC7644-3.9-03", "RFC7644-3.9-04", "RFC7644-3.4.2.5-01", "RFC7644-3.4.2.5-04", "RFC7643-7-38")
def test_attributes_leaves_out_the_rest(ask, subject):
    """With attributes, nothing that is returned by default is shown but what is named."""
    answer, shown = ask(attributes=subject.named)
    beside = subject.beside(shown, subject.named)
    answer.where(
        not beside,
        expected=f"{subject.named}, and nothing else that is returned by default",
        actual=f"{', '.join(beside)} besides",
    )
    if not empty(shown.get("meta")):
        warn(
            "A response with attributes shows meta, which is returned by default and was not named.",
            expected=["no meta"],
            actual=f"meta = {shown['meta']}",
        )


@pytest.mark.requirement("RFC7644-3.9-04")
def test_attributes_shows_what_it_names(ask, subject, features):
    """With attributes, what is named is shown, with the value that it has."""
    answer, shown = ask(attributes=subject.named)
    attributes = [each for each in features.attributes(subject.type, extensions=False) if not each.parent]
    wrong = differences({subject.named: subject.shown[subject.named]}, shown, attributes)
    answer.where(not wrong, expected=f"{subject.named} as without attributes", actual="; ".join(wrong))


@pytest.mark.requirement("RFC7643-7-35", "RFC7644-3.9-04")
def test_attributes_keeps_what_is_always_returned(ask, subject, features):
    """With attributes, what is always returned, such as id, is shown though it is not named."""
    answer, shown = ask(attributes=subject.named)
    lacking = [name for name in always(subject, features) if empty(shown.get(name))]
    answer.where(not lacking, expected=", ".join(always(subject, features)), actual=f"no {', '.join(lacking)}")


def always(subject, features):
    """Name what is always returned and was shown by a plain GET."""
    attributes = [each for each in features.attributes(subject.type, extensions=False) if not each.parent]
    return ["id", *(a.name for a in attributes if a.returned == "always" and not empty(subject.shown.get(a.name)))]


# -- excludedAttributes ---------------------------------------------------------------------


@pytest.mark.requirement("RFC7644-3.9-05", "RFC7644-3.4.2.5-01", "RFC7644-3.4.2.5-04")
def test_excluded_attributes_leaves_out_what_it_names(ask, subject):
    """With excludedAttributes, what is named is not shown."""
    answer, shown = ask(excludedAttributes=f"id,{subject.excluded}")
    answer.where(
        empty(shown.get(subject.excluded)),
        expected=f"no {subject.excluded}",
        actual=f"{subject.excluded} = {shown.get(subject.excluded)!r}",
    )


@pytest.mark.requirement("RFC7644-3.9-05")
def test_excluded_attributes_keeps_the_rest(ask, subject):
    """With excludedAttributes, all that is returned by default is shown but what is named."""
    answer, shown = ask(excludedAttributes=f"id,{subject.excluded}")
    lacking = [name for name in [subject.named, *subject.rest] if empty(shown.get(name)) and name != subject.excluded]
    answer.where(
        not lacking,
        expected=f"all that a GET without parameters shows but {subject.excluded}",
        actual=f"no {', '.join(lacking)} either",
    )


@pytest.mark.requirement("RFC7644-3.4.2.5-06", "RFC7643-7-35")
def test_excluded_attributes_keeps_what_is_always_returned(ask, subject):
    """With excludedAttributes, what is always returned is shown though it is named: id."""
    answer, shown = ask(excludedAttributes=f"id,{subject.excluded}")
    answer.where(shown.get("id") == subject.shown["id"], expected="the id", actual=f"id = {shown.get('id')!r}")


# -- names of attributes, on one user -------------------------------------------------------


@pytest.fixture
def parts(population, anna, hideable):
    """Skips where Anna's name and addresses are not kept in parts; blocked where attributes does not work at all."""
    for path in ("name.familyName", "name.givenName", "emails.value", "emails.type"):
        population.require(path)
    if not {"name", "emails"} <= set(hideable):
        pytest.skip("unsupported: the target returns name or emails of users always, or on request")
    shown = anna(attributes="userName")[1]
    if empty(shown.get("userName")) or not empty(shown.get("name")):
        raise Blocked("attributes does not work, which another check judges")


def sub_names(value):
    """Name the sub-attributes in a complex value, or in the first element of several."""
    value = value[0] if isinstance(value, list) and value else value
    return {name for name, inner in value.items() if not empty(inner)} if isinstance(value, dict) else set()


@pytest.mark.requirement("RFC7644-3.9-07", "RFC7644-3.10-04")
@pytest.mark.usefixtures("parts")
def test_a_sub_attribute_is_shown_alone(anna):
    """With a sub-attribute in attributes, it alone is shown of its attribute."""
    answer, shown = anna(attributes="name.familyName,emails")
    answer.where(
        sub_names(shown.get("name")) == {"familyName"},
        expected="name with familyName alone",
        actual=f"name = {shown.get('name')!r}",
    )


@pytest.mark.requirement("RFC7644-3.9-07")
@pytest.mark.usefixtures("parts")
def test_an_attribute_is_shown_with_its_sub_attributes(anna, population, features):
    """With a complex attribute in attributes, it is shown with all its sub-attributes."""
    answer, shown = anna(attributes="name,emails.value")
    name = [each for each in features.attributes("User", extensions=False) if each.path == "name"]
    wrong = differences({"name": population["a"].sent["name"]}, shown, name)
    answer.where(not wrong, expected="the whole name", actual="; ".join(wrong))
    others = sub_names(shown.get("emails")) - {"value"}
    if others:
        warn(
            "With emails.value in attributes, elements of emails show more than their value.",
            expected=["value alone"],
            actual=", ".join(sorted(others)),
        )


@pytest.mark.requirement("RFC7644-3.9-06")
@pytest.mark.usefixtures("parts")
def test_names_are_separated_by_commas(anna, population, features):
    """The parameter attributes takes several names, separated by commas."""
    answer, shown = anna(attributes="name.familyName,emails")
    emails = [each for each in features.attributes("User", extensions=False) if each.path == "emails"]
    wrong = differences({"emails": population["a"].sent["emails"]}, shown, emails)
    answer.where(not wrong, expected="emails as without attributes", actual="; ".join(wrong))


@pytest.mark.requirement("RFC7644-3.9-05")
@pytest.mark.usefixtures("parts")
def test_an_excluded_sub_attribute_is_left_out_alone(anna):
    """With a sub-attribute in excludedAttributes, it alone is left out of its attribute."""
    answer, shown = anna(excludedAttributes="name.familyName,emails")
    answer.where(
        "familyName" not in sub_names(shown.get("name")) and "givenName" in sub_names(shown.get("name")),
        expected="name with givenName, and without familyName",
        actual=f"name = {shown.get('name')!r}",
    )
    answer.lacks("emails")


@pytest.mark.requirement("RFC7644-3.10-01")
@pytest.mark.usefixtures("parts")
def test_names_may_have_the_uri_of_their_schema(anna, features):
    """With the URI of the schema before its name, a core attribute in attributes is recognised."""
    urn = features.resource_type("User").schema
    answer, shown = anna(attributes=f"{urn}:name.givenName")
    answer.where(
        sub_names(shown.get("name")) == {"givenName"},
        expected="name with givenName alone",
        actual=f"name = {shown.get('name')!r}",
    )


@pytest.mark.requirement("RFC7644-3.10-03")
@pytest.mark.usefixtures("parts")
def test_attributes_of_extensions_have_their_uri(anna, population, features):
    """With the URI of the extension before its name, an attribute of an extension is shown, alone."""
    urns = [
        urn for urn, _ in features.resource_type("User").extensions if isinstance(population["a"].shown.get(urn), dict)
    ]
    kept = [(urn, name) for urn in urns for name in sub_names(population["a"].shown[urn])]
    if not kept:
        pytest.skip("unsupported: the target keeps no attribute of an extension of users")
    urn, name = kept[0]
    answer, shown = anna(attributes=f"{urn}:{name}")
    answer.where(
        sub_names(member_of(shown, urn)) == {name},
        expected=f"{urn} with {name} alone",
        actual=f"{urn} = {member_of(shown, urn)!r}",
    )


@pytest.mark.requirement("RFC7644-3.10-05")
@pytest.mark.usefixtures("parts")
def test_letter_case_of_names_does_not_count(anna):
    """The letter case of names in attributes does not count."""
    anna(attributes="USERNAME")[0].has("userName").lacks("name")


@pytest.mark.requirement("RFC7644-3.9-08")
@pytest.mark.parametrize("parameter", ["attributes", "excludedAttributes"])
@pytest.mark.usefixtures("parts")
def test_an_unknown_name_is_no_error(population, scim, parameter):
    """A name that no attribute has, in attributes or excludedAttributes, is ignored."""
    names = "userName,noSuchAttribute" if parameter == "attributes" else "noSuchAttribute"
    answer = expect(scim.read(population["a"].shown, params={parameter: names})).status(200).json_object()
    answer.has("userName").lacks("noSuchAttribute")


# -- answers to writes ----------------------------------------------------------------------


@pytest.fixture(scope="session")
def writes(scim_session, scim, features, body):
    """Create, replace and change one user, each with attributes or excludedAttributes: `writes("POST")` asks once."""
    baseline, kind = scim_session.baseline, scim_session.baseline.resource_type("User")
    made = []

    def user():
        if not made:
            made.append(baseline.make(kind))
        return made[0]

    def put(**params):
        baseline.replace_works()
        return scim.replace(user(), writable(baseline.read(user())), params=params)

    def patch(**params):
        fact = features.fact("patch")
        if not fact.holds:
            pytest.skip(f"{fact.kind}: {fact.reason}")
        baseline.patch_works()
        change = {"op": "replace", "path": "displayName", "value": "Changed"}
        return scim.modify(user(), change, params=params)

    def writable(resource):
        fixed = {"meta"} | {each.name for each in features.schema_of(kind).attributes if each.mutability == "readOnly"}
        kept = {name: value for name, value in resource.items() if name not in fixed}
        needed = body(kind, minimal=True)
        return {**{name: needed[name] for name in needed if name not in kept}, **kept}

    def post(**params):
        response = scim.create(kind, body(kind), params=params)
        created = baseline.created(response, kind)
        if created is not None:
            made.append(created)
        return response

    yield {"POST": post, "PUT": put, "PATCH": patch}
    scim_session.discard(made)


@pytest.fixture(params=["POST", "PUT", "PATCH"])
def write(request, writes, once, parts):  # noqa: ARG001 - attributes has to work on a GET
    """Write a user in each way, with parameters; the answer has to be a success with a body that shows the user."""

    def send(**params):
        response = once(("written", request.param, *params.items()), lambda: writes[request.param](**params))
        if not response.is_success:
            raise Blocked(f"{request.param} with {', '.join(params)} answered {response.status}")
        if not response.content:
            pytest.skip("unsupported: the answer has no body, which other checks judge")
        return expect(response).json_object()

    return send


@pytest.mark.requirement("RFC7644-3.9-02", "RFC7644-3.4.2.5-04", "RFC7643-7-38")
def test_answers_to_writes_show_what_attributes_names(write, hideable):
    """The answers to POST, PUT and PATCH with attributes show what is named, and nothing else of the default set."""
    answer = write(attributes="userName").has("userName")
    for name in hideable:
        answer.lacks(name)


@pytest.mark.requirement("RFC7644-3.9-02", "RFC7644-3.4.2.5-04")
def test_answers_to_writes_leave_out_what_is_excluded(write, anna, hideable):
    """The answers to POST, PUT and PATCH with excludedAttributes show the default set without what is named."""
    shown = anna(excludedAttributes="name.familyName,emails")[1]
    if empty(shown.get("userName")) or not empty(shown.get("emails")):
        raise Blocked("excludedAttributes does not work on a GET, which another check judges")
    if not hideable:
        pytest.skip("unsupported: users have no attribute that could be excluded")
    answer = write(excludedAttributes=hideable[0]).has("userName").lacks(hideable[0])
    if hideable[0] != "name":
        answer.has("name")

"""Setting provisioning up: settings saved, token generated, and the table of values to copy."""

import pytest

from scim_conformance.idp import targets
from scim_conformance.idp.mapping import BadMapping
from scim_conformance.judge import Blocked, Violation

VALUES = ("base_url", "unique_identifier", "actions", "authentication", "token", "origin", "mapping")
ACTIONS = {
    "okta-app": ("create", "update", "deactivate"),
    "okta-custom-app": ("create", "update", "deactivate"),
    "entra-id": ("create", "update", "delete"),
    "custom": ("search", "create", "look up", "update", "delete"),
}
OKTA = {
    "base_url": "base url",
    "unique_identifier": "unique identifier",
    "authentication": "authentication mode",
    "actions": "provisioning actions",
    "token": "authorization",
}
WORDS = {
    "okta-app": OKTA,
    "okta-custom-app": OKTA,
    "entra-id": {
        "base_url": "tenant url",
        "unique_identifier": "matching",
        "authentication": "authentication method",
        "actions": "target object actions",
        "token": "secret token",
    },
    "custom": {"base_url": "scim api endpoint", "token": "scim token"},
}
OWN = {"custom": ("userName", "name.givenName", "name.familyName", "department", "permissions")}


def must(holds, message: str, expected: str, actual: str) -> None:
    """Raise a violation unless something holds."""
    if not holds:
        raise Violation(message, expected=[expected], actual=actual)


@pytest.fixture
def connection(connections, method):
    """A company that was set up for the method at hand."""
    return connections(method)


# -- settings and token -----------------------------------------------------------------------


@pytest.mark.requirement("METHOD-01")
def test_settings_are_saved(administrator, method):
    """What was saved stands in the fields when the settings page is opened again."""
    filled_in = {"method": method, **administrator.required(), "allowlist": "192.0.2.10, 198.51.100.0/24"}
    found = administrator.page(**filled_in).save().shows()
    for field, value in filled_in.items():
        must(
            found.get(field) == value, f"The field {field} does not show what was saved.", value, str(found.get(field))
        )


@pytest.mark.requirement("METHOD-02")
@pytest.mark.parametrize("field", ["default_workspace", "service_origin"])
def test_required_fields_come_first(administrator, method, field):
    """No method generates a token until the required fields are filled in, and the page names what is missing."""
    saved = administrator.page(method=method, **{**administrator.required(), field: ""}).save()
    token, message = saved.generate()
    name = field.replace("_", " ")
    must(token is None, f"A token is generated although the {name} is empty.", "no token", "a token")
    must(name in message.lower(), f"The page does not ask for the {name}.", f"a message on the {name}", message or "-")


@pytest.mark.requirement("METHOD-03")
def test_token_works_and_is_shown_once(set_up, method):
    """The token that is generated for a method works at the endpoint shown, and no button shows it again."""
    connection = set_up(method)
    answer = connection.client.get("/Users", params={"filter": 'userName eq "nobody@example.com"'})
    must(answer.status not in (401, 403), "The generated token is refused at the endpoint that is shown.", "let in",
         f"status {answer.status}")  # fmt: skip
    again, _ = connection.saved.generate()
    must(again is None, "The button shows a token once more.", "no token", "a token")


@pytest.mark.requirement("METHOD-04")
def test_endpoint_is_shown_with_the_token(administrator, method):
    """The endpoint is shown once there is a token and not before, and each company has one of its own."""
    endpoints = []
    for _ in range(2):
        saved = administrator.page(method=method, **administrator.required()).save()
        must(saved.endpoint() is None, "The endpoint is shown before there is a token.", "none", str(saved.endpoint()))
        if saved.generate()[0] is None:
            raise Blocked("no token can be generated")
        must(saved.endpoint(), "The endpoint is not shown beside the token.", "an endpoint", "none")
        endpoints.append(saved.endpoint())
    must(endpoints[0] != endpoints[1], "Two companies have one endpoint.", "two endpoints", str(endpoints[0]))


@pytest.mark.requirement("METHOD-05")
def test_token_opens_its_own_company_alone(set_up, connections, method):
    """The token of one company does not open the endpoint of another."""
    other = connections(method)
    stranger = set_up(method, credentials=lambda held: other.client.target.credentials if held else held)
    answer = stranger.client.get("/Users", params={"filter": 'userName eq "nobody@example.com"'})
    must(400 <= answer.status < 500, "A token opens the endpoint of another company.", "401", f"status {answer.status}")


# -- the table of values ----------------------------------------------------------------------


@pytest.mark.requirement("METHOD-06")
@pytest.mark.parametrize("value", VALUES)
def test_table_is_complete(connection, value):
    """The table has each value that has to be copied into the identity provider."""
    must(connection.table.get(value), f"The table lacks {value}.", value, repr(connection.table.get(value)))


@pytest.mark.requirement("METHOD-06")
def test_table_needs_a_token(administrator, method):
    """Before there is a token no table of values is shown, and the page says what to do first."""
    table, message = administrator.page(method=method, **administrator.required()).save().table()
    must(table is None, "A table is shown before there is a token.", "none", "a table")
    must("token" in message.lower(), "The page does not say what to do first.", "generate a token", message or "-")


@pytest.mark.requirement("METHOD-06")
def test_table_is_written_for_people(set_up, method):
    """The table that people see has the endpoint, every target of the mapping, and the title of the method."""
    connection = set_up(method)
    text = connection.saved.written()
    for part in (connection.table["base_url"], *(row["target"] for row in connection.table["mapping"])):
        must(part in text, "The table that people see lacks a value.", part, "not there")


@pytest.mark.requirement("METHOD-07")
def test_table_speaks_the_language_of_the_identity_provider(connection, method):
    """The table calls each value what the identity provider of the method calls it."""
    names = connection.table.get("fields") or {}
    for value, words in WORDS[method].items():
        must(
            words in str(names.get(value)).lower(), f"{value} is called by another name.", words, str(names.get(value))
        )


@pytest.mark.requirement("METHOD-08")
def test_table_shows_the_token_once(set_up, method):
    """The table has the token the first time, and after a reset the new one, each once."""
    connection = set_up(method)
    must(connection.table.get("token") == connection.token, "The table lacks the token that was generated.",
         "the token", "another text, or none")  # fmt: skip
    must(not (connection.saved.table()[0] or {}).get("token"), "The table shows the token again.", "none", "a token")
    fresh, _ = connection.saved.reset()
    must((connection.saved.table()[0] or {}).get("token") == fresh, "The table lacks the token of a reset.",
         "the new token", "another text, or none")  # fmt: skip
    must(fresh and fresh not in connection.saved.written(), "The table shows the token again.", "none", "a token")


@pytest.mark.requirement("METHOD-09")
@pytest.mark.parametrize("value", ["base_url", "origin", "authentication"])
def test_table_has_the_values_of_the_settings(connection, administrator, value):
    """The base URL, the origin header and the way of authentication of the table are those that count."""
    endpoint = connection.saved.endpoint()
    wanted = {
        "base_url": str(endpoint),
        "origin": f"{connection.saved.origin_header}: {administrator.required()['service_origin']}",
        "authentication": "header" if connection.method != "entra-id" else "bearer",
    }[value]
    found = str(connection.table.get(value) or "")
    if not found:
        raise Blocked(f"the table lacks {value}")
    right = wanted in found.lower() if value == "authentication" else found == wanted
    must(right, f"{value} of the table is not that of the settings.", wanted, found)


@pytest.mark.requirement("METHOD-10")
def test_table_names_the_actions(connection, method):
    """The supported actions of the table are those that the guide enables for the method."""
    if not connection.table.get("actions"):
        raise Blocked("the table has no actions")
    shown = " ".join(map(str, connection.table["actions"])).lower()
    for action in ACTIONS[method]:
        must(action in shown, "The table does not name an action that has to be enabled.", action, shown or "-")


# -- the attribute mapping --------------------------------------------------------------------


@pytest.mark.requirement("METHOD-11")
def test_mapping_has_the_unique_identifier(connection):
    """The attribute mapping says where the unique identifier comes from."""
    unique = connection.table.get("unique_identifier")
    rows = [row for row in connection.table.get("mapping") or [] if row.get("target") == unique]
    must(len(rows) == 1, "The mapping does not say where the unique identifier comes from.",
         f"one row with the target {unique}", repr(rows))  # fmt: skip


@pytest.mark.requirement("METHOD-11")
def test_mapping_has_known_targets(connection, features, method):
    """Every target of the attribute mapping is an attribute that the endpoint has."""
    user = features.resource_type("User")
    unknown = [
        row["target"]
        for row in connection.table.get("mapping") or []
        if row["target"] not in OWN.get(method, ())
        and (method in OWN or targets.served(targets.parse(row["target"]), features, user) is None)
    ]
    must(not unknown, "The mapping has targets that the endpoint does not have.", "attributes that are served",
         ", ".join(unknown))  # fmt: skip


@pytest.mark.requirement("METHOD-11")
def test_mapping_can_be_copied(connection):
    """The identity provider can read every row of the attribute mapping, its expressions too."""
    try:
        mapping = connection.mapping()
    except BadMapping as problem:
        raise Violation("The mapping cannot be read.", expected=["a mapping"], actual=str(problem)) from None
    problems = [str(problem) for problem in mapping.problems] if mapping else []
    must(not problems, "The mapping has rows that cannot be read.", "rows that can be copied", "; ".join(problems))


@pytest.mark.requirement("METHOD-11")
def test_mapping_has_each_target_once(connection):
    """No target of the attribute mapping is there twice."""
    found = [row.get("target") for row in connection.table.get("mapping") or []]
    twice = sorted({str(target) for target in found if found.count(target) > 1})
    must(not twice, "The mapping has a target twice.", "each once", ", ".join(twice))

"""Faults of the provisioning methods: settings that are not kept, and tables with wrong values.

A company is a tenant that is opened while checks run, so a fault damages each one as it is opened (`on_every_company`):
its buttons generate_token and reset_token, its endpoint and table, and its service with all that a service has.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from scim_conformance.server.companies import Company
from scim_conformance.server.errors import ScimError
from scim_conformance.server.faults import after, answer, around, fault, swap
from scim_conformance.server.faults.access import keep_former_tokens
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.service import Service
from scim_conformance.server.settings import Settings
from scim_conformance.server.setup import Row, Setup

Damage = Callable[[Company], None]


def on_every_company(service: Service, damage: Damage, *methods: str) -> None:
    """Damage each company that is opened, or those with one of these methods."""

    def opened(company: Company) -> Company:
        if not methods or company.settings.method in methods:
            damage(company)
        return company

    after(service.companies, "open", opened)


def on_every_table(service: Service, change: Callable[[Setup], Setup], *methods: str) -> None:
    """Change the table of values of each company, or of those with one of these methods."""
    on_every_company(service, lambda company: after(company, "table", change), *methods)


def saved_otherwise(service: Service, change: Callable[[Settings], Settings]) -> None:
    """Save other settings than those of the page."""
    around(service.companies, "open", lambda original, settings: original(change(settings)))


# -- settings and token ---------------------------------------------------------------------


@fault("METHOD-01")
def method_allowlist_is_not_saved(service: Service) -> None:
    """The allowlist is not saved."""
    saved_otherwise(service, lambda settings: replace(settings, allowlist=""))


@fault("METHOD-01")
def method_is_saved_as_custom(service: Service) -> None:
    """Whatever provisioning method is chosen, custom is saved."""
    saved_otherwise(service, lambda settings: replace(settings, method="custom"))


@fault("METHOD-02")
def method_needs_no_fields_for_okta(service: Service) -> None:
    """For an app in Okta a token is generated although required fields are empty."""
    on_every_company(service, lambda company: answer(company.settings, "missing", []), "okta-app", "okta-custom-app")


@fault("METHOD-02")
def method_does_not_name_what_is_missing(service: Service) -> None:
    """The page says that something is missing, and not what."""

    def damage(company: Company) -> None:
        after(company.settings, "missing", lambda missing: ["required fields"] if missing else [])

    on_every_company(service, damage)


@fault("METHOD-03", "METHOD-08", "METHOD-12")
def method_token_is_another(service: Service) -> None:
    """The token that is shown is not the one that is accepted."""
    on_every_company(service, lambda company: after(company, "generate_token", lambda token: token[::-1]))


@fault("METHOD-03")
def method_token_is_shown_again(service: Service) -> None:
    """The button shows the token as often as it is pressed."""

    def damage(company: Company) -> None:
        shown: list[str] = []

        def generate(original: Callable[[], str]) -> str:
            shown[:] = shown or [original()]
            return shown[0]

        around(company, "generate_token", generate)

    on_every_company(service, damage)


@fault("METHOD-04", "METHOD-06")
def method_endpoint_before_the_token(service: Service) -> None:
    """The endpoint is shown before there is a token."""

    def damage(company: Company) -> None:
        swap(company, "endpoint", lambda host: f"https://{host}{company.service.locations.base_path}")

    on_every_company(service, damage)


@fault("METHOD-04")
def method_endpoint_of_everybody(service: Service) -> None:
    """Every company is shown the endpoint of the first one."""

    def damage(company: Company) -> None:
        after(company, "endpoint", lambda shown: shown and f"{shown.partition('/Companies/')[0]}/Companies/1/v2")

    on_every_company(service, damage)


@fault("METHOD-05", "METHOD-13")
def method_token_opens_every_company(service: Service) -> None:
    """Any token opens the endpoint of any company."""
    on_every_company(service, lambda company: answer(company.service.access, "token_accepted", True))


# -- the table of values --------------------------------------------------------------------


@fault("METHOD-06")
def method_table_without_a_token(service: Service) -> None:
    """A table of values is shown before there is a token."""

    def damage(company: Company) -> None:
        around(company, "endpoint", lambda original, host: original(host) or f"https://{host}/scim/v2")
        answer(company.settings, "has_token", True)

    on_every_company(service, damage, "entra-id")


@fault("METHOD-06")
def method_table_without_actions(service: Service) -> None:
    """The table does not say which actions are supported."""
    on_every_table(service, lambda table: replace(table, actions=()))


@fault("METHOD-06")
def method_table_without_origin(service: Service) -> None:
    """The table does not name the origin header."""
    on_every_table(service, lambda table: replace(table, origin=""))


class _Terse(Setup):
    """A table that people see without its attribute mapping."""

    def lines(self) -> list[str]:
        """Write the table without its mapping."""
        return Setup.lines(replace(self, mapping=()))


def _other_class(table: Setup, kind: type[Setup]) -> Setup:
    return kind(**{name: getattr(table, name) for name in Setup.__dataclass_fields__})


@fault("METHOD-06")
def method_mapping_is_not_written(service: Service) -> None:
    """The table that people see lacks the attribute mapping."""
    on_every_table(service, lambda table: _other_class(table, _Terse))


class _Uniform(Setup):
    """A table whose values have the same names for every method."""

    def to_json(self) -> dict[str, Any]:
        """Give the table with names that no identity provider has."""
        table = Setup.to_json(self)
        return {**table, "fields": {name: name.replace("_", " ") for name in table["fields"]}}


@fault("METHOD-07")
def method_table_with_names_of_our_own(service: Service) -> None:
    """The table calls values by names that no identity provider has."""
    on_every_table(service, lambda table: _other_class(table, _Uniform))


@fault("METHOD-06", "METHOD-08")
def method_table_never_has_the_token(service: Service) -> None:
    """The table never has the token."""
    on_every_table(service, lambda table: replace(table, token=None))


@fault("METHOD-08")
def method_table_always_has_the_token(service: Service) -> None:
    """The table has the token whenever it is shown."""

    def damage(company: Company) -> None:
        known: list[str] = []

        def remember(token: str) -> str:
            known.append(token)
            return token

        for button in ("generate_token", "reset_token"):
            after(company, button, remember)
        after(company, "table", lambda table: replace(table, token=known[-1]))

    on_every_company(service, damage)


@fault("METHOD-08")
def method_table_has_the_first_token(service: Service) -> None:
    """After a reset the table does not have the new token."""

    def damage(company: Company) -> None:
        around(company, "reset_token", lambda _original: company.settings.reset_token())

    on_every_company(service, damage)


@fault("METHOD-09")
def method_table_with_another_address(service: Service) -> None:
    """The table has the base URL of the service itself, not of the company."""
    on_every_table(service, lambda table: replace(table, base_url=table.base_url.partition("/Companies")[0] + "/scim"))


@fault("METHOD-09")
def method_table_with_the_older_header(service: Service) -> None:
    """The table has the older name of the origin header, which is not checked."""
    on_every_table(service, lambda table: replace(table, origin=table.origin.replace("X-Request-Origin", "X-Origin")))


@fault("METHOD-09")
def method_table_says_basic(service: Service) -> None:
    """The table says that requests are let in by name and password."""
    on_every_table(service, lambda table: replace(table, authentication="Basic Auth"))


@fault("METHOD-10")
def method_table_does_not_deactivate(service: Service) -> None:
    """The last action is missing: nobody is deactivated or deleted."""
    on_every_table(service, lambda table: replace(table, actions=table.actions[:-1]))


@fault("METHOD-11")
def method_mapping_without_identifier(service: Service) -> None:
    """The attribute mapping lacks the unique identifier."""
    on_every_table(
        service,
        lambda table: replace(table, mapping=tuple(row for row in table.mapping if row.target != "userName")),
    )


@fault("METHOD-11")
def method_mapping_to_nowhere(service: Service) -> None:
    """The attribute mapping has a target that the endpoint does not have."""
    on_every_table(service, lambda table: replace(table, mapping=(*table.mapping, Row("company", "organisation"))))


@fault("METHOD-11")
def method_mapping_with_a_slip(service: Service) -> None:
    """An expression of the attribute mapping lacks its last bracket."""

    def slipped(row: Row) -> Row:
        text = str(row.written.get("expression", ""))
        return replace(row, written={**row.written, "expression": text.rstrip(")")}) if ")" in text else row

    on_every_table(service, lambda table: replace(table, mapping=tuple(slipped(row) for row in table.mapping)))


@fault("METHOD-11")
def method_mapping_with_doubles(service: Service) -> None:
    """The attribute mapping has a target twice."""
    on_every_table(service, lambda table: replace(table, mapping=(*table.mapping, table.mapping[1])))


# -- credentials ----------------------------------------------------------------------------


def refuse(company: Company, is_meant: Callable[[Request], bool]) -> None:
    """Answer requests of one kind with 500."""

    def answered(original: Callable[[Request], Response], request: Request) -> Response:
        if is_meant(request):
            raise ScimError(500, None, "This does not work here.")
        return original(request)

    around(company.service, "answer", answered)


@fault("METHOD-12")
def method_okta_cannot_be_connected(service: Service) -> None:
    """Asking for the first two users, which Okta does to test credentials, is answered 500."""
    on_every_company(service, lambda company: refuse(company, lambda request: request.parameter("count") == "2"))


@fault("METHOD-12")
def method_entra_cannot_be_connected(service: Service) -> None:
    """Searching for a group that is not there, which Entra ID does to test credentials, is answered 500."""
    on_every_company(service, lambda company: refuse(company, lambda request: request.path.endswith("/Groups")))


@fault("METHOD-12")
def method_custom_cannot_be_connected(service: Service) -> None:
    """With the method custom, searching for somebody who is not there is answered 500."""

    def damage(company: Company) -> None:
        around(company.service, "holder", lambda original, name: original(name) or _failed())

    on_every_company(service, damage, "custom")


def _failed() -> Any:
    raise ScimError(500, None, "Nobody was found.")


@fault("METHOD-13")
def method_former_token_stays_valid(service: Service) -> None:
    """The token from before a reset stays valid."""
    on_every_company(service, lambda company: keep_former_tokens(company.settings))

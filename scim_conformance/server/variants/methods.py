"""Variants of the provisioning methods: pages and tables that look otherwise, and say the same."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from typing import Any

from scim_conformance.server.braze import Braze
from scim_conformance.server.companies import Company
from scim_conformance.server.messages import Headers, Request, Response
from scim_conformance.server.service import Service
from scim_conformance.server.setup import Row, Setup
from scim_conformance.server.variants import after, answer, around, swap, variant

PROFILES = ("methods",)


def on_every_company(service: Service, change: Callable[[Company], None]) -> None:
    """Change each company that is opened."""

    def opened(company: Company) -> Company:
        change(company)
        return company

    after(service.companies, "open", opened)


def on_every_table(service: Service, change: Callable[[Setup], Setup]) -> None:
    """Change the table of values of each company."""
    on_every_company(service, lambda company: after(company, "table", change))


# -- settings and token ---------------------------------------------------------------------


@variant(profiles=PROFILES)
def method_endpoints_cannot_be_guessed(service: Service) -> None:
    """The path of a company's endpoint is drawn by lot."""
    around(
        service.companies,
        "made",
        lambda original, settings, _path: original(settings, f"/{secrets.token_hex(8)}/scim"),
    )


@variant(profiles=PROFILES)
def method_missing_fields_in_other_words(service: Service) -> None:
    """The page names missing fields with an article and in capitals."""

    def change(company: Company) -> None:
        after(company.settings, "missing", lambda missing: [f"field {name.upper()}" for name in missing])

    on_every_company(service, change)


# -- the table of values --------------------------------------------------------------------


@variant(profiles=PROFILES)
def method_table_with_more_actions(service: Service) -> None:
    """The table names actions beyond those that the guide enables: importing users, pushing groups."""
    on_every_table(service, lambda table: replace(table, actions=(*table.actions, "Import Users", "Push Groups")))


@variant(profiles=PROFILES)
def method_mapping_of_what_is_needed(service: Service) -> None:
    """The attribute mapping has no more rows than an account needs."""
    needed = ("userName", "name.givenName", "name.familyName", "active", "department", "permissions")
    on_every_table(
        service, lambda table: replace(table, mapping=tuple(row for row in table.mapping if row.target in needed))
    )


@variant(profiles=PROFILES)
def method_mapping_in_another_order(service: Service) -> None:
    """The attribute mapping is sorted by its targets."""
    on_every_table(
        service, lambda table: replace(table, mapping=tuple(sorted(table.mapping, key=lambda row: row.target)))
    )


@variant(profiles=PROFILES)
def method_mapping_with_remarks(service: Service) -> None:
    """Each row of the attribute mapping has a remark."""

    def remarked(rows: tuple[Row, ...]) -> Iterator[Row]:
        return (replace(row, remark="as in the directory") for row in rows)

    on_every_table(service, lambda table: replace(table, mapping=tuple(remarked(table.mapping))))


# -- people ---------------------------------------------------------------------------------


@variant(profiles=PROFILES)
def method_changes_are_answered_204(service: Service) -> None:
    """A PATCH that succeeds is answered 204 without a body."""

    def change(company: Company) -> None:
        if not isinstance(company.service, Braze):
            swap(company.service.answers, "modified", lambda *_args: Response(204))

    on_every_company(service, change)


@variant(profiles=PROFILES)
def method_ids_are_numbers(service: Service) -> None:
    """Ids are numbers, written as strings."""

    def change(company: Company) -> None:
        numbers = count(1001)
        owner: Any = company.service.users if isinstance(company.service, Braze) else company.service.lifecycle
        swap(owner, "new_id", lambda: str(next(numbers)))

    on_every_company(service, change)


@variant(profiles=PROFILES)
def method_custom_creation_answered_200(service: Service) -> None:
    """With the method custom, a creation is answered 200: no status is documented."""

    def change(company: Company) -> None:
        part = company.service
        if isinstance(part, Braze):
            swap(part.answers, "created_user", lambda request, shown: part.answers.document(request, 200, shown))

    on_every_company(service, change)


@variant(profiles=PROFILES)
def method_custom_nobody_found_is_404(service: Service) -> None:
    """With the method custom, a search that finds nobody is answered 404: no answer is documented."""

    def change(company: Company) -> None:
        part = company.service

        def found(original: Callable[..., Response], request: Request, users: list[Any]) -> Response:
            response = original(request, users)
            return response if users else Response(404, Headers(response.headers), response.body)

        if isinstance(part, Braze):
            around(part.answers, "found_users", found)

    on_every_company(service, change)


@variant(profiles=PROFILES)
def method_refusals_without_a_challenge(service: Service) -> None:
    """A refusal of credentials has an empty detail and no error in its challenge."""
    on_every_company(service, lambda company: answer(company.service.access, "challenge", "Bearer"))

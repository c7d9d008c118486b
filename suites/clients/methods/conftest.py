"""What the checks of provisioning methods share: companies set up for a method, and the job that provisions people."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from scim_conformance.idp.braze import BrazeCustomClient
from scim_conformance.idp.directory import entra_person, okta_person
from scim_conformance.idp.entra import EntraClient
from scim_conformance.idp.mapping import BadMapping, load
from scim_conformance.idp.okta import OktaClient
from scim_conformance.idp.outcome import Outcome
from scim_conformance.judge import Blocked

METHODS = ("okta-app", "okta-custom-app", "entra-id", "custom")
FLAVOURS = {"okta-app": "oin", "okta-custom-app": "aiw"}
CHANGED = "Changed"


class OktaJob:
    """An app in Okta: the one of the catalogue, or one of the company's own."""

    first_name = "firstName"

    def __init__(self, client: Any, method: str, mapping: Any):
        self._made_of = (client, method, mapping)
        self.idp: Any = self.connected(client, method, mapping)

    def connected(self, client: Any, method: str, mapping: Any) -> Any:
        """Return the identity provider, connected to the target."""
        return OktaClient(client, FLAVOURS[method], mapping)

    def another(self) -> Any:
        """Return a job of the same kind that knows nothing of what this one did."""
        return type(self)(*self._made_of)

    def person(self, mark: str) -> dict[str, Any]:
        """Invent a person of Okta's directory."""
        return okta_person(mark)

    def assign(self, person: dict[str, Any]) -> Outcome:
        """Assign a person, for the first time or again."""
        return self.idp.assign(person)

    def update(self, account: dict[str, Any], before: dict[str, Any], after: dict[str, Any]) -> Outcome:
        """Push a profile that has changed."""
        return self.idp.update_user(account, before, after)

    def unassign(self, account: dict[str, Any]) -> Outcome:
        """Take a person off the app."""
        return self.idp.unassign(account)

    def reassign(self, _account: dict[str, Any], person: dict[str, Any]) -> Outcome:
        """Assign a person again."""
        return self.idp.assign(person)

    def changed(self, person: dict[str, Any]) -> dict[str, Any]:
        """Give a person another first name."""
        return {**person, self.first_name: CHANGED}


class EntraJob(OktaJob):
    """An enterprise application in Entra ID."""

    first_name = "givenName"

    def connected(self, client: Any, _method: str, mapping: Any) -> Any:
        """Return Entra ID, connected to the target."""
        return EntraClient(client, mapping=mapping)

    def person(self, mark: str) -> dict[str, Any]:
        """Invent a person of Entra ID's directory."""
        return entra_person(mark)

    def assign(self, person: dict[str, Any]) -> Outcome:
        """Do what a cycle does for a person in scope."""
        return self.idp.provision(person)

    def reassign(self, account: dict[str, Any], _person: dict[str, Any]) -> Outcome:
        """Enable the account of a person who is back in scope."""
        return self.idp.enable(account)


class CustomJob(OktaJob):
    """A service of the company's own."""

    def connected(self, client: Any, _method: str, _mapping: Any) -> Any:
        """Return the service, connected to the target."""
        return BrazeCustomClient(client)

    def person(self, mark: str) -> dict[str, Any]:
        """Invent a person of the company."""
        return self.idp.person(mark)

    def assign(self, person: dict[str, Any]) -> Outcome:
        """Search for a person, and create or update the account."""
        return self.idp.provision(person)

    def update(self, account: dict[str, Any], _before: dict[str, Any], after: dict[str, Any]) -> Outcome:
        """Update an account."""
        return self.idp.update_user(account, after)

    def unassign(self, account: dict[str, Any]) -> Outcome:
        """Delete an account."""
        return self.idp.delete_user(account)

    def reassign(self, _account: dict[str, Any], person: dict[str, Any]) -> Outcome:
        """Create the account of a person who is back."""
        return self.assign(person)

    def changed(self, person: dict[str, Any]) -> dict[str, Any]:
        """Give a person another first name."""
        return {**person, "name": {**person["name"], "givenName": CHANGED}}


def job_of(method: str, client: Any, mapping: Any = None) -> Any:
    """Return the job that provisions by a method, with a mapping or the one that its identity provider starts with."""
    kind = {"entra-id": EntraJob, "custom": CustomJob}.get(method, OktaJob)
    return kind(client, method, mapping)


@dataclasses.dataclass
class Connection:
    """A company that was set up for a method, the table of values and the token that were shown, and a client."""

    method: str
    saved: Any
    token: str
    table: dict[str, Any]
    client: Any
    folder: Path

    def mapping(self) -> Any:
        """Copy the attribute mapping of the table, row by row; a service of the company's own has none to copy it to.

        Raises BadMapping where the identity provider cannot read it at all.
        """
        if self.method == "custom":
            return None
        copied = {"idp": "entra" if self.method == "entra-id" else "okta", "user": self.table.get("mapping") or []}
        place = self.folder / "mapping.json"
        place.write_text(json.dumps(copied), encoding="utf-8")
        return load(place)

    @property
    def job(self) -> Any:
        """A new provisioning job with the values of the table."""
        try:
            return job_of(self.method, self.client, self.mapping())
        except BadMapping as problem:
            raise Blocked(f"the attribute mapping cannot be copied: {problem}") from None


@pytest.fixture(params=METHODS)
def method(request):
    """Each provisioning method."""
    return request.param


@pytest.fixture(scope="session")
def set_up(scim, scim_session, administrator, tmp_path_factory):
    """Set a company up for a method: save the settings, generate the token, copy the table; blocked where that fails.

    `credentials` changes what the client sends; else it is what the table says.
    """

    def do(method: str, credentials: Any = None, **more: str) -> Connection:
        saved = administrator.page(method=method, **{**administrator.required(), **more}).save()
        token, message = saved.generate()
        if token is None:
            raise Blocked(f"no token can be generated: {message}")
        scim_session.redactor.add(token)
        table, message = saved.table()
        if table is None:
            raise Blocked(f"no table of values is shown: {message}")
        held = copied(scim.target.credentials, saved, administrator.required()["service_origin"], token)
        client = scim_session.elsewhere(str(saved.endpoint()), credentials(held) if credentials else held)
        return Connection(method, saved, token, table, client, tmp_path_factory.mktemp(method))

    return do


def copied(credentials: Any, saved: Any, origin: str, token: str) -> Any:
    """Return the credentials that an administrator copies: the token, and the origin under its header's name."""
    secret = type(credentials.token)(token)
    return dataclasses.replace(credentials.of_another(secret), origin=origin, origin_header=saved.origin_header)


@pytest.fixture(scope="session")
def connections(set_up):
    """The companies that checks of people share, by method; set up when first needed."""
    known: dict[str, Connection] = {}

    def get(method: str) -> Connection:
        if method not in known:
            known[method] = set_up(method)
        return known[method]

    return get


@pytest.fixture
def provisioned(scim, administrator, connections, method):
    """The client and the job of a method: with the values of the table, or of another target."""
    if administrator is not None:
        connection = connections(method)
        return connection.client, connection.job
    if method == "custom":
        pytest.skip("disabled: the method custom has an API of its own, which --profile braze judges")
    return scim, job_of(method, scim)


@pytest.fixture
def job(provisioned):
    """The job that provisions by the method at hand."""
    return provisioned[1]


@pytest.fixture
def person(job, mark):
    """A person whom the identity provider knows and the target does not."""
    return job.person(mark())


@pytest.fixture
def account_of(provisioned):
    """Assign a person and give the account; it is deleted when the check is over. Blocked where that fails."""
    client, job = provisioned
    made = []

    def assign(person: dict[str, Any]) -> dict[str, Any]:
        outcome = job.assign(person)
        if not outcome.ok or not (outcome.resource or {}).get("id"):
            raise Blocked(f"assigning a person failed: {outcome.why or outcome.shown or 'no account is shown'}")
        made.append(outcome.resource)
        return outcome.resource

    yield assign
    for account in made:
        client.discard(("/Users", account["id"]))


@pytest.fixture
def seen(provisioned):
    """Read an account as the target shows it now; None where it is gone."""

    def read(account: dict[str, Any]) -> dict[str, Any] | None:
        answer = provisioned[0].read(("/Users", account["id"]))
        if answer.status in (404, 410):
            return None
        if answer.status != 200 or not answer.is_json or not isinstance(answer.json, dict):
            raise Blocked(f"reading the account back failed: GET answered {answer.status}")
        return answer.json

    return read

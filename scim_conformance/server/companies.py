"""Companies whose administrators set provisioning up: each has settings, an endpoint, a token and users of its own.

A company is a tenant beside the service it was opened on. That of the method `custom` has the API of Braze's for which
the method is meant; the others, to which an identity provider comes, are service providers by the RFCs.
"""

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from scim_conformance.server.settings import NotReady, Settings
from scim_conformance.server.setup import Setup, setup

if TYPE_CHECKING:
    from scim_conformance.server.service import Service


class Company:
    """One company: its saved settings, the buttons of its settings page, and the table of values for its method."""

    def __init__(self, service: "Service") -> None:
        self.service = service
        self._fresh: str | None = None

    @property
    def settings(self) -> Settings:
        """The settings as they are saved."""
        return self.service.settings

    def generate_token(self) -> str:
        """Generate the first token and give it, this once; raise NotReady while required fields are empty."""
        self._fresh = self.settings.generate_token()
        return self._fresh

    def reset_token(self) -> str:
        """Make a new token and give it, this once; the old one is invalid from now on."""
        self._fresh = self.settings.reset_token()
        return self._fresh

    def endpoint(self, host: str) -> str | None:
        """Give the SCIM endpoint that is shown beside the token; None while there is none."""
        return self.service.shown_endpoint(self.settings, host)

    def table(self, host: str) -> Setup:
        """Give the table of values to copy, with the token the first time; raise NotReady while there is no token."""
        endpoint = self.endpoint(host)
        if endpoint is None:
            raise NotReady("There is nothing to copy yet; generate a token first.")
        token, self._fresh = self._fresh, None
        return setup(self.service, self.settings, endpoint, token)


class Companies:
    """Opens companies beside a service."""

    def __init__(self, service: "Service") -> None:
        self._service = service
        self._opened = 0

    def open(self, settings: Settings) -> Company:
        """Save the settings of a new company, whose endpoint has a path of its own."""
        self._opened += 1
        kept = replace(settings, tls_only=self._service.settings.tls_only)
        company = Company(self.made(kept, f"/Companies/{self._opened}/v2"))
        self._service.tenants.add(company.service)
        return company

    def made(self, settings: Settings, base_path: str) -> "Service":
        """Make the service provider of a company."""
        if settings.method != "custom":
            from scim_conformance.server.service import Service  # noqa: PLC0415 - it imports this module

            return Service(settings, base_path=base_path)
        from scim_conformance.server.braze.service import Braze  # noqa: PLC0415 - the same
        from scim_conformance.server.braze.settings import BrazeSettings  # noqa: PLC0415 - the same

        values: dict[str, Any] = {field.name: getattr(settings, field.name) for field in fields(settings) if field.init}
        return Braze(BrazeSettings(**values), base_path=base_path)

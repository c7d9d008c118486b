"""What a person does on the settings pages of the bundled server, for the checks of the settings themselves."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

HOST = "scim.example.com"
ORIGIN = "idp.example.com"
WORKSPACE = "Default workspace"


class Administrator:
    """What a person does on the provisioning settings page, for the checks of the settings themselves."""

    def __init__(self, service: Any) -> None:
        self._service = service

    def page(self, **filled_in: str) -> "Page":
        """Open a fresh settings page with these fields filled in.

        Raises ValueError, with the page's message, for a value that the page does not take.
        """
        return Page(self._service, self._service.new_settings(**filled_in))

    def required(self) -> dict[str, str]:
        """Give the required fields, filled in."""
        return {"default_workspace": WORKSPACE, "service_origin": ORIGIN}

    @contextmanager
    def later(self, seconds: float) -> Iterator[None]:
        """Let the server take it, for a while, that so many seconds have passed, for what expires: cursors."""
        cursors = self._service.cursors
        now = cursors.clock
        cursors.clock = lambda: now() + seconds
        try:
            yield
        finally:
            cursors.clock = now


class BrazeAdministrator(Administrator):
    """The same for the server like Braze's: what it does when nobody else is left, and when a day's requests are."""

    @property
    def daily_limit(self) -> int:
        """The number of requests that a day has."""
        return int(self._service.limit.settings.daily_limit)

    @contextmanager
    def alone(self, id_: str) -> Iterator[None]:
        """Let the company have, for a while, no other user than this one."""
        store = self._service.store
        others = [record for record in store.scan("User") if record.id != id_]
        for record in others:
            store.remove("User", record.id)
        try:
            yield
        finally:
            for record in others:
                store.insert(record)

    @contextmanager
    def day_with(self, *, left: int) -> Iterator[Callable[[], None]]:
        """Let it be noon of a day that has so many requests left; what is given lets the next day begin."""
        limit, now = self._service.limit, self._service.clock.now
        former = limit.day, limit.used
        noon = datetime(2026, 3, 1, 12, tzinfo=UTC)

        def tell(moment: datetime) -> None:
            self._service.clock.now = lambda: moment

        tell(noon)
        limit.day, limit.used = noon.date(), self.daily_limit - left
        try:
            yield lambda: tell(noon + timedelta(days=1))
        finally:
            self._service.clock.now = now
            limit.day, limit.used = former


class Page:
    """One settings page: fields, the buttons that generate and reset a token, and a service with these settings."""

    def __init__(self, service: Any, settings: Any) -> None:
        self._service = service
        self.settings = settings

    def generate(self) -> tuple[str | None, str]:
        """Press "Generate SCIM token": the token and no message, or no token and the page's message."""
        return self._press(self.settings.generate_token)

    def reset(self) -> tuple[str | None, str]:
        """Press "Reset token": the new token and no message, or no token and the page's message."""
        return self._press(self.settings.reset_token)

    def endpoint(self) -> str | None:
        """Give the SCIM endpoint that the page shows, None where it shows none."""
        found: str | None = self._service.shown_endpoint(self.settings, HOST)
        return found

    def shows(self, token: str) -> bool:
        """Tell whether the page, or anything it keeps, holds the token in clear."""
        return token in repr(vars(self.settings)) or token in repr(self.settings)

    def accepts(self, token: str) -> bool:
        """Tell whether this is a token in force."""
        return bool(self.settings.accepts(token))

    def lets_in(self, token: str | None, *, address: str, origin: str | None = ORIGIN) -> bool:
        """Tell whether a service with these settings lets in a request with this token, origin and address."""
        from scim_conformance.server.errors import ScimError  # noqa: PLC0415 - the server is heavy
        from scim_conformance.server.messages import Headers, Request  # noqa: PLC0415

        headers = Headers([("Host", HOST)])
        if token is not None:
            headers.add("Authorization", f"Bearer {token}")
        if origin is not None:
            headers.add(self.settings.origin_header, origin)
        request = Request("GET", f"{self._service.locations.base_path}/Users", headers=headers, peer=address)
        with self._in_force():
            try:
                self._service.access.check(request, "/Users")
            except ScimError:
                return False
            return True

    @contextmanager
    def _in_force(self) -> Iterator[None]:
        """Let the service work by this page's settings for a while; a fault in its rules stays in force."""
        access = self._service.access
        former, access.settings = access.settings, self.settings
        try:
            yield
        finally:
            access.settings = former

    def save(self) -> "Saved":
        """Save the page: a company with these settings, an endpoint and users of its own."""
        return Saved(self._service.companies.open(self.settings))

    def _press(self, button: Any) -> tuple[str | None, str]:
        return _pressed(button)


class Saved:
    """The saved settings page of one company, with the table of values for its provisioning method."""

    def __init__(self, company: Any) -> None:
        self._company = company

    def shows(self) -> dict[str, str]:
        """Give what stands in the fields when the page is opened again."""
        settings = self._company.settings
        names = ("method", "default_workspace", "service_origin", "allowlist")
        return {name: str(getattr(settings, name)) for name in names}

    @property
    def origin_header(self) -> str:
        """The name of the header that has to name the service origin."""
        return str(self._company.settings.origin_header)

    def generate(self) -> tuple[str | None, str]:
        """Press "Generate SCIM token": the token and no message, or no token and the page's message."""
        return _pressed(self._company.generate_token)

    def reset(self) -> tuple[str | None, str]:
        """Press "Reset token": the new token and no message, or no token and the page's message."""
        return _pressed(self._company.reset_token)

    def endpoint(self) -> str | None:
        """Give the SCIM endpoint that the page shows, None where it shows none."""
        found: str | None = self._company.endpoint(HOST)
        return found

    def table(self) -> tuple[dict[str, Any] | None, str]:
        """Give the table of values to copy and no message, or no table and the page's message."""
        found, message = _pressed(lambda: self._company.table(HOST))
        return (None if found is None else found.to_json()), message

    def written(self) -> str:
        """Give the table as people see it."""
        found, message = _pressed(lambda: self._company.table(HOST))
        return message if found is None else "\n".join(found.lines())


def _pressed(button: Callable[[], Any]) -> tuple[Any, str]:
    from scim_conformance.server.settings import NotReady  # noqa: PLC0415 - the server is heavy

    try:
        return button(), ""
    except NotReady as refusal:
        return None, str(refusal)

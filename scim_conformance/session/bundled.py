"""The bundled reference server as a target: made, filled in by its administrator, and broken or varied on request."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from scim_conformance.client.target import Credentials, Secret, Target
from scim_conformance.config import BadConfiguration, Options

if TYPE_CHECKING:
    from scim_conformance.server.registry import Served

HOST = "scim.example.com"
ORIGIN = "idp.example.com"
WORKSPACE = "Default workspace"
ALLOWLIST = "192.0.2.10, 198.51.100.16/28, 203.0.113.5-203.0.113.20, 2001:db8:1::/64, 2001:db8:2::5-2001:db8:2::9"
ALLOWED_ADDRESS = "192.0.2.10"
OUTSIDE_ADDRESS = "192.0.2.99"
HINTS = {"nested-groups": True, "public-discovery": False, "versioned-base": True, "precis": True}
"""What no discovery document tells, and its operator knows."""
BASE_PATH = "/scim/v2"
TENANT_PATH = "/Tenants/second/v2"
WEAK_PASSWORD = "password1"  # noqa: S105 - the very one that everybody knows
SENSITIVE_FILTER = 'password eq "password1"'


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

    def _press(self, button: Any) -> tuple[str | None, str]:
        from scim_conformance.server.settings import NotReady  # noqa: PLC0415 - the server is heavy

        try:
            return button(), ""
        except NotReady as refusal:
            return None, str(refusal)


def bundled_target(options: Options) -> tuple[Target, Administrator]:
    """Return the bundled server as a target, with a token generated and reset once, and its administrator.

    It is reached by TLS, as it were, has a second tenant, and clients with other rights. An unknown fault or variant
    raises `LookupError` with the closest ids, and definitions that cannot be used `BadConfiguration`.
    """
    from scim_conformance.server import create_app, faults, variants  # noqa: PLC0415 - the server is heavy

    variant = variants.find(options.variant) if options.variant else None
    fault = faults.find(options.fault) if options.fault else None
    changes = [change for change in (variant, fault) if change is not None]
    wanted = variant.options if variant else {}
    options.hints = {**wanted.get("hints", {}), **options.hints}
    options.features = {**wanted.get("features", {}), **options.features}
    options.workspace = options.workspace or WORKSPACE
    if _is_like_braze(options, changes):
        return _braze_target(options, changes)
    base_path = wanted.get("base_path", BASE_PATH)
    service = _service(options, base_path)
    service.tenants.add(_service(options, TENANT_PATH))
    revoked = service.take_token()
    for change in changes:
        change.apply(service)
    token = service.settings.reset_token()
    options.registration_path = options.registration_path or "/Me"
    options.weak_password = options.weak_password or WEAK_PASSWORD
    options.sensitive_filter = options.sensitive_filter or SENSITIVE_FILTER
    options.hints = {**HINTS, **options.hints}
    target = Target.wsgi(
        create_app(service),
        kind="bundled",
        base_url=f"https://{HOST}{base_path}",
        name=options.fault or options.variant or "",
        credentials=Credentials(token=Secret(token), origin=ORIGIN, origin_header=options.origin_header),
        tokens={"revoked": Secret(revoked), **_tokens(service)},
        other_tenant_url=f"https://{HOST}{TENANT_PATH}",
        timeout=options.timeout,
        max_wait=options.max_wait,
        allowlist=ALLOWLIST,
        source_address=ALLOWED_ADDRESS,
        outside_address=OUTSIDE_ADDRESS,
    )
    return target, Administrator(service)


def _is_like_braze(options: Options, changes: list[Any]) -> bool:
    """Tell whether the server has to be the one like Braze's, which is judged by no other profile than its own.

    Raises BadConfiguration where a fault or a variant is one of the other server.
    """
    served: Served = "braze" if options.profile == ["braze"] else "rfc"
    for change in changes:
        if change.server != served:
            remedy = "with --profile braze alone" if change.server == "braze" else "without --profile braze"
            raise BadConfiguration(f"{change.id} changes the other bundled server; run it {remedy}")
    if served == "braze" and options.definitions:
        raise BadConfiguration("--definitions: the server like Braze's has one schema; take --profile braze away")
    return served == "braze"


def _braze_target(options: Options, changes: list[Any]) -> tuple[Target, Administrator]:
    """Return the server like Braze's as a target, with a token generated and reset once, and its administrator."""
    from scim_conformance.server import create_app  # noqa: PLC0415 - the server is heavy
    from scim_conformance.server.braze import braze  # noqa: PLC0415 - the same

    service = braze(
        default_workspace=WORKSPACE,
        service_origin=ORIGIN,
        allowlist=ALLOWLIST,
        origin_header=options.origin_header,
        base_path=BASE_PATH,
        tls_only=True,
    )
    revoked = service.take_token()
    for change in changes:
        change.apply(service)
    target = Target.wsgi(
        create_app(service),
        kind="bundled",
        base_url=f"https://{HOST}{BASE_PATH}",
        name=options.fault or options.variant or "",
        credentials=Credentials(
            token=Secret(service.settings.reset_token()), origin=ORIGIN, origin_header=options.origin_header
        ),
        tokens={"revoked": Secret(revoked)},
        timeout=options.timeout,
        max_wait=options.max_wait,
        allowlist=ALLOWLIST,
        source_address=ALLOWED_ADDRESS,
        outside_address=OUTSIDE_ADDRESS,
    )
    return target, BrazeAdministrator(service)


def _service(options: Options, base_path: str) -> Any:
    """Return a service provider below this path, with its provisioning settings filled in."""
    from scim_conformance.server import reference  # noqa: PLC0415 - the server is heavy
    from scim_conformance.server.schema import BadSchema  # noqa: PLC0415 - the same

    try:
        return reference(
            default_workspace=WORKSPACE,
            service_origin=ORIGIN,
            allowlist=ALLOWLIST,
            origin_header=options.origin_header,
            base_path=base_path,
            definitions=options.definitions,
            self_registration=True,
            tls_only=True,
        )
    except BadSchema as problem:
        raise BadConfiguration(f"--definitions: {problem}") from None


def _tokens(service: Any) -> dict[str, Secret]:
    """Issue the tokens of clients with other rights, by the names that options have for them."""
    issue = service.grants.issue
    tokens = {
        "read-only": issue(scopes=["read"]),
        "expired": issue(expires=datetime.now(UTC)),
        "other": issue(client="second"),
        "user": issue(subject="somebody"),
        "other-tenant": next(iter(service.tenants)).take_token(),
    }
    return {name: Secret(token) for name, token in tokens.items()}

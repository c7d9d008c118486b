"""The bundled reference server as a target: made, filled in by its administrator, and broken or varied on request."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from scim_conformance.client.target import Credentials, Secret, Target
from scim_conformance.config import BadConfiguration, Options
from scim_conformance.session.administrator import HOST, ORIGIN, WORKSPACE, Administrator, BrazeAdministrator

if TYPE_CHECKING:
    from scim_conformance.server.registry import Served

ALLOWLIST = "192.0.2.10, 198.51.100.16/28, 203.0.113.5-203.0.113.20, 2001:db8:1::/64, 2001:db8:2::5-2001:db8:2::9"
ALLOWED_ADDRESS = "192.0.2.10"
OUTSIDE_ADDRESS = "192.0.2.99"
HINTS = {"nested-groups": True, "public-discovery": False, "versioned-base": True, "precis": True}
"""What no discovery document tells, and its operator knows."""
BASE_PATH = "/scim/v2"
TENANT_PATH = "/Tenants/second/v2"
WEAK_PASSWORD = "password1"  # noqa: S105 - the very one that everybody knows
SENSITIVE_FILTER = 'password eq "password1"'


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

"""The bundled reference server as a target: made, filled in by its administrator, and broken or varied on request."""

from difflib import get_close_matches
from typing import Any

from scim_conformance.client.target import Credentials, Secret, Target
from scim_conformance.config import BadConfiguration, Options

ORIGIN = "idp.example.com"
WORKSPACE = "Default workspace"
ALLOWLIST = "192.0.2.10, 198.51.100.16/28, 203.0.113.5-203.0.113.20, 2001:db8:1::/64, 2001:db8:2::5-2001:db8:2::9"
ALLOWED_ADDRESS = "192.0.2.10"
OUTSIDE_ADDRESS = "192.0.2.99"


class Administrator:
    """What a person does on the provisioning settings page, for the checks of the settings themselves."""

    def __init__(self, service: Any) -> None:
        self._service = service

    def page(self, **filled_in: str) -> "Page":
        """Open a fresh settings page with these fields filled in."""
        return Page(self._service, self._service.new_settings(**filled_in))


class Page:
    """One settings page: fields, and the buttons that generate and reset a token."""

    def __init__(self, service: Any, settings: Any) -> None:
        self._service = service
        self.settings = settings

    def generate(self) -> tuple[str | None, str]:
        """Press "Generate SCIM token": the token and no message, or no token and the page's message."""
        return self._press(self.settings.generate_token)

    def reset(self) -> tuple[str | None, str]:
        """Press "Reset token": the new token and no message, or no token and the page's message."""
        return self._press(self.settings.reset_token)

    def accepts(self, token: str) -> bool:
        """Tell whether a request with this token would be let in."""
        return bool(self.settings.accepts(token))

    def shows(self, token: str) -> bool:
        """Tell whether the page, or anything it keeps, holds the token in clear."""
        return token in repr(vars(self.settings))

    def _press(self, button: Any) -> tuple[str | None, str]:
        from scim_conformance.server.settings import NotReady  # noqa: PLC0415 - the server is heavy

        try:
            return button(), ""
        except NotReady as refusal:
            return None, str(refusal)


def bundled_target(options: Options) -> tuple[Target, Administrator]:
    """Return the bundled server as a target, with a token generated, reset and generated again, and its administrator.

    An unknown fault or variant raises `BadConfiguration` with the closest ids.
    """
    from scim_conformance.server import create_app, reference  # noqa: PLC0415 - the server is heavy

    service = reference(
        default_workspace=WORKSPACE, service_origin=ORIGIN, allowlist=ALLOWLIST, origin_header=options.origin_header
    )
    revoked = service.token
    token = service.settings.reset_token()
    base_path = "/scim/v2"
    if options.variant:
        variant = chosen("variant", options.variant)
        variant.apply(service)
        base_path = variant.options.get("base_path", base_path)
        options.hints = variant.options.get("hints", {}) | options.hints
        options.features = variant.options.get("features", {}) | options.features
    if options.fault:
        chosen("fault", options.fault).apply(service)
    options.workspace = options.workspace or WORKSPACE
    target = Target.wsgi(
        create_app(service),
        kind="bundled",
        base_url=f"http://scim.example.com{base_path}",
        credentials=Credentials(token=Secret(token), origin=ORIGIN, origin_header=options.origin_header),
        revoked_token=Secret(revoked),
        timeout=options.timeout,
        max_wait=options.max_wait,
        allowlist=ALLOWLIST,
        source_address=ALLOWED_ADDRESS,
        outside_address=OUTSIDE_ADDRESS,
    )
    return target, Administrator(service)


def chosen(what: str, id_: str) -> Any:
    """Return the fault or variant of this id; an unknown one raises `BadConfiguration` with the closest ids."""
    if what == "fault":
        from scim_conformance.server.faults import FAULTS as REGISTRY  # noqa: PLC0415, N812 - the server is heavy
        from scim_conformance.server.faults import load_all  # noqa: PLC0415
    else:
        from scim_conformance.server.variants import VARIANTS as REGISTRY  # noqa: PLC0415, N812
        from scim_conformance.server.variants import load_all  # noqa: PLC0415
    load_all()
    if id_ in REGISTRY:
        return REGISTRY[id_]
    close = get_close_matches(id_, REGISTRY, 3)
    hint = f"did you mean {' or '.join(close)}?" if close else f"see: scim-conformance list {what}s"
    raise BadConfiguration(f"there is no {what} {id_!r}; {hint}")

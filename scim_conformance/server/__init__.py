"""The reference service provider: RFC 7643 and 7644 with the access control of the provisioning settings."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from scim_conformance.server.definitions import check_together, load_definitions
from scim_conformance.server.resource_types import standard_resource_types
from scim_conformance.server.schema import standard_schemas
from scim_conformance.server.service import Service
from scim_conformance.server.settings import Settings
from scim_conformance.server.sqlite_store import SQLiteStore

if TYPE_CHECKING:
    from scim_conformance.server.web import create_app

__all__ = ["Service", "Settings", "create_app", "reference"]

_SERVICE_OPTIONS = ("store", "resource_types", "schemas", "capabilities", "base_path")


def reference(
    *, token: str | None = None, db: "Path | str | None" = None, definitions: "Path | str | None" = None, **options: Any
) -> Service:
    """Make a service provider ready for use: settings filled in, a token generated (or the one given).

    Resources are kept in memory, or in the SQLite file `db`. `definitions` is a folder of schemas and resource types
    as JSON files, which are added to those of RFC 7643 or take the place of their namesakes. Further options are
    those of Settings (`service_origin`, `allowlist`, `address_from` ...) and of Service (`store`, `capabilities`,
    `base_path`). `take_token()` of the service gives the token once.
    """
    service_options = {name: options.pop(name) for name in _SERVICE_OPTIONS if name in options}
    settings = Settings(**{"default_workspace": "Main", "service_origin": "idp.example.com", **options})
    if definitions is not None:
        schemas, kinds = load_definitions(Path(definitions))
        every = {schema.id.lower(): schema for schema in [*standard_schemas(), *schemas]}
        types = {kind.name: kind for kind in [*standard_resource_types(), *kinds]}
        check_together(Path(definitions), every.values(), types.values())
        service_options |= {"schemas": every.values(), "resource_types": types.values()}
    if db is not None:
        service_options["store"] = SQLiteStore(db)
    service = Service(settings, **service_options)
    service.open(token)
    return service


def __getattr__(name: str) -> Any:
    # The web framework is loaded only by those who serve HTTP.
    if name == "create_app":
        from scim_conformance.server.web import create_app  # noqa: PLC0415 see above

        return create_app
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""`scim-conformance serve`: the bundled reference server on a port, as a stand-in for a real service provider."""

import argparse
import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scim_conformance.server.chaos.front import ChaosServer
    from scim_conformance.server.faults import Fault
    from scim_conformance.server.service import Service
    from scim_conformance.server.variants import Variant
    from scim_conformance.server.web import Server

PROFILES = ("rfc", "braze")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `serve`."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", default="8080", help="port to listen on, 0 for any free one (default 8080)")
    parser.add_argument(
        "--base-path", default="/scim/v2", metavar="PATH", help="path of the base URL (default /scim/v2)"
    )
    parser.add_argument(
        "--profile",
        default="rfc",
        metavar="NAME",
        help="rfc, a service provider by the RFCs (default), or braze: the five endpoints of Braze's SCIM API",
    )
    parser.add_argument("--token", help="bearer token to accept (default: one is generated, and shown once)")
    parser.add_argument(
        "--method",
        metavar="NAME",
        help="provisioning method: okta-app, okta-custom-app, entra-id or custom (default)",
    )
    parser.add_argument(
        "--show-setup",
        metavar="METHOD",
        help="show the table of values to copy into the identity provider: for okta-app, okta-custom-app, entra or "
        "custom, which is the provisioning method then",
    )
    parser.add_argument("--json", action="store_true", help="with --show-setup: print the table as one line of JSON")
    parser.add_argument("--workspace", default="Default workspace", metavar="NAME", help="default workspace")
    parser.add_argument("--origin", default="localhost", metavar="VALUE", help="service origin (default localhost)")
    parser.add_argument("--origin-header", default="X-Request-Origin", metavar="NAME", help="name of the origin header")
    parser.add_argument("--allow", default="", metavar="CIDR,RANGE,...", help="IP allowlist (default: any address)")
    parser.add_argument(
        "--address-from",
        default="peer",
        metavar="WHERE",
        help="where a request's address is read: peer (default), forwarded or origin",
    )
    parser.add_argument(
        "--trusted-proxies",
        default="",
        metavar="CIDR,...",
        help="proxies whose X-Forwarded-For counts, with --address-from forwarded",
    )
    parser.add_argument("--daily-limit", metavar="N", help="requests that --profile braze allows a day (default 5000)")
    parser.add_argument("--db", metavar="FILE", help="keep the resources in this SQLite file (default: in memory)")
    parser.add_argument(
        "--definitions",
        metavar="DIR",
        help="serve the schemas and resource types in this folder's .json files too, written as GET /Schemas and "
        "GET /ResourceTypes show them; those of known id or name take their place",
    )
    parser.add_argument("--fault", metavar="ID", help="break the server in one way (see: list faults)")
    parser.add_argument("--variant", metavar="ID", help="vary the server in one lawful way (see: list variants)")
    parser.add_argument(
        "--chaos", metavar="ID", help="spoil answers on their way: cut them, stall, throttle ... (see: list chaos)"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="what chaos at random begins with (default 1)")


def run(arguments: argparse.Namespace) -> int:
    """Serve until interrupted; return 4 for settings that cannot be used or a port that is taken."""
    try:
        port = _port(arguments.port)
        if arguments.chaos:
            from scim_conformance.server.chaos import find  # noqa: PLC0415 - heavy

            find(arguments.chaos)
        service = _service(arguments)
    except (ValueError, LookupError, OSError) as problem:
        return _refuse(str(problem))
    try:
        server = _server(service, arguments, port)
    except OSError as problem:
        reason = problem.strerror or problem
        return _refuse(
            f"cannot listen on {arguments.host} port {port}: {reason}; choose another, or port 0 for any free one"
        )
    sys.stdout.write("\n".join(_told(service, arguments, server.url)) + "\n")
    sys.stdout.flush()
    try:
        server.run()
    except KeyboardInterrupt:
        sys.stderr.write("scim-conformance: stopped\n")
    finally:
        server.close()
    return 0


def _told(service: "Service", arguments: argparse.Namespace, url: str) -> list[str]:
    """Return what is printed before the first request is served."""
    if not arguments.show_setup:
        return [
            f"SCIM endpoint: {url}",
            f"Origin header: {arguments.origin_header}: {arguments.origin}",
            "Token: as given" if arguments.token else f"Token (shown once): {service.take_token()}",
            "Stop with Ctrl-C.",
        ]
    from scim_conformance.server.setup import setup  # noqa: PLC0415 - heavy

    table = setup(service, service.settings, url, arguments.token or service.take_token())
    return [json.dumps(table.to_json())] if arguments.json else [*table.lines(), "Stop with Ctrl-C."]


def _prepare(arguments: argparse.Namespace) -> None:
    """Let --show-setup choose the provisioning method; raise ValueError for one that does not exist."""
    if not arguments.show_setup:
        if arguments.json:
            raise ValueError("--json is about the table of --show-setup; give that too, or leave --json out")
        return
    from scim_conformance.server.setup import method_called  # noqa: PLC0415 - heavy

    try:
        method = method_called(arguments.show_setup)
    except ValueError as problem:
        raise ValueError(f"--show-setup: {problem}") from None
    if arguments.method not in (None, method):
        raise ValueError(f"--show-setup {method} and --method {arguments.method} differ; leave --method out")
    arguments.method = method


def _service(arguments: argparse.Namespace) -> "Service":
    _prepare(arguments)
    profile = _profile(arguments.profile)
    changes = _changes(arguments, profile)
    options: dict[str, Any] = {}
    if arguments.db:
        from scim_conformance.server.sqlite_store import SQLiteStore  # noqa: PLC0415 - only where a file is named

        options["store"] = SQLiteStore(Path(arguments.db))
    service = _made(arguments, profile)(
        method=arguments.method or "custom",
        default_workspace=arguments.workspace,
        service_origin=arguments.origin,
        origin_header=arguments.origin_header,
        allowlist=arguments.allow,
        address_from=arguments.address_from,
        trusted_proxies=arguments.trusted_proxies,
        token=arguments.token,
        base_path="/" + arguments.base_path.strip("/") if arguments.base_path.strip("/") else "",
        **options,
    )
    for change in changes:
        change.apply(service)
    if arguments.show_setup:
        service.attribute_mapping(service.settings.method)  # refuses a method that the service does not serve
    return service


def _profile(name: str) -> str:
    if name in PROFILES:
        return name
    from difflib import get_close_matches  # noqa: PLC0415 - only needed once something is wrong

    close = get_close_matches(name, PROFILES, 1)
    hint = f"did you mean {close[0]!r}?" if close else f"there are {' and '.join(PROFILES)}"
    raise ValueError(f"--profile: there is no server {name!r}; {hint}")


def _changes(arguments: argparse.Namespace, profile: str) -> "list[Fault | Variant]":
    from scim_conformance.server import faults, variants  # noqa: PLC0415 - heavy

    found: list[Fault | Variant] = []
    if arguments.variant:
        found.append(variants.find(arguments.variant))
    if arguments.fault:
        found.append(faults.find(arguments.fault))
    for change in found:
        if change.server != profile:
            raise ValueError(f"{change.id} changes another server; give --profile {change.server}")
    return found


def _made(arguments: argparse.Namespace, profile: str) -> "Callable[..., Service]":
    """Return what makes the service; raise ValueError for an option that it does not have."""
    if profile == "braze":
        from scim_conformance.server.braze import DAILY_LIMIT, braze  # noqa: PLC0415 - heavy

        if arguments.definitions:
            raise ValueError("--definitions: --profile braze has one schema; leave one of the two out")
        given = arguments.daily_limit or str(DAILY_LIMIT)
        if not given.isdecimal() or int(given) < 1:
            raise ValueError(f"--daily-limit is {given!r}; give a number of requests from 1 up")
        return partial(braze, daily_limit=int(given))
    from scim_conformance.server import reference  # noqa: PLC0415 - heavy

    if arguments.daily_limit:
        raise ValueError("--daily-limit: --profile rfc has none; leave it out, or give --profile braze")
    return partial(reference, definitions=arguments.definitions)


def _server(service: "Service", arguments: argparse.Namespace, port: int) -> "Server | ChaosServer":
    if not arguments.chaos:
        from scim_conformance.server.web import Server  # noqa: PLC0415 - heavy

        return Server(service, arguments.host, port)
    from scim_conformance.server.chaos import find  # noqa: PLC0415 - heavy
    from scim_conformance.server.chaos.front import ChaosServer  # noqa: PLC0415 - heavy

    return ChaosServer(service, find(arguments.chaos), arguments.host, port, seed=arguments.seed)


def _port(text: str) -> int:
    if text.isdecimal() and int(text) <= 65535:  # noqa: PLR2004 - the highest port there is
        return int(text)
    raise ValueError(f"--port is {text!r}; give a number from 0 (any free port) to 65535")


def _refuse(text: str) -> int:
    sys.stderr.write(f"scim-conformance: {text}\n")
    return 4

"""Every option of a run, once: the command line, pytest, the environment and the configuration file read this table.

Imports nothing heavy: `plugin.py` reads it at every start of pytest.
"""

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["text", "path", "flag", "seconds", "number", "list"]


@dataclass(frozen=True, slots=True)
class Option:
    """One option: `--name` on the command line, `--scim-name` in pytest, `name` in a configuration file."""

    name: str
    kind: Kind
    help: str
    metavar: str = ""
    env: str = ""
    secret: bool = False
    default: str | float | bool | None = None

    @property
    def field(self) -> str:
        """The attribute of `Options`, and pytest's ini key behind `scim_`."""
        return self.name.replace("-", "_")

    def settings(self) -> dict[str, Any]:
        """Return how argparse, and so pytest, declares the option; `dest` is for the caller to add."""
        if self.kind == "flag":
            return {"action": "store_true", "default": None, "help": self.help}
        action = "append" if self.kind == "list" else "store"
        return {"action": action, "metavar": self.metavar, "default": None, "help": self.help}

    @property
    def variable(self) -> str:
        """The environment variable."""
        return self.env or "SCIM_" + self.field.upper()


OPTIONS = (
    Option("url", "text", "base URL of the target, such as https://example.com/scim/v2", "URL"),
    Option("app", "text", "a WSGI or ASGI application to test in process, such as myproject.wsgi:app", "MODULE:ATTR"),
    Option("base-path", "text", "path of the SCIM endpoint inside the application of --app", "PATH"),
    Option("bundled", "flag", "test the bundled reference server"),
    Option("token", "text", "bearer token (rather: put it into the environment as SCIM_TOKEN)", "TOKEN", secret=True),
    Option("token-env", "text", "environment variable that holds the bearer token (default SCIM_TOKEN)", "NAME"),
    Option("revoked-token-env", "text", "environment variable with a token that was reset: must be refused", "NAME"),
    Option("read-only-token-env", "text", "environment variable with a token that may read, and write nothing", "NAME"),
    Option("expired-token-env", "text", "environment variable with a token that has expired: must be refused", "NAME"),
    Option(
        "other-token-env",
        "text",
        "environment variable with the token of a second client, of another provisioning domain and with all rights",
        "NAME",
    ),
    Option(
        "user-token-env",
        "text",
        "environment variable with a token that acts for one user: for /Me, and for what a user may not do",
        "NAME",
    ),
    Option("other-tenant-url", "text", "base URL of a second tenant", "URL"),
    Option(
        "other-tenant-token-env",
        "text",
        "environment variable with the second tenant's token (default: the same token opens both)",
        "NAME",
    ),
    Option("registration-path", "text", "path at which anybody may create a user, such as /Users or /Me", "PATH"),
    Option("weak-password", "text", "a password that the target's policy refuses", "PASSWORD"),
    Option("sensitive-filter", "text", "a filter on users that the target's policy forbids in a URL", "FILTER"),
    Option("header", "list", "a further header for every request; may be given again", "'NAME: VALUE'", secret=True),
    Option("origin", "text", "value of the origin header, where the target wants one", "VALUE"),
    Option("origin-header", "text", "name of the origin header", "NAME", default="X-Request-Origin"),
    Option("allowlist", "text", "the addresses that the target allows, as it was told them", "CIDR,RANGE,..."),
    Option("source-address", "text", "an address of this machine that is NOT on the target's allowlist", "ADDRESS"),
    Option("allowed-address", "text", "the address of this machine to send all other requests from", "ADDRESS"),
    Option("workspace", "text", "the target's default workspace, where it has one", "NAME"),
    Option("ca-file", "path", "certificates to trust, in PEM form", "FILE"),
    Option("insecure", "flag", "do not verify the target's TLS certificate"),
    Option("proxy", "text", "HTTP proxy to go through", "URL"),
    Option("timeout", "seconds", "how long one request may take", "SECONDS", default=30.0),
    Option(
        "max-wait", "seconds", "how long to wait in all for a throttling target, a request", "SECONDS", default=60.0
    ),
    Option("profile", "list", "a set of requirements to judge by (default rfc); may be given again", "NAME"),
    Option("suite", "list", "run only this suite; may be given again", "NAME"),
    Option("requirement", "list", "judge only this requirement; may be given again", "ID"),
    Option(
        "mapping",
        "path",
        "an attribute mapping to judge by: a TOML or JSON file, or an export of Entra ID or Okta",
        "FILE",
    ),
    Option("waivers", "path", "file of known failures with reason, owner and expiry", "FILE"),
    Option(
        "examples", "number", "how many examples to generate for a property of the suite properties", "N", default=6
    ),
    Option(
        "seed", "number", "what generated examples follow from; the same seed gives the same ones", "N", default=7644
    ),
    Option("no-concurrency", "flag", "send no requests in parallel: leave the checks of concurrency out"),
    Option("strict", "flag", "a SHOULD that is not followed fails as well"),
    Option("output", "path", "folder for report.json, report.html, junit.xml and summary.md", "DIR"),
    Option("journal-dir", "path", "folder for the journals of what runs create", "DIR", env="SCIM_CONFORMANCE_STATE"),
    Option("definitions", "path", "schemas and resource types, as .json files, for the bundled server to serve", "DIR"),
    Option("fault", "text", "break the bundled server in one way (see: list faults)", "ID"),
    Option("variant", "text", "vary the bundled server in one lawful way (see: list variants)", "ID"),
    Option("config", "path", "configuration file (default scim-conformance.toml, then pyproject.toml)", "FILE"),
)

TOKENS = ("revoked", "read-only", "expired", "other", "user", "other-tenant")
"""The tokens besides the run's own: each is read from the environment variable that `--NAME-token-env` names."""

BY_NAME = {option.name: option for option in OPTIONS}

"""From flags, environment and configuration file to one checked `Options`; a flag wins over the rest."""

import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from scim_conformance.options import BY_NAME, OPTIONS, TOKENS, Option
from scim_conformance.paths import SCHEMAS

FILES = ("scim-conformance.toml", "pyproject.toml")
_BEYOND = 10**18
DEFAULT_TOKEN_VARIABLE = "SCIM_TOKEN"  # noqa: S105 - the name of a variable, not a token


class BadConfiguration(ValueError):  # noqa: N818 - named as what it tells the reader
    """An option, the environment or the configuration file holds something that cannot be used."""


@dataclass(slots=True)
class Options:
    """What one run was asked for; plain data, so that it can be handed to workers."""

    url: str | None = None
    app: str | None = None
    base_path: str | None = None
    bundled: bool = False
    token: str | None = None
    token_env: str | None = None
    revoked_token_env: str | None = None
    read_only_token_env: str | None = None
    expired_token_env: str | None = None
    other_token_env: str | None = None
    user_token_env: str | None = None
    other_tenant_url: str | None = None
    other_tenant_token_env: str | None = None
    tokens: dict[str, str] = field(default_factory=dict)
    registration_path: str | None = None
    weak_password: str | None = None
    sensitive_filter: str | None = None
    header: list[str] = field(default_factory=list)
    origin: str | None = None
    origin_header: str = "X-Request-Origin"
    allowlist: str | None = None
    source_address: str | None = None
    allowed_address: str | None = None
    workspace: str | None = None
    ca_file: str | None = None
    insecure: bool = False
    proxy: str | None = None
    timeout: float = 30.0
    max_wait: float = 60.0
    profile: list[str] = field(default_factory=list)
    suite: list[str] = field(default_factory=list)
    requirement: list[str] = field(default_factory=list)
    mapping: str | None = None
    waivers: str | None = None
    examples: int = 6
    seed: int = 7644
    no_concurrency: bool = False
    strict: bool = False
    output: str | None = None
    journal_dir: str | None = None
    definitions: str | None = None
    fault: str | None = None
    variant: str | None = None
    config: str | None = None
    features: dict[str, bool] = field(default_factory=dict)
    hints: dict[str, bool] = field(default_factory=dict)
    evidence: bool = True
    """Whether results hold the exchanges behind them; the proof looks at verdicts alone."""

    def __repr__(self) -> str:
        """Show what was asked for, without what is secret."""
        kept = {k: v for k, v in asdict(self).items() if v and k not in ("token", "tokens", "header")}
        return f"Options({', '.join(f'{name}={value!r}' for name, value in kept.items())})"

    @property
    def names_a_target(self) -> bool:
        """Whether any option says what to test."""
        return bool(self.url or self.app or self.bundled or self.definitions or self.fault or self.variant)

    def to_json(self) -> dict[str, Any]:
        """Return plain data; it holds the secrets, and is for workers alone."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Options":
        """Return the options that `to_json` gave."""
        return cls(**data)


def gather(given: Mapping[str, Any], *, folder: Path | None = None, env: Mapping[str, str] | None = None) -> Options:
    """Return the options of a run from flags (`given`, by field), the environment and the configuration file.

    Raises `BadConfiguration` with one sentence on what was found, what is allowed and what to do.
    """
    env = os.environ if env is None else env
    table = _read_file(given.get("config") or env.get(BY_NAME["config"].variable), folder or Path.cwd())
    values: dict[str, Any] = {}
    for option in OPTIONS:
        value = given.get(option.field)
        if value in (None, [], False) and option.variable in env and option.name != "token-env":
            value = _from_environment(option, env[option.variable])
        if value in (None, [], False) and option.name in table:
            value = table[option.name]
        if value not in (None, []):
            values[option.field] = _typed(option, value)
    options = Options(**values, features=table.get("features", {}), hints=table.get("hints", {}))
    _read_secrets(options, env)
    _check(options)
    return options


def _from_environment(option: Option, text: str) -> Any:
    if option.kind == "list":
        return [part.strip() for part in text.split(";" if option.name == "header" else ",") if part.strip()]
    if option.kind == "flag":
        if text.lower() in ("1", "true", "yes", "on"):
            return True
        if text.lower() in ("", "0", "false", "no", "off"):
            return False
        message = f"the environment variable {option.variable} is {text!r}; write true or false"
        raise BadConfiguration(message)
    return text or None


def _typed(option: Option, value: Any) -> Any:
    if option.kind == "number":
        return _number(option, value)
    if option.kind != "seconds":
        return str(value) if option.kind == "path" else value
    try:
        seconds = float(value)
    except (TypeError, ValueError):
        seconds = -1.0
    if not 0 < seconds < float("inf"):
        message = f"--{option.name} is {value!r}; give a number of seconds above 0, such as {option.default}"
        raise BadConfiguration(message)
    return seconds


def _number(option: Option, value: Any) -> int:
    text = str(value).strip()
    if isinstance(value, bool) or not text.isascii() or not text.isdecimal() or not 0 < int(text[:19]) < _BEYOND:
        message = f"--{option.name} is {value!r}; give a whole number from 1 up, such as {option.default}"
        raise BadConfiguration(message)
    return int(text)


def _read_secrets(options: Options, env: Mapping[str, str]) -> None:
    if options.token_env and options.token_env not in env:
        message = (
            f"--token-env names {options.token_env}, which the environment lacks; set it, or name another variable"
        )
        raise BadConfiguration(message)
    if not options.token:
        options.token = env.get(options.token_env or DEFAULT_TOKEN_VARIABLE) or None
    for name in TOKENS:
        variable = getattr(options, f"{name.replace('-', '_')}_token_env")
        if variable and variable not in env:
            message = f"--{name}-token-env names {variable}, which the environment lacks; set it first"
            raise BadConfiguration(message)
        if variable and name != "user" and env[variable] == options.token:
            message = f"--{name}-token-env names {variable}, with the run's own token; give another, or leave it out"
            raise BadConfiguration(message)
        if variable:
            options.tokens[name] = env[variable]


def _check(options: Options) -> None:
    targets = [f"--{name}" for name in ("url", "app") if getattr(options, name)]
    targets += ["--bundled"] if options.bundled else []
    if len(targets) > 1:
        message = f"{' and '.join(targets)} name different targets; give one of them"
        raise BadConfiguration(message)
    for name in ("definitions", "fault", "variant"):
        if getattr(options, name) and (options.url or options.app):
            message = f"--{name} works on the bundled server alone; take {targets[0]} away"
            raise BadConfiguration(message)
    for header in options.header:
        if ":" not in header or not header.split(":", 1)[0].strip():
            raise BadConfiguration("a --header has no colon in it; write it as 'Name: value'")
    if options.mapping and not Path(options.mapping).is_file():
        raise BadConfiguration(f"the mapping file {options.mapping} does not exist; check --mapping")
    if options.waivers and not Path(options.waivers).is_file():
        raise BadConfiguration(f"the waiver file {options.waivers} does not exist; check --waivers")
    if options.ca_file and not Path(options.ca_file).is_file():
        raise BadConfiguration(f"the certificate file {options.ca_file} does not exist; check --ca-file")


def _read_file(named: str | None, folder: Path) -> dict[str, Any]:
    """Return the options in a configuration file, by option name; without a file nothing."""
    if named and not Path(named).is_file():
        raise BadConfiguration(f"the configuration file {named} does not exist; check --config")
    for path in [Path(named)] if named else [folder / name for name in FILES]:
        if path.is_file():
            table = _table_of(path)
            if table is not None:
                return _checked(table, path)
    return {}


def _table_of(path: Path) -> dict[str, Any] | None:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as problem:
        raise BadConfiguration(f"{path} cannot be read: {problem}") from None
    except tomllib.TOMLDecodeError as problem:
        raise BadConfiguration(f"{path} is no valid TOML: {problem}") from None
    if path.name == "pyproject.toml":
        tool = document.get("tool", {})
        return tool.get("scim-conformance") if isinstance(tool, dict) else None
    return document


def _checked(table: dict[str, Any], path: Path) -> dict[str, Any]:
    import jsonschema  # noqa: PLC0415 - only a run that has a file pays for it

    for name in ("token", *(f"{name}-token" for name in TOKENS)):
        if name in table:
            message = (
                f"{path} holds a {name}; a secret does not belong into a file: put it into the environment, "
                f"and write {name}-env with the name of its variable (SCIM_TOKEN is read without)"
            )
            raise BadConfiguration(message)
    schema = json.loads((SCHEMAS / "configuration.schema.json").read_text(encoding="utf-8"))
    known = sorted(schema["properties"])
    for key in table:
        if key not in known:
            close = get_close_matches(key, known, 1, 0.5)
            hint = f"did you mean {close[0]!r}?" if close else f"it can hold {', '.join(known)}"
            raise BadConfiguration(f"{path} has an unknown key {key!r}; {hint}")
    error = jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(schema).iter_errors(table))
    if error is not None:
        place = error.json_path.removeprefix("$.")
        raise BadConfiguration(f"{path}: {place} is wrong: {error.message}")
    return table

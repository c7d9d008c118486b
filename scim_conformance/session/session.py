"""One run: its target, what it supports, what it is judged by, what was created, what came out.

Made only when a run is asked for; the heavy imports of the project hang on it.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from scim_conformance import __version__
from scim_conformance.catalogue import Catalogue, Fact, Requirement, closed, load, profile
from scim_conformance.client.cleanup import CleanUp, clean_up
from scim_conformance.client.client import ScimClient
from scim_conformance.client.errors import BadTarget, BrokenAnswer
from scim_conformance.client.exchange import Exchange
from scim_conformance.client.features import Features, probe
from scim_conformance.client.journal import Journal, default_folder
from scim_conformance.client.target import Credentials, Target, secret
from scim_conformance.config import BadConfiguration, Options
from scim_conformance.judge.people import Person, person
from scim_conformance.report.waivers import Waivers
from scim_conformance.session.baseline import Baseline
from scim_conformance.session.mappings import chosen, default_profiles

_TOKEN_HINTS = {
    "revoked-token": "revoked",
    "expired-token": "expired",
    "scoped-tokens": "read-only",
    "two-clients": "other",
    "me": "user",
    "self-service-subject": "user",
}
"""The hints that follow from a token that the operator gave."""

PATIENCE = 3
"""How many requests in a row may go without a usable answer before the rest of the run is blocked."""
LOST = 20
"""How many requests of a run may take the whole timeout before the rest of the run is blocked: no run shall hang."""
_NEARLY = 0.9
"""The part of the timeout from which a request counts as one that took it whole."""


class Session:
    """One run against one target, on the controller or on one worker.

    `open` must be called before anything is judged, `close` at the end, whatever happened.
    """

    def __init__(self, options: Options, *, run_id: str | None = None, worker: str = "") -> None:
        self.options = options
        self.run_id = run_id or new_run_id()
        self.worker = worker
        self.started = datetime.now(UTC)
        self.catalogue: Catalogue = load()
        self.mappings = chosen(options)
        self.profiles = [profile(name) for name in options.profile or default_profiles(self.mappings)]
        self.waivers = Waivers.load(Path(options.waivers)) if options.waivers else Waivers()
        for requirement in options.requirement:
            _ = self.catalogue[requirement]
        self.administrator: Any = None
        self.target: Target | None = None
        self.features: Features | None = None
        self._people = 0
        self._looked_at = 0
        self._lost = 0
        self._elsewhere: dict[str, ScimClient] = {}

    # -- opening and closing ---------------------------------------------------------------

    def open(self, target: Target | None = None, features: Features | None = None) -> None:
        """Reach the target and learn what it supports; a worker is given what the controller learnt.

        Raises `Unreachable` or `BadTarget` (one sentence each, with what to do next).
        """
        self.target = target or self._target()
        self.redactor = self.target.redactor()
        self.journal = Journal(self._journal_of(self.worker), self._heading(self.target))
        self.client = ScimClient(self.target, journal=self.journal, redactor=self.redactor, run_id=self.run_id)
        self.features = features or probe(self.client, overrides=self.options.features, hints=self._hints())
        trouble = self.features.refusal or self.features.looks_wrong
        # A fault may break the bundled server's very door: that is judged.
        if trouble and self.target.kind != "bundled":
            self.client.close()
            raise BadTarget(trouble)
        self.client.features = self.features
        self.client.take()  # the probe's exchanges belong to no check
        self.baseline = Baseline(self)

    def close(self) -> CleanUp:
        """Delete what this session created, in reverse order; what could not be deleted is named in the result."""
        clients = [*self._elsewhere.values(), self.client]
        try:
            results = [clean_up(client, client.journal) for client in clients]
        finally:
            for client in clients:
                client.close()
        return CleanUp(
            sum(result.deleted for result in results),
            sum(result.gone for result in results),
            [line for result in results for line in result.left],
            [line for result in results for line in result.unsure],
        )

    def elsewhere(
        self, base_url: str, credentials: Credentials | None = None, timeout: float | None = None
    ) -> ScimClient:
        """Return the client to another base URL of the same target: a second tenant, or plain HTTP.

        Without `credentials` it sends none, be they the target's own; it waits `timeout` seconds at most. What is
        created by it has a journal of its own, and is deleted at the end as well.
        """
        assert self.target is not None  # noqa: S101 - for the type checker
        if base_url not in self._elsewhere:
            held = credentials or self.target.credentials.of_another(None)
            patience = min(timeout or self.target.timeout, self.target.timeout)
            target = replace(self.target, base_url=base_url, credentials=held, timeout=patience)
            place = f"{self.worker or 'main'}-{len(self._elsewhere) + 2}"
            journal = Journal(self._journal_of(place), self._heading(target))
            self._elsewhere[base_url] = ScimClient(
                target,
                journal=journal,
                redactor=self.redactor,
                run_id=self.run_id,
                features=self.features,
                beside=self.client,
            )
        return self._elsewhere[base_url]

    def handshake(self, newest: str) -> str:
        """Make a TLS handshake with the target, of "1.2" or "1.3" at the newest; return what went wrong, else ""."""
        from scim_conformance.client.tls import handshake  # noqa: PLC0415 - for one check

        assert self.target is not None  # noqa: S101 - open() has set it
        return handshake(self.target, newest)

    def _heading(self, target: Target) -> dict[str, str]:
        """Return the first line of a journal: what a later clean-up has to know."""
        return {
            "run": self.run_id,
            "tool": __version__,
            "base_url": target.base_url,
            "kind": target.kind,
            "started": self.started.isoformat(timespec="seconds"),
        }

    def clean_after(self, worker: str) -> list[str]:
        """Delete what a worker that crashed created, by the journal it kept; return what could not be deleted."""
        assert self.target is not None  # noqa: S101 - open() has set it
        path = self._journal_of(worker)
        if not path.exists():
            return []
        journal = Journal.resume(path)
        if self.target.kind != "url":  # the worker's own copy of the target is gone with the worker
            journal.forget()
            journal.close()
            return []
        client = ScimClient(self.target, journal=journal, redactor=self.redactor, run_id=self.run_id)
        try:
            return clean_up(client, journal).left
        finally:
            client.close()

    def _journal_of(self, worker: str) -> Path:
        folder = Path(self.options.journal_dir) if self.options.journal_dir else default_folder()
        return folder / (f"{self.run_id}-{worker}.jsonl" if worker else f"{self.run_id}.jsonl")

    def wrap(self, target: Any) -> Target:
        """Return what a team's `scim_target` fixture gave, a URL or an application, as a target."""
        if isinstance(target, Target):
            return target
        return self._at(target) if isinstance(target, str) else Target.of(target, **self._common())

    def _target(self) -> Target:
        options = self.options
        if options.url:
            return self._at(options.url)
        if options.app:
            base_url = f"http://scim.test/{(options.base_path or '').strip('/')}"
            return Target.app_at(options.app, base_url, **self._common())
        if options.bundled or options.definitions or options.fault or options.variant:
            from scim_conformance.session.bundled import bundled_target  # noqa: PLC0415 - the server is heavy

            target, self.administrator = bundled_target(options)
            return target
        raise BadConfiguration("nothing names a target; give --url URL, --app MODULE:ATTR, or --bundled")

    def _at(self, url: str) -> Target:
        options = self.options
        ca_file = Path(options.ca_file) if options.ca_file else None
        return Target.url(url, ca_file=ca_file, insecure=options.insecure, proxy=options.proxy, **self._common())

    def _common(self) -> dict[str, Any]:
        options = self.options
        return {
            "credentials": Credentials(
                token=secret(options.token),
                headers=tuple(_header(text) for text in options.header),
                origin=options.origin,
                origin_header=options.origin_header,
            ),
            "tokens": options.tokens,
            "other_tenant_url": options.other_tenant_url,
            "timeout": options.timeout,
            "max_wait": options.max_wait,
            "allowlist": options.allowlist,
            "source_address": options.allowed_address,
            "outside_address": options.source_address,
        }

    def _hints(self) -> dict[str, bool]:
        assert self.target is not None  # noqa: S101 - for the type checker
        known = {
            "bearer": self.target.credentials.token is not None,
            "origin": self.target.credentials.origin is not None,
            "allowlist": bool(self.target.allowlist or self.target.outside_address),
            "default-workspace": bool(self.options.workspace or self.administrator),
            "anonymous": bool(self.options.registration_path),
            "sensitive-filter": bool(self.options.sensitive_filter),
            "two-tenants": self.target.other_tenant_url is not None,
            **{hint: name in self.target.tokens for hint, name in _TOKEN_HINTS.items()},
            "provisioning-settings": self.administrator is not None,
        }
        return known | self.options.hints

    # -- what applies ----------------------------------------------------------------------

    def requirements(self, ids: Iterable[str]) -> list[Requirement]:
        """Return the requirements of these ids; an unknown id raises `UnknownRequirement` with the closest ones."""
        return [self.catalogue[id_] for id_ in ids]

    def selects(self, requirements: Sequence[Requirement]) -> bool:
        """Tell whether a check of these requirements belongs to what was asked for."""
        wanted = set(self.options.requirement)
        if wanted and not wanted & {r.id for r in requirements}:
            return False
        return any(chosen.includes(r) for chosen in self.profiles for r in requirements)

    def gate(self, requirements: Sequence[Requirement]) -> Fact | None:
        """Return why none of these requirements can be judged on this target, or None where they can."""
        assert self.features is not None  # noqa: S101 - for the type checker
        for requirement in requirements:
            fact = closed(requirement, self.features.fact)
            if fact is not None:
                return fact
        return None

    @property
    def silence(self) -> str:
        """Why the rest of the run is blocked: the target has stopped answering; empty while it answers."""
        recent = self.client.exchanges[-PATIENCE:]
        # A request that could not even be sent has no error of its own, and is not the target's silence.
        if len(recent) == PATIENCE and all(exchange.error and self._is_silent(exchange) for exchange in recent):
            return f"the target gave no usable answer {PATIENCE} times in a row; the last time: {recent[-1].error}"
        if self.client.throttled >= PATIENCE:
            return f"the target answers 429 (too many requests): {PATIENCE} requests in a row, after all the waiting"
        if self._overdue() >= LOST:
            return f"the target left {LOST} requests of this run without a whole answer until the timeout"
        return ""

    def _is_silent(self, exchange: Exchange) -> bool:
        """Tell whether no answer came, or none that was whole in time."""
        return exchange.status is None or self._is_overdue(exchange)

    def _is_overdue(self, exchange: Exchange) -> bool:
        return bool(exchange.error) and exchange.seconds >= _NEARLY * self.options.timeout

    def _overdue(self) -> int:
        """Count the requests that took the whole timeout; each exchange is looked at once."""
        fresh = self.client.exchanges[self._looked_at :]
        self._looked_at += len(fresh)
        self._lost += sum(self._is_overdue(exchange) for exchange in fresh)
        return self._lost

    def discard(self, resources: Sequence[dict[str, Any]]) -> None:
        """Delete resources that a check is done with, the latest first.

        Whatever goes wrong is left to the clean-up at the end, which names what stays behind.
        """
        for resource in reversed(resources):
            if self.journal.holds(resource):
                self.client.discard(resource)

    # -- what checks need ------------------------------------------------------------------

    def person(self) -> Person:
        """Invent a person that no other check, worker or run has."""
        self._people += 1
        return person(f"{self.run_id}{self.worker}n{self._people}", seed=self._people)

    @cached_property
    def description(self) -> str:
        """The target in a few words, without secrets."""
        return self.target.describe() if self.target else "no target"


def new_run_id() -> str:
    """Return the mark that all names of one run carry: `sc` and eight lower-case letters or digits."""
    alphabet = "abcdefghijkmnpqrstuvwxyz23456789"
    return "sc" + "".join(secrets.choice(alphabet) for _ in range(8))


def _header(text: str) -> tuple[str, str]:
    name, _, value = text.partition(":")
    return name.strip(), value.strip()


__all__ = ["BrokenAnswer", "Session", "new_run_id"]

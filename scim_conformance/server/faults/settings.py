"""Faults of the provisioning settings: what has to be filled in, and what is shown and kept of the token."""

from collections.abc import Callable

from scim_conformance.server.allowlist import Allowlist, BadAllowlist
from scim_conformance.server.faults import after, around, fault, swap
from scim_conformance.server.faults.access import digest, former_digests, keep_former_tokens, open_where
from scim_conformance.server.messages import Request
from scim_conformance.server.service import Service
from scim_conformance.server.settings import NotReady, Settings

OKTA = "okta-app"


def on_every_page(service: Service, damage: Callable[[Settings], None]) -> None:
    """Damage the settings of every page that an administrator opens."""

    def opened(settings: Settings) -> Settings:
        damage(settings)
        return settings

    after(service, "new_settings", opened)


def require_only(service: Service, missing: Callable[[Settings], list[str]]) -> None:
    """Let every page find other fields missing."""
    on_every_page(service, lambda settings: swap(settings, "missing", lambda: missing(settings)))


# -- what has to be filled in ---------------------------------------------------------------


@fault("SEED-WORKSPACE-04", "SEED-TOKEN-13")
def token_generated_without_a_workspace(service: Service) -> None:
    """A token is generated although the default workspace is empty."""
    require_only(service, lambda settings: [] if settings.service_origin.strip() else ["service origin"])


@fault("SEED-ORIGIN-11", "SEED-TOKEN-13")
def token_generated_without_an_origin(service: Service) -> None:
    """A token is generated although the service origin is empty."""
    require_only(service, lambda settings: [] if settings.default_workspace.strip() else ["default workspace"])


@fault("SEED-WORKSPACE-04", "SEED-ORIGIN-11", "SEED-TOKEN-13")
def blanks_count_as_filled_in(service: Service) -> None:
    """A required field that holds blanks alone counts as filled in."""
    fields = {"default workspace": "default_workspace", "service origin": "service_origin"}
    require_only(service, lambda settings: [name for name, field in fields.items() if not getattr(settings, field)])


@fault("SEED-TOKEN-13")
def only_the_first_missing_field_named(service: Service) -> None:
    """The page names only the first of the fields that are missing."""
    require_only(service, lambda settings: type(settings).missing(settings)[:1])


@fault("SEED-TOKEN-13", "SEED-WORKSPACE-04", "SEED-ORIGIN-11")
def missing_fields_not_named(service: Service) -> None:
    """The page says that something is missing, and not what."""
    require_only(service, lambda settings: ["required fields"] if type(settings).missing(settings) else [])


@fault("SEED-TOKEN-13")
def reset_button_needs_no_fields(service: Service) -> None:
    """The reset button makes a token on an empty page."""

    def damage(settings: Settings) -> None:
        def reset(original: Callable[[], str]) -> str:
            return original() if settings.has_token() else "token-of-an-empty-page"

        around(settings, "reset_token", reset)

    on_every_page(service, damage)


@fault("SEED-TOKEN-13", "SEED-ALLOW-01")
def allowlist_is_required(service: Service) -> None:
    """No token is generated without an allowlist."""
    require_only(
        service, lambda settings: type(settings).missing(settings) + ([] if settings.allowlist else ["allowlist"])
    )


@fault("SEED-TOKEN-13")
def generated_token_not_in_force(service: Service) -> None:
    """The token that the page shows is not the one that is accepted."""
    on_every_page(service, lambda settings: after(settings, "generate_token", lambda token: token[::-1]))


# -- what is shown and kept -----------------------------------------------------------------


@fault("SEED-TOKEN-14")
def button_shows_the_token_again(service: Service) -> None:
    """Pressing the generate button once more shows the token again."""

    def damage(settings: Settings) -> None:
        shown: list[str] = []

        def generate(original: Callable[[], str]) -> str:
            if not shown:
                shown.append(original())
            return shown[0]

        around(settings, "generate_token", generate)

    on_every_page(service, damage)


@fault("SEED-TOKEN-14")
def button_makes_another_token(service: Service) -> None:
    """Pressing the generate button once more makes another token, unasked."""

    def damage(settings: Settings) -> None:
        def generate(original: Callable[[], str]) -> str:
            return settings.reset_token() if settings.has_token() else original()

        around(settings, "generate_token", generate)

    on_every_page(service, damage)


@fault("SEED-TOKEN-14")
def token_kept_in_clear(service: Service) -> None:
    """The settings keep the generated token in clear."""
    on_every_page(service, lambda settings: _keep_in_clear(settings, "generate_token"))


@fault("SEED-TOKEN-14")
def reset_token_kept_in_clear(service: Service) -> None:
    """The settings keep the token in clear that the reset button gave."""
    on_every_page(service, lambda settings: _keep_in_clear(settings, "reset_token"))


def _keep_in_clear(settings: Settings, button: str) -> None:
    def keep(token: str) -> str:
        vars(settings)["token"] = token
        return token

    after(settings, button, keep)


@fault("SEED-TOKEN-15")
def another_endpoint_shown(service: Service) -> None:
    """The page shows an endpoint under which nothing is."""
    after(service, "shown_endpoint", lambda shown: shown and f"{shown}/Users")


@fault("SEED-TOKEN-15")
def no_endpoint_shown(service: Service) -> None:
    """The page shows a token and no endpoint."""
    after(service, "shown_endpoint", lambda _shown: None)


@fault("SEED-TOKEN-15")
def endpoint_shown_before_the_token(service: Service) -> None:
    """The page shows the endpoint before a token was generated."""
    swap(service, "shown_endpoint", lambda _settings, host: f"https://{host}{service.locations.base_path}")


# -- resetting ------------------------------------------------------------------------------


@fault("SEED-TOKEN-10")
def reset_keeps_the_former_token(service: Service) -> None:
    """Resetting gives a new token and leaves the former one in force."""
    on_every_page(service, keep_former_tokens)


@fault("SEED-TOKEN-10")
def second_reset_revives_the_first_token(service: Service) -> None:
    """After two resets the first token works again."""

    def damage(settings: Settings) -> None:
        former = former_digests(settings)
        around(
            settings,
            "accepts",
            lambda original, token: original(token) or (len(former) > 1 and digest(token) == former[0]),
        )

    on_every_page(service, damage)


@fault("SEED-TOKEN-16", "SEED-TOKEN-10")
def reset_gives_the_same_token(service: Service) -> None:
    """Resetting shows the same token again, which stays in force."""

    def damage(settings: Settings) -> None:
        shown: list[str] = []

        def generate(original: Callable[[], str]) -> str:
            shown.append(original())
            return shown[0]

        around(settings, "generate_token", generate)
        around(settings, "reset_token", lambda original: shown[0] if shown else original())

    on_every_page(service, damage)


@fault("SEED-TOKEN-16")
def reset_token_not_in_force(service: Service) -> None:
    """The token that resetting shows is not the one that is accepted."""
    on_every_page(service, lambda settings: after(settings, "reset_token", lambda token: token[::-1]))


@fault("SEED-TOKEN-16")
def reset_gives_nothing(service: Service) -> None:
    """Resetting makes the token invalid and gives no other."""

    def damage(settings: Settings) -> None:
        def reset(original: Callable[[], str]) -> str:
            original()
            raise NotReady("The token was reset.")

        around(settings, "reset_token", reset)

    on_every_page(service, damage)


# -- the allowlist --------------------------------------------------------------------------


@fault("SEED-ALLOW-01")
def empty_allowlist_lets_nobody_in(service: Service) -> None:
    """Without an allowlist every request is refused."""
    _without_allowlist(service, lambda _request: True)


@fault("SEED-ALLOW-01")
def empty_allowlist_lets_ipv4_in(service: Service) -> None:
    """Without an allowlist only IPv4 addresses are let in."""
    _without_allowlist(service, lambda request: ":" in request.peer)


def _without_allowlist(service: Service, turned_away: Callable[[Request], bool]) -> None:
    def check(original: Callable[..., None], request: Request) -> None:
        original(request)
        if not service.access.settings.allowlist and turned_away(request):
            raise service.access.unauthorized("Requests from this address are not allowed.")

    around(service.access, "check_address", check)


@fault("SEED-ALLOW-10")
def unreadable_allowlist_lets_everybody_in(service: Service) -> None:
    """An allowlist that cannot be read is taken, and restricts nothing."""
    _take_unreadable(service, lambda _text, _problem: "")


@fault("SEED-ALLOW-10")
def unreadable_entry_not_named(service: Service) -> None:
    """The page refuses an allowlist that cannot be read, and does not say which entry is wrong."""

    def refuse(_text: str, _problem: BadAllowlist) -> str:
        raise BadAllowlist("The allowlist cannot be read.")

    _take_unreadable(service, refuse)


@fault("SEED-ALLOW-10")
def backwards_range_taken(service: Service) -> None:
    """A range whose end comes before its start is taken."""

    def turn(text: str, problem: BadAllowlist) -> str:
        if "before it begins" not in str(problem):
            raise problem
        first, _, last = text.partition("-")
        return f"{last}-{first}"

    _take_unreadable(service, turn)


def _take_unreadable(service: Service, instead: Callable[[str, BadAllowlist], str]) -> None:
    def new_settings(original: Callable[..., Settings], **filled_in: str) -> Settings:
        try:
            return original(**filled_in)
        except BadAllowlist as problem:
            return original(**{**filled_in, "allowlist": instead(filled_in["allowlist"], problem)})

    around(service, "new_settings", new_settings)


@fault("SEED-ALLOW-10")
def empty_entry_lets_everybody_in(service: Service) -> None:
    """An empty entry of the allowlist stands for any address."""

    def damage(settings: Settings) -> None:
        empty = settings.allowlist and not all(entry.strip() for entry in settings.allowlist.split(","))
        around(settings, "allowed", lambda original: Allowlist() if empty else original())

    on_every_page(service, damage)


# -- the provisioning method ----------------------------------------------------------------


@fault("SEED-METHOD-01")
def entra_id_not_offered(service: Service) -> None:
    """The provisioning method for Entra ID is missing."""

    def new_settings(original: Callable[..., Settings], **filled_in: str) -> Settings:
        if filled_in.get("method") == "entra-id":
            raise ValueError("There is no such method.")
        return original(**filled_in)

    around(service, "new_settings", new_settings)


@fault("SEED-METHOD-01")
def any_method_taken(service: Service) -> None:
    """Any word is taken for a provisioning method."""

    def new_settings(original: Callable[..., Settings], **filled_in: str) -> Settings:
        return original(**{name: value for name, value in filled_in.items() if name != "method"})

    around(service, "new_settings", new_settings)


@fault("SEED-METHOD-02")
def method_without_an_origin(service: Service) -> None:
    """With the vendor's Okta app the origin header is not looked at."""
    open_where(service, "check_origin", lambda _request: service.access.settings.method == OKTA)


@fault("SEED-METHOD-02")
def method_without_an_allowlist(service: Service) -> None:
    """With Entra ID the allowlist is not looked at."""
    open_where(service, "check_address", lambda _request: service.access.settings.method == "entra-id")

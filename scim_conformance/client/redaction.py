"""Keeping credentials out of everything that is shown, printed or written.

Secrets are looked for in every spelling in which a server may echo them: percent-encoded, as JSON or HTML escapes (also
mixed, also twice over), in any letter case, in hexadecimal and inside base64.
"""

from __future__ import annotations

import base64
import contextlib
import html
import json
import re
import threading
from collections.abc import Iterable
from typing import Any, Final

REDACTED: Final = "***"

_SHORTEST_SECRET = 4
"""Characters; a shorter "secret" would blacken every text. It is still hidden in headers."""

_SHORTEST_STRONG = 8
"""Characters; see Redactor."""

_SENSITIVE_NAME = re.compile(
    r"auth|token|secret|password|passwd|cookie|session|signature|credential|api-?_?key|access-?_?key|-key$|assertion",
    re.IGNORECASE,
)
_HARMLESS_NAMES: Final = frozenset(
    {
        "accept", "accept-charset", "accept-encoding", "accept-language", "cache-control", "connection",
        "content-encoding", "content-language", "content-length", "content-type", "date", "expect", "from", "host",
        "if-match", "if-modified-since", "if-none-match", "if-unmodified-since", "origin", "pragma", "prefer",
        "referer", "te", "traceparent", "transfer-encoding", "user-agent", "via", "x-correlation-id", "x-forwarded-for",
        "x-forwarded-host", "x-forwarded-proto", "x-request-id",
    }
)  # fmt: skip
_PASSWORD_FILTER = re.compile(
    r"(password(?:\s|%20|\+)+[a-z]{2}(?:\s|%20|\+)+(?:\"|%22))(.*?)((?:\"|%22)|$)", re.IGNORECASE | re.DOTALL
)
_QUERY_SECRET = re.compile(
    r"([?&;](?:access_token|id_token|token|api_?key|key|secret|client_secret|password|signature|sig|code|assertion)=)([^&#\s]*)",
    re.IGNORECASE,
)
_MEMBER = re.compile(r'"((?:[^"\\]|\\.){0,200})"(\s*:\s*)("(?:[^"\\]|\\.)*(?:"|$)|[^\s,}\]"{\[]+)', re.DOTALL)
_FORM_PASSWORD = re.compile(r"((?:^|[&?\s])password=)([^&\s]*)", re.IGNORECASE)
_ESCAPED_TEXT = re.compile(r"[\\%&]")
_REMEMBERED = 4096
"""Texts whose redaction is remembered: headers, URLs and bodies come again and again in the exchanges of a run."""
_LONGEST_REMEMBERED = 16 * 1024
_WALK_LIMIT = 256 * 1024
"""Characters; a longer JSON body is searched for password members by pattern alone."""


def is_sensitive_name(name: str) -> bool:
    """Tell whether a header of this name carries a credential whatever its value."""
    lowered = name.strip().lower()
    return lowered not in _HARMLESS_NAMES and bool(_SENSITIVE_NAME.search(lowered))


def is_harmless_name(name: str) -> bool:
    """Tell whether a header of this name is known to carry no credential."""
    return name.strip().lower() in _HARMLESS_NAMES


class Redactor:
    """Replaces every known secret by `***`; knowing more secrets later is fine (`add`).

    A secret of fewer than 8 characters (a trial's "test") is replaced as a whole word in its own letter case only, or
    it would blacken every text.

    `token` is the target's own bearer token: a curl line may say `$SCIM_TOKEN` for it.
    """

    def __init__(self, secrets: Iterable[str] = (), *, token: str = "", hidden_headers: Iterable[str] = ()) -> None:
        self._lock = threading.Lock()
        self._secrets: list[str] = []
        self._spelled: dict[str, re.Pattern[str]] = {}
        self._encoded: list[str] = []
        self._plain: list[str] = []
        self._known: dict[str, str] = {}
        self._hidden_headers = {name.lower() for name in hidden_headers}
        self.__token = ""
        for secret in secrets:
            self.add(secret)
        if token:
            self.set_token(token)

    def __repr__(self) -> str:
        return f"<Redactor of {len(self._secrets)} secrets>"

    def __reduce__(self) -> str:
        raise TypeError("a redactor knows the secrets, so it is not pickled")

    def add(self, secret: str) -> None:
        """Learn one more secret; shorter than 4 characters it is hidden in headers alone."""
        if len(secret) < _SHORTEST_SECRET:
            return
        with self._lock:
            if secret in self._secrets:
                return
            self._secrets = sorted([*self._secrets, secret], key=len, reverse=True)
            self._encoded = [core for known in self._secrets for core in _base64_cores(known)]
            self._plain = [form for known in self._secrets for form in (known.lower(), known.encode().hex())]
            self._known = {}

    def hide_header(self, name: str) -> None:
        """Never show the value of the headers of this name."""
        self._hidden_headers = self._hidden_headers | {name.lower()}

    def set_token(self, token: str) -> None:
        """Name the target's own bearer token."""
        self.__token = token
        self.add(token)

    def is_token(self, text: str) -> bool:
        """Tell whether a text is exactly the target's own bearer token."""
        return bool(self.__token) and text == self.__token

    @property
    def longest(self) -> int:
        """The number of characters that the longest spelling of a secret may take in a text."""
        return max((len(secret) for secret in self._secrets), default=0) * 12

    def text(self, text: str) -> str:
        """Return the text without any secret, in whatever spelling it stands there."""
        if not self._secrets or not text:
            return text
        if len(text) > _LONGEST_REMEMBERED:
            return self._redacted(text)
        known = self._known  # a secret learnt by another thread meanwhile puts a new one in its place
        shown = known.get(text)
        if shown is None:
            if len(known) >= _REMEMBERED:
                known.clear()
            shown = known[text] = self._redacted(text)
        return shown

    def _redacted(self, text: str) -> str:
        lowered = text.lower()
        if _ESCAPED_TEXT.search(text) or any(form in lowered for form in self._plain):
            for secret in self._secrets:
                text = self._any_spelling(secret).sub(REDACTED, text)
        for core in self._encoded:
            if core in text:
                text = text.replace(core, REDACTED)
        return text

    def header(self, name: str, value: str) -> str:
        """Return a header's value as it may be shown; credentials keep their scheme ("Bearer ***")."""
        lowered = name.strip().lower()
        if lowered in ("authorization", "proxy-authorization"):
            scheme, space, rest = value.partition(" ")
            shown = scheme if space and rest.strip() and scheme.isalpha() and self.text(scheme) == scheme else ""
            return f"{shown} {REDACTED}" if shown else REDACTED
        if lowered in ("set-cookie", "cookie") or lowered in self._hidden_headers:
            return REDACTED
        if lowered not in ("www-authenticate", "proxy-authenticate") and is_sensitive_name(lowered):
            return REDACTED
        if lowered in ("location", "content-location", "link", "referer"):
            return self.url(value)
        return self.text(value)

    def url(self, url: str) -> str:
        """Return a URL without secrets: known ones, user information, and parameters that carry credentials."""
        url = re.sub(r"(?<=//)[^/?#@]*@", f"{REDACTED}@", url)
        url = _QUERY_SECRET.sub(rf"\g<1>{REDACTED}", url)
        url = _PASSWORD_FILTER.sub(rf"\g<1>{REDACTED}\g<3>", url)
        return self.text(url)

    def body(self, content: bytes, media_type: str = "", limit: int | None = None) -> str:
        """Return a message body as text without secrets and passwords; what is not text is described.

        `limit` cuts the result to so many characters, never through the middle of a secret.
        """
        if not content:
            return ""
        head = content if limit is None else content[: limit + self.longest + 4 * 1024]
        cut = len(head) < len(content)
        shown = _as_text(head)
        if shown is None:
            return f"<{len(content)} bytes of {self.text(media_type) or 'unknown type'}, not text>"
        shown = self.text(self._passwords(shown))
        if limit is None or (not cut and len(shown) <= limit):
            return shown
        keep = max(0, len(shown) - self.longest - 1024) if cut else len(shown)
        return f"{shown[: min(limit, keep)]}... (cut, {len(content)} bytes in all)"

    def _any_spelling(self, secret: str) -> re.Pattern[str]:
        """Return the pattern of a secret, compiled when it is first needed: that takes longer than most texts."""
        found = self._spelled.get(secret)
        if found is None:
            found = self._spelled[secret] = re.compile(_any_spelling(secret), re.IGNORECASE)
        return found

    def _passwords(self, text: str) -> str:
        if "ssw" not in text.lower() and "\\u" not in text and "\\U" not in text:
            return text
        if len(text) <= _WALK_LIMIT and text.lstrip()[:1] in ("{", "["):
            try:
                tree = json.loads(text)
                hidden, found = _without_passwords(tree)
                if found:
                    return json.dumps(hidden, ensure_ascii=True)
            except (ValueError, RecursionError):
                pass
        text = _MEMBER.sub(_without_password, text)
        text = _PASSWORD_FILTER.sub(rf"\g<1>{REDACTED}\g<3>", text)
        return _FORM_PASSWORD.sub(rf"\g<1>{REDACTED}", text)


def _as_text(content: bytes) -> str | None:
    text = content.decode("utf-8", errors="replace")
    odd = sum(1 for character in text if character < " " and character not in "\r\n\t\f") + text.count("\ufffd")
    return None if "\x00" in text or odd > len(text) // 10 else text


def _without_passwords(tree: Any) -> tuple[Any, bool]:
    """Return a copy in which the values of password members and of operations on a password are hidden."""
    if isinstance(tree, list):
        pairs = [_without_passwords(item) for item in tree]
        return [item for item, _ in pairs], any(found for _, found in pairs)
    if isinstance(tree, str):
        hidden = _PASSWORD_FILTER.sub(rf"\g<1>{REDACTED}\g<3>", tree)
        return hidden, hidden != tree
    if not isinstance(tree, dict):
        return tree, False
    path = next((value for key, value in tree.items() if key.lower() == "path"), None)
    on_password = isinstance(path, str) and "password" in path.lower()
    copy: dict[str, Any] = {}
    found = False
    for key, value in tree.items():
        if ("password" in key.lower() and not _is_feature(value)) or (on_password and key.lower() == "value"):
            copy[key], found = REDACTED, True
        else:
            copy[key], inside = _without_passwords(value)
            found = found or inside
    return copy, found


def _without_password(member: re.Match[str]) -> str:
    """Return a member of a JSON object as it stands in a text, with the value of a password hidden."""
    name, colon, value = member.groups()
    if "\\" in name:
        with contextlib.suppress(ValueError):
            name = json.loads(f'"{name}"')
    if "password" not in name.lower() or value in ("true", "false", "null"):
        return member[0]
    return f'"{member[1]}"{colon}"{REDACTED}"'


def _is_feature(value: Any) -> bool:
    """Tell whether a member named like a password is the changePassword feature, or says nothing at all."""
    return value is None or isinstance(value, bool) or (isinstance(value, dict) and set(value) <= {"supported"})


def _any_spelling(secret: str) -> str:
    spelled = "".join(_any_spelling_of(character) for character in secret)
    if len(secret) < _SHORTEST_STRONG:
        return rf"(?<![^\W_])(?-i:{spelled})(?![^\W_])"
    return f"{spelled}|{re.escape(secret.encode().hex())}"


def _any_spelling_of(character: str) -> str:
    """Return a pattern for one character: itself, or escaped for JSON, URLs, HTML or Python, also twice over."""
    code = ord(character)
    forms = [
        re.escape(character),
        rf"\\{{1,8}}u{code:04x}",
        rf"&(?:amp;){{0,4}}\#(?:0{{0,6}}{code}|x0{{0,6}}{code:x});",
    ]
    if code < 0x80:  # noqa: PLR2004 - the end of ASCII
        forms += [rf"%(?:25){{0,4}}{code:02x}", rf"\\{{1,8}}x{code:02x}"]
    else:
        forms.append("".join(rf"%(?:25){{0,4}}{byte:02x}" for byte in character.encode()))
    if not character.isalnum():
        forms.append(rf"\\{{1,8}}{re.escape(character)}")
    named = html.escape(character)
    if named != character and not named.startswith("&#"):
        forms.append(rf"&(?:amp;){{0,4}}{re.escape(named[1:])}")
    if character == "'":
        forms.append(r"&(?:amp;){0,4}apos;")
    return f"(?:{'|'.join(forms)})"


def _base64_cores(secret: str) -> list[str]:
    """Return the texts that stand in every base64 text around the secret, one for each of the three alignments."""
    cores: list[str] = []
    data = secret.encode()
    for shift in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            encoded = encode(b"\x00" * shift + data).decode().rstrip("=")
            first = (0, 2, 3)[shift]
            whole = (shift + len(data)) * 8 // 6
            core = encoded[first:whole]
            if len(core) >= _SHORTEST_SECRET + 1 and core not in cores:
                cores.append(core)
    return cores

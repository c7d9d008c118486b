"""What users have and are, RFC 7643 section 4.1.2: entitlements, roles and certificates."""

import base64
import binascii
import ssl

import pytest

from scim_conformance.judge import Blocked, Violation, expect, warn
from scim_conformance.judge.users import CERTIFICATE


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("entitlements", marks=pytest.mark.requirement("RFC7643-4.1.2-28")),
        pytest.param("roles", marks=pytest.mark.requirement("RFC7643-4.1.2-29")),
    ],
)
def test_entitlements_and_roles_are_kept(scim, usual, kept, name):
    """Entitlements and roles are kept with the value and type that a client gave them."""
    posted = usual.answer(name).posted
    if 400 <= posted.status < 500:  # A directory may know no such role, and says so.
        warn(
            f"A user with {name} of the client's own is refused.",
            expected=["a user with them, for no vocabulary is specified"],
            actual=f"status {scim.recall(posted).status}",
        )
    else:
        kept(name)


def decoded(value):
    """Give the octets of a text in base64 of either alphabet, None where it is none."""
    if not isinstance(value, str):
        return None
    plain = value.translate(str.maketrans("-_", "+/")).rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (ValueError, binascii.Error):
        return None


def certificates_in(octets):
    """Count the certificates that octets hold, one after the other; 0 where they hold anything else."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    count = 0
    while octets:
        try:
            context.load_verify_locations(cadata=octets)
        except (ssl.SSLError, ValueError):
            return 0
        count, octets = count + 1, octets[length(octets) :]
    return count


def length(octets):
    """Give the length of the DER value that octets begin with, header included."""
    if octets[1] < 0x80:
        return 2 + octets[1]
    size = octets[1] & 0x7F
    return 2 + size + int.from_bytes(octets[2 : 2 + size], "big")


@pytest.fixture
def certificate(scim, usual):
    """The values of x509Certificates that a user shows who was given a certificate, and the answer that shows them."""
    answer = usual.answer("x509Certificates")
    if not answer.posted.is_success:
        raise Blocked(f"a user with a certificate is refused: POST answered {answer.posted.status}")
    shown = answer.shown.get("x509Certificates")
    if not isinstance(shown, list) or not shown:
        raise Violation(
            "A certificate that was sent is not shown.",
            expected=["x509Certificates with one element"],
            actual=repr(shown),
        )
    return [each.get("value") if isinstance(each, dict) else each for each in shown], scim.recall(answer.read)


@pytest.mark.requirement("RFC7643-4.1.2-30")
def test_a_certificate_is_shown_in_base64(certificate):
    """A certificate is shown as its DER encoding in base64, the same that was sent."""
    shown, response = certificate
    octets = [decoded(value) for value in shown]
    expect(response).where(
        octets == [base64.b64decode(CERTIFICATE)] and certificates_in(octets[0]) == 1,
        expected="the certificate that was sent, as DER in base64",
        actual=f"x509Certificates = {shown!r}"[:300],
    )


@pytest.mark.requirement("RFC7643-4.1.2-31")
@pytest.mark.parametrize("form", ["one after the other", "in one sequence"])
@pytest.mark.usefixtures("certificate")
def test_two_certificates_are_not_one_value(tried, body, form):
    """Two certificates in one value are refused with 400 invalidValue, or not shown as one value."""
    one = base64.b64decode(CERTIFICATE)
    both = one + one
    if form == "in one sequence":
        both = b"\x30\x82" + len(both).to_bytes(2, "big") + both
    response, shown = tried(body("User", x509Certificates=[{"value": base64.b64encode(both).decode()}]))
    found = [
        each.get("value") if isinstance(each, dict) else each for each in (shown or {}).get("x509Certificates") or []
    ]
    expect(response).where(
        both not in [decoded(value) for value in found],
        expected="a refusal with 400, or no value with two certificates",
        actual=f"a value with two certificates, {form}",
    )

"""What the server does with certificates, passwords and names of users."""

import base64

from scim_conformance.judge.users import CERTIFICATE

SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"


def test_one_certificate_is_kept_and_two_are_refused(ask):
    """One certificate is kept as it is; two in one value are refused, be it in a row or in a sequence."""
    one = base64.b64decode(CERTIFICATE)
    both = one + one
    for octets in (both, b"\x30\x82" + len(both).to_bytes(2, "big") + both):
        value = base64.b64encode(octets).decode()
        body = {"schemas": [USER], "userName": "anna", "x509Certificates": [{"value": value}]}
        assert ask("POST", "/Users", body).status == 400
    created = ask.user(x509Certificates=[{"value": CERTIFICATE}])
    assert created["x509Certificates"] == [{"value": CERTIFICATE}]


def test_name_formatted_follows_its_parts(ask):
    """A PATCH of the family name changes name.formatted with it where it was made of the parts, and else leaves it."""
    for formatted, expected in (("Anna Berg", "Anna Dahl"), ("A. Berg", "A. Berg")):
        user = ask.user(formatted, name={"givenName": "Anna", "familyName": "Berg", "formatted": formatted})
        ask.patch(user, {"op": "replace", "path": "name.familyName", "value": "Dahl"})
        assert ask.again(user)["name"]["formatted"] == expected


def test_a_search_compares_a_password_by_eq_alone(ask):
    """A search finds a user by the password, in any Unicode form; nothing else tells anything of it."""
    ask.user("anna", password="caf\u00e9 Zx7")
    for text, count in (("caf\u00e9 Zx7", 1), ("cafe\u0301 Zx7", 1), ("CAF\u00c9 ZX7", 0), ("no", 0)):
        response = searched(ask, f'password eq "{text}"')
        assert (response.status, response.json["totalResults"]) == (200, count)
    for filter_ in ('password sw "caf"', 'password gt ""', 'password ne "x"', "password eq null", "password pr"):
        assert searched(ask, filter_).status == 400


def searched(ask, filter_):
    """Search for users."""
    return ask("POST", "/Users/.search", {"schemas": [SEARCH], "filter": filter_})

"""The core schemas as a target publishes them, beside those of RFC 7643 section 8.7.1: differences are a warning."""

import pytest

from scim_conformance.judge import warn

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CANONICAL = {
    "emails.type": {"work", "home", "other"},
    "phoneNumbers.type": {"work", "home", "mobile", "fax", "pager", "other"},
    "ims.type": {"aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"},
    "photos.type": {"photo", "thumbnail"},
    "addresses.type": {"work", "home", "other"},
}


@pytest.fixture
def compare(reject):
    """Compare definitions with those of the RFC's schemas; absent attributes are passed over."""

    def judge(definitions, usual) -> None:
        offending = []
        for path, characteristics in usual.items():
            definition = definitions.get(path.lower())
            for member, value in characteristics.items() if definition else ():
                served = definition.get(member)
                if served is not None and _plain(served) != _plain(value):
                    offending.append(f"{path}: {member} = {served!r}")
        wanted = [f"{path}: {', '.join(f'{m} = {v!r}' for m, v in usual[path].items())}" for path in usual]
        reject(offending, "The schema differs from that of RFC 7643 section 8.7.1.", expected=wanted)

    return judge


def _plain(value):
    return value.strip("\"'").lower() if isinstance(value, str) else value


@pytest.mark.requirement("RFC7643-8.7.1-02")
def test_user_name_is_required_and_unique(schema_of, compare):
    """The attribute userName is required, case-insensitive, readWrite, returned by default and unique."""
    definitions = schema_of(USER)
    usual = {"required": True, "caseExact": False, "mutability": "readWrite"}
    served = definitions.get("username")
    for member, stricter, plain in (("returned", "always", "default"), ("uniqueness", "global", "server")):
        usual[member] = stricter if served and served.keyword(member) == stricter else plain
    compare(definitions, {"userName": usual})


@pytest.mark.requirement("RFC7643-8.7.1-03")
def test_password_is_never_shown(schema_of, compare):
    """The attribute password is writeOnly and never returned."""
    compare(schema_of(USER), {"password": {"mutability": "writeOnly", "returned": "never"}})


@pytest.mark.requirement("RFC7643-8.7.1-04")
def test_groups_are_read_only(schema_of, compare):
    """The groups of a user are readOnly with all their sub-attributes."""
    names = ("groups", "groups.value", "groups.$ref", "groups.display", "groups.type")
    definitions = schema_of(USER)
    compare(definitions, {name: {"mutability": "readOnly"} for name in names})
    _must_suggest(definitions, "groups.type", {"direct", "indirect"})


@pytest.mark.requirement("RFC7643-8.7.1-05")
def test_usual_labels_are_suggested(schema_of):
    """emails, phoneNumbers, ims, photos and addresses suggest the usual values of type."""
    definitions = schema_of(USER)
    for path, labels in CANONICAL.items():
        _must_suggest(definitions, path, labels)


def _must_suggest(definitions, path, labels) -> None:
    definition = definitions.get(path.lower())
    if definition is None:
        return
    suggested = definition.get("canonicalValues")
    suggested = {str(value).lower() for value in suggested} if isinstance(suggested, list) else set()
    missing = sorted(labels - suggested)
    if missing:
        warn(
            f"{path} does not suggest the values of RFC 7643.",
            expected=[f"canonicalValues with {', '.join(sorted(labels))}"],
            actual=f"without {', '.join(missing)}",
        )


@pytest.mark.requirement("RFC7643-8.7.1-06")
def test_members_are_immutable(schema_of, compare):
    """The sub-attributes value, $ref and type of members are immutable, and displayName of a group is required."""
    definitions = schema_of(GROUP)
    immutable = {name: {"mutability": "immutable"} for name in ("members.value", "members.$ref", "members.type")}
    compare(definitions, immutable | {"displayName": {"required": True}})


@pytest.mark.requirement("RFC7643-8.7.1-07")
def test_manager_is_writable_but_its_name(schema_of, compare):
    """manager.displayName is readOnly, manager.value and manager.$ref are readWrite."""
    usual = {"manager.value": "readWrite", "manager.$ref": "readWrite", "manager.displayName": "readOnly"}
    compare(schema_of(ENTERPRISE), {path: {"mutability": value} for path, value in usual.items()})

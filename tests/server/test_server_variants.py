"""Every variant is a service that still works: a short life of a user and a group, without a mistake of its own."""

import pytest

from scim_conformance.server import reference, variants
from scim_conformance.server.braze import braze

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

PERSON = {
    "schemas": [USER, ENTERPRISE],
    "userName": "anna@example.com",
    "displayName": "Anna",
    "name": {"familyName": "Arendt", "givenName": "Anna"},
    "active": True,
    "emails": [{"value": "anna@example.com", "type": "work", "primary": True}],
    ENTERPRISE: {"employeeNumber": "7"},
}

LAWFUL = {id_: each for id_, each in variants.load_all().items() if "rfc" in each.profiles}
"""The variants that the RFCs allow; the others are for those to judge whom they are about."""


@pytest.mark.parametrize("variant", LAWFUL.values(), ids=LAWFUL)
def test_variant_works(make, variant, caplog):
    """Creating, reading, finding, replacing, patching and deleting work or are refused, and nothing is a 500."""
    ask = make(base_path=variant.options.get("base_path", ""))
    variant.apply(ask.service)
    base = ask.service.locations.base_path

    def again(method, path, body=None, **options):
        response = ask(method, base + path, body, **options)
        while response.status in (429, 503):
            response = ask(method, base + path, body, **options)
        assert response.status < 500 or response.status == 501, response.body
        return response

    user = again("POST", "/Users", PERSON)
    assert user.status == 201, user.body
    path = f"/Users/{user.json['id']}"
    assert again("GET", path).json["userName"] == "anna@example.com"
    assert again("PUT", path, PERSON).status == 200
    patch = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
             "Operations": [{"op": "replace", "path": "displayName", "value": "A"}]}  # fmt: skip
    supported = ask.service.capabilities.patch
    assert again("PATCH", path, patch).status in ((200, 204) if supported else (501, 405, 404))
    for filter_ in ('userName eq "anna@example.com"', 'emails[type eq "work"]', 'id eq "x"'):
        assert again("GET", "/Users", query={"filter": filter_}).status in (200, 400)
    for place in ("/ServiceProviderConfig", "/Schemas", "/ResourceTypes", f"/Schemas/{USER}", "/ResourceTypes/User"):
        assert again("GET", place).status == 200
    if ask.service.resource_types.get("Group"):
        member = {"value": user.json["id"], "$ref": user.json["meta"]["location"]}
        group = again("POST", "/Groups", {"schemas": [GROUP], "displayName": "g", "members": [member]})
        assert group.status == 201, group.body
        assert again("GET", f"/Groups/{group.json['id']}").status == 200
    assert again("GET", "/Users").json["totalResults"] >= 1
    assert again("DELETE", path).status == 204
    assert again("GET", path).status == 404
    assert again("GET", "/nowhere").status in (404, 405)
    assert not caplog.records


def test_there_are_many_variants():
    """There are at least forty, each with a title that names what allows it."""
    found = variants.load_all()
    assert len(found) >= 40
    for variant in found.values():
        variant.apply(braze() if variant.server == "braze" else reference())
        assert set(variant.options) <= {"features", "hints", "base_path"}

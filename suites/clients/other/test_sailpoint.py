"""SailPoint's discovery before it reads accounts, and Salesforce's way to remove members."""

import pytest

from scim_conformance.judge import expect

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
SEQUENCE = {
    "configuration": "/ServiceProviderConfig",
    "types": "/ResourceTypes",
    "schemas": "/Schemas",
    "type": "/ResourceTypes/User",
    "schema": f"/Schemas/{USER}",
}


@pytest.mark.requirement("OTHER-IDP-SAILPOINT-01")
@pytest.mark.parametrize("step", list(SEQUENCE))
def test_sailpoint_discovers(sent, step):
    """What SailPoint reads before accounts is there: configuration, resource types and schemas, and those of users."""
    expect(sent("GET", SEQUENCE[step])).status(200).json_object()


@pytest.mark.requirement("OTHER-IDP-SAILPOINT-02")
def test_sailpoint_reads_accounts(sent):
    """SailPoint's first page of accounts is a list."""
    expect(sent("GET", "/Users", query="startIndex=1&count=100")).status(200).json_object().has("totalResults")


@pytest.mark.requirement("OTHER-IDP-SALESFORCE-01")
def test_salesforce_removes_members(sent, scim, team, peopled, consists):
    """Salesforce's remove of members, with the list in an object, takes out those alone."""
    group = team(2)
    operation = {"op": "remove", "path": "members", "value": {"members": [{"value": peopled()[0]["id"]}]}}
    expect(sent("PATCH", scim.location(group), {"schemas": [PATCH_OP], "Operations": [operation]})).status(200, 204)
    consists(group, peopled()[1])

"""The default workspace of the provisioning settings: where new users are put who name no workspace."""

import pytest

from scim_conformance.judge import Blocked, Violation, expect

OTHER = "Another workspace"


class Workspace:
    """The served attribute that tells a user's workspace."""

    def __init__(self, attribute):
        self._attribute = attribute
        self._urn = attribute.schema if attribute.path.lower().startswith("urn:") else ""

    def of(self, user):
        """The workspace that a user shows, None where it shows none."""
        holder = user.get(self._urn) if self._urn in user else user
        return holder.get(self._attribute.name) if isinstance(holder, dict) else None

    def named(self, name):
        """The member of a body that names a workspace."""
        return {self._urn: {self._attribute.name: name}} if self._urn else {self._attribute.name: name}


@pytest.fixture
def workspace(features):
    """The served attribute named workspace; the check does not apply where a user shows no workspace."""
    for attribute in features.attributes(features.resource_type("User")):
        if attribute.name.lower() == "workspace" and not attribute.parent and attribute.type == "string":
            return Workspace(attribute)
    pytest.skip("unsupported: the target serves no attribute of users named workspace")


@pytest.fixture
def default(operator):
    """The name of the default workspace, as the operator gave it."""
    if not operator.workspace:
        pytest.skip("disabled: the operator gave no name of the default workspace")
    return operator.workspace


@pytest.fixture
def elsewhere(post, body, workspace, read):
    """A user that was created in another workspace than the default; blocked where the target knows no other."""
    user = post("User", body("User", **workspace.named(OTHER))).resource
    if workspace.of(read(user)) != OTHER:
        raise Blocked("a user cannot be created in another workspace than the default")
    return user


@pytest.mark.requirement("SEED-WORKSPACE-01")
def test_user_without_workspace_gets_the_default(post, body, read, workspace, default):
    """A user created without a workspace is added to the default workspace."""
    created = post("User", body("User"))
    found = workspace.of(read(created.resource))
    expect(created.response).where(
        found == default, expected=f"workspace = {default}, the default", actual=f"workspace = {found!r}"
    )


@pytest.mark.requirement("SEED-WORKSPACE-02")
def test_workspace_of_the_request_is_respected(post, body, read, workspace, default):
    """A user created with a workspace is added to that one, not to the default."""
    if default == OTHER:
        raise Blocked(f"{OTHER!r} is the default workspace itself")
    created = post("User", body("User", **workspace.named(OTHER)))
    found = workspace.of(read(created.resource))
    expect(created.response).where(found == OTHER, expected=f"workspace = {OTHER}", actual=f"workspace = {found!r}")


@pytest.mark.requirement("SEED-WORKSPACE-03")
@pytest.mark.usefixtures("working_replace")
def test_put_does_not_move_a_user_to_the_default(elsewhere, scim, body, read, workspace, default):
    """A PUT that names no workspace does not move a user of another workspace to the default."""
    user = read(elsewhere)
    sent = body("User", userName=user.get("userName"))
    response = scim.replace(user, sent)
    found = workspace.of(read(user))
    expect(response).success().where(
        found != default, expected="another workspace than the default", actual=f"workspace = {found!r}"
    )


@pytest.mark.requirement("SEED-WORKSPACE-03")
@pytest.mark.usefixtures("patching", "default")
def test_patch_does_not_move_a_user_to_the_default(elsewhere, scim, read, workspace):
    """A PATCH that names no workspace does not move a user of another workspace to the default."""
    operation = {"op": "replace", "path": "displayName", "value": "Somebody else"}
    response = scim.modify(elsewhere, operation)
    found = workspace.of(read(elsewhere))
    expect(response).success().where(
        found == OTHER, expected=f"workspace = {OTHER}, as before", actual=f"workspace = {found!r}"
    )


@pytest.mark.requirement("SEED-WORKSPACE-04")
def test_settings_require_a_default_workspace(administrator):
    """Without a default workspace the settings give no token, and say what is missing."""
    token, message = administrator.page(service_origin="idp.example.com").generate()
    if token is not None or "workspace" not in message.lower():
        raise Violation(
            "The settings were accepted without a default workspace.",
            expected=["no token, and a message that names the default workspace"],
            actual="a token was generated" if token is not None else f"the message {message!r}",
        )

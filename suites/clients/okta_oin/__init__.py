"""The cases of Okta's manual test plan for its Integration Network that the SCIM side shows."""

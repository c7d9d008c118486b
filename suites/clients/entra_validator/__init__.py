"""The tests of Microsoft's hosted SCIM Validator, each under its own name."""

"""Checks of what Okta sends and needs of the answers."""

"""The requests and assertions of Okta's SPEC test."""

"""Checks of paging by cursor (RFC 9865)."""

"""Checks of bulk jobs, RFC 7644 section 3.7."""

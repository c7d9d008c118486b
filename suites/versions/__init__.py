"""Versions of resources: ETags and conditional requests, RFC 7644 section 3.14 and RFC 7232."""

"""Errors and HTTP: error bodies, status codes, scimTypes, media types, methods; RFC 7644 sections 3.1, 3.8, 3.12."""

"""/Me, the resource of whoever asks (RFC 7644 section 3.11)."""

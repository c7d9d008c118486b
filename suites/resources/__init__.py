"""Resources, their types, attributes and values, RFC 7643 sections 2 to 4."""

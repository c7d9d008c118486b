"""The attributes of users: the core User schema and the enterprise extension, RFC 7643 sections 4.1 and 4.3."""

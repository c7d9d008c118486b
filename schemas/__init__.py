"""Data files: requirements, SCIM schemas, message schemas, the report's schema."""

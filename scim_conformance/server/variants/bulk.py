"""Variants of bulk jobs: what section 3.7 of RFC 7644 leaves to the service provider (A50)."""

from scim_conformance.server.service import Service
from scim_conformance.server.variants import variant


@variant()
def no_bulk(service: Service) -> None:
    """Bulk jobs are not supported, ServiceProviderConfig says so, and one is answered 501 (RFC 7644 section 3.7)."""
    service.capabilities.bulk = False

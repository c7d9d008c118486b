"""Functions that are not advertised and break the service when they are asked for all the same."""

from collections.abc import Callable, Mapping
from typing import Any

from scim_conformance.server.faults import around, fault
from scim_conformance.server.messages import Request
from scim_conformance.server.service import Service


def _failing(*_arguments: Any, **_options: Any) -> bool:
    raise RuntimeError("This function was left out.")


@fault("RFC7643-5-12")
def denied_filters_break(service: Service) -> None:
    """ServiceProviderConfig says that filters are not supported, and a query with one answers 500."""
    service.capabilities.filter = False

    def filter_(original: Callable[..., Any], kinds: Any, text: str | None, *, in_url: bool) -> Any:
        return _failing() if text else original(kinds, text, in_url=in_url)

    around(service.query, "filter", filter_)


@fault("RFC7643-5-17")
def denied_sorting_breaks(service: Service) -> None:
    """ServiceProviderConfig says that sorting is not supported, and a query with sortBy answers 500."""
    service.capabilities.sort = False

    def sort(original: Callable[..., Any], kinds: Any, found: Any, parameters: Mapping[str, str]) -> Any:
        return _failing() if "sortBy" in parameters else original(kinds, found, parameters)

    around(service.query, "sorted", sort)


@fault("RFC7643-5-19")
def denied_versions_break(service: Service) -> None:
    """ServiceProviderConfig says that versions are not supported, and a condition on one answers 500."""
    service.capabilities.etag = False

    def is_not_modified(original: Callable[..., bool], request: Request, resource: Any) -> bool:
        return _failing() if request.headers.get("If-None-Match") else original(request, resource)

    around(service.versions, "is_not_modified", is_not_modified)

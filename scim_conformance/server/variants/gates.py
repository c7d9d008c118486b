"""Variants that the vendors' own gates let pass, whatever the RFCs say of them: a green run there must not turn red."""

import json
from collections.abc import Callable
from typing import Any

from scim_conformance.server.errors import ScimError
from scim_conformance.server.filters import Compare
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.schema import EXTERNAL_ID
from scim_conformance.server.service import Service
from scim_conformance.server.variants import after, around, swap, variant

EVERY_GATE = ("entra-validator", "entra-gallery", "okta-spec", "okta-oin")
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def finishing(service: Service, change: Callable[[Request, Response], Response]) -> None:
    """Change every answer, as it is about to leave."""

    def finished(original: Callable[..., Response], request: Request, response: Response) -> Response:
        return original(request, change(request, response))

    around(service, "finished", finished)


@variant(profiles=EVERY_GATE)
def patches_answer_nothing(service: Service) -> None:
    """A PATCH is answered 204, as RFC 7644 section 3.5.2 allows; what is there is read afterwards."""
    swap(service.answers, "modified", lambda *_args: Response(204))


@variant(profiles=("entra-validator", "entra-gallery"))
def patches_of_groups_answer_200_without_body(service: Service) -> None:
    """A PATCH of a group is answered 200 without a body, which SCIM Validator let pass in a recorded run."""

    def empty(request: Request, response: Response) -> Response:
        if request.method == "PATCH" and "/Groups/" in request.path and response.status == 200:  # noqa: PLR2004 - OK
            response.body = b""
        return response

    finishing(service, empty)


@variant(profiles=("entra-validator", "okta-spec"))
def errors_are_plain_json_with_numbers(service: Service) -> None:
    """An error is application/json with its status as a number, which SCIM Validator let pass."""

    def plain(_request: Request, response: Response) -> Response:
        if response.status >= 400 and response.body:  # noqa: PLR2004 - errors
            body = json.loads(response.body)
            response.body = json.dumps({**body, "status": int(body.get("status", response.status))}).encode()
            response.headers.set("Content-Type", "application/json")
        return response

    finishing(service, plain)


@variant(profiles=EVERY_GATE)
def new_resources_have_no_location(service: Service) -> None:
    """The answer to a POST has no Location, at which none of the gates looks."""

    def without(_request: Request, response: Response) -> Response:
        response.headers.remove("Location")
        return response

    finishing(service, without)


@variant(profiles=("entra-validator", "entra-gallery"))
def nobody_is_a_manager_without_value(service: Service) -> None:
    """A user without a manager shows one whose value is empty, which Microsoft's tests take for none."""

    def show(original: Callable[..., dict[str, Any]], kind: ResourceType, *rest: Any) -> dict[str, Any]:
        found = original(kind, *rest)
        if kind.name != "User":
            return found
        return {**found, ENTERPRISE: {"manager": {"value": ""}, **found.get(ENTERPRISE, {})}}

    around(service.projection, "show", show)


@variant(profiles=("entra-gallery",))
def new_resources_answer_200(service: Service) -> None:
    """A POST is answered 200 instead of 201, which the gallery tests take."""

    def ok(_request: Request, response: Response) -> Response:
        if response.status == 201:  # noqa: PLR2004 - Created
            response.status = 200
        return response

    finishing(service, ok)


@variant(profiles=("okta-oin",))
def a_filter_without_match_answers_404(service: Service) -> None:
    """A filter that nothing matches is answered 404, which Okta's reference allows and its SPEC test does not."""

    def listed(original: Callable[..., Response], request: Request, body: dict[str, Any]) -> Response:
        if request.parameter("filter") is not None and not body["totalResults"]:
            raise ScimError(404, None, "Nothing matches the filter.")
        return original(request, body)

    around(service.answers, "listed", listed)


@variant(profiles=("okta-spec",))
def lists_count_in_text(service: Service) -> None:
    """The numbers of a list are texts of digits: nobody has verified whether the SPEC test takes them."""
    numbers = ("totalResults", "startIndex", "itemsPerPage")
    after(
        service.answers,
        "list_response",
        lambda body: {name: str(value) if name in numbers else value for name, value in body.items()},
    )


@variant(profiles=("okta-spec", "okta-oin", "entra-gallery"))
def user_names_heed_letter_case(service: Service) -> None:
    """A filter finds a userName only in its own letter case; the SPEC test asks no more than that it is answered."""

    def compare(original: Callable[..., bool], compare: Compare, scope: Any) -> bool:
        if compare.path.name != "userName" or not isinstance(compare.value, str):
            return original(compare, scope)
        return bool(scope.holder.get("userName") == compare.value)

    around(service.evaluation, "compare", compare)


@variant(profiles=EVERY_GATE)
def names_of_groups_are_unique(service: Service) -> None:
    """No two groups share a displayName, and the served schema says so, as RFC 7643 section 8.7.1 allows."""
    service.schemas.change(GROUP, "displayName", uniqueness="server")


@variant(profiles=EVERY_GATE)
def groups_show_a_list_of_members_unless_excluded(service: Service) -> None:
    """A group without members shows an empty list of them, as RFC 7643 section 2.5 allows, but where it is excluded."""

    def show(original: Callable[..., dict[str, Any]], kind: ResourceType, resource: Any, *rest: Any) -> dict[str, Any]:
        found = original(kind, resource, *rest)
        excluded = rest[0].excluded or () if rest else ()
        if kind.name != "Group" or "members" in excluded:
            return found
        return {**found, "members": found.get("members") or []}

    around(service.projection, "show", show)


@variant(profiles=("okta-oin",))
def wrong_credentials_answer_403(service: Service) -> None:
    """Wrong credentials are answered 403, on which Okta shows an error as well."""

    def forbidden(_request: Request, response: Response) -> Response:
        if response.status == 401:  # noqa: PLR2004 - Unauthorized
            response.status = 403
        return response

    finishing(service, forbidden)


@variant(profiles=("okta-oin",))
def what_a_put_leaves_out_is_kept(service: Service) -> None:
    """A PUT keeps what it leaves out, as RFC 7644 section 3.5.1 allows (A01); what Okta needs is not verified."""
    swap(service.validation, "omitted", lambda _attribute, stored: stored)


@variant(profiles=("entra-gallery", "okta-spec", "okta-oin"))
def users_have_no_enterprise_extension(service: Service) -> None:
    """Users have no enterprise extension: its rows are taken out of the mapping, and tests of managers are skipped."""
    service.resource_types.retract("User", ENTERPRISE)


@variant(profiles=("entra-gallery", "okta-spec", "okta-oin"))
def users_have_no_postal_addresses(service: Service) -> None:
    """Users have no addresses, as RFC 7643 section 8.7.1 allows: their rows are taken out of the mapping."""
    service.schemas.remove(USER, "addresses")


@variant(profiles=("entra-gallery",))
def schemas_list_external_id(service: Service) -> None:
    """The schemas of users and groups list externalId, which makes it known to Microsoft's test of discovery."""

    def documents(original: Callable[..., list[dict[str, Any]]], request: Request) -> list[dict[str, Any]]:
        found = original(request)
        for document in found:
            if document["id"] in (USER, GROUP):
                document["attributes"] = [*document["attributes"], EXTERNAL_ID.document()]
        return found

    around(service.discovery, "schema_documents", documents)

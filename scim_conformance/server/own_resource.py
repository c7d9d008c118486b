"""/Me, the resource of the user for whom a client acts, by a name that is the same for all (RFC 7644 section 3.11)."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from scim_conformance.server.errors import ScimError, not_found, uniqueness
from scim_conformance.server.grants import ANYBODY, Grants
from scim_conformance.server.lifecycle import Lifecycle
from scim_conformance.server.messages import Request, Response
from scim_conformance.server.resource_types import ResourceType, ResourceTypes

Handler = Callable[[Request], Response]
Handlers = dict[str, Handler]


class OwnResource:
    """Which resource is meant by /Me, and how requests to it are answered: directly, as to the resource itself."""

    def __init__(
        self,
        resource_types: ResourceTypes,
        lifecycle: Lifecycle,
        grants: Grants,
        single: Callable[[ResourceType, str], Handlers],
    ) -> None:
        self.resource_types = resource_types
        self.lifecycle = lifecycle
        self.grants = grants
        self.single = single

    def is_meant(self, request: Request) -> bool:
        """Tell whether the request comes from somebody who has a resource of its own, or may get one."""
        return self.kind() is not None and (bool(request.grant.subject) or request.grant is ANYBODY)

    def kind(self) -> ResourceType | None:
        """Give the resource type of those who have a resource of their own."""
        return self.resource_types.at("/Users")

    def handlers(self, request: Request) -> Handlers:
        """Give the methods of /Me: those of the subject's user, or the one that makes it a user."""
        kind, id_ = self.kind(), self.grants.user_of(request.grant)
        if kind is None or id_ is None or self.lifecycle.store.get(kind.name, id_) is None:
            return {"POST": self.register, **dict.fromkeys(("GET", "PUT", "PATCH", "DELETE"), self.missing)}
        handlers = {method: self.located(handler, kind, id_) for method, handler in self.single(kind, id_).items()}
        return {**handlers, "POST": self.registered_already}

    def located(self, handler: Handler, kind: ResourceType, id_: str) -> Handler:
        """Let every answer, an error too, name the permanent location of the subject's own resource."""

        def answer(request: Request) -> Response:
            location = self.location(request, kind, id_)
            try:
                response = handler(request)
            except ScimError as error:
                error.headers = (*error.headers, ("Location", location))
                raise
            response.headers.set("Location", location)
            return response

        return answer

    def location(self, request: Request, kind: ResourceType, id_: str) -> str:
        """Give the permanent location of a resource, which is not /Me."""
        return self.lifecycle.location(request, kind, self.lifecycle.existing(kind, id_).resource)

    def missing(self, _request: Request) -> Response:
        """Answer that the subject is no user yet."""
        raise not_found("You have no resource of your own yet; POST one.")

    def registered_already(self, _request: Request) -> Response:
        """Refuse a second resource of one subject."""
        raise uniqueness("You have a resource of your own already.")

    def register(self, request: Request) -> Response:
        """Create the subject's own resource; whoever registers without credentials gets one to be confirmed."""
        if request.grant is ANYBODY:
            body = self.unconfirmed(self.lifecycle.bodies.json(request))
            request = replace(request, body=json.dumps(body).encode())
        response = self.lifecycle.create(request, self.chosen())
        if request.grant.subject:
            self.grants.associate(request.grant.subject, str(response.json["id"]))
        return response

    def chosen(self) -> ResourceType:
        """Choose the type of a resource that is created: people are users."""
        kind = self.kind()
        if kind is None:
            raise not_found("There are no users here.")
        return kind

    def unconfirmed(self, body: dict[str, Any]) -> dict[str, Any]:
        """Make somebody unknown inactive until somebody else confirms that the person is real (section 7.6)."""
        return {**body, "active": False}

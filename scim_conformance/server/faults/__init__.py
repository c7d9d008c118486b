"""Faults: reference services broken in exactly one way that the specifications forbid.

A fault is a function that damages the one service it is given. It stands in the module of its area, names the
requirements it breaks, and says in its docstring's first line what is wrong::

    @fault("RFC7644-3.6-06")
    def delete_answers_200(service: Service) -> None:
        \"\"\"DELETE succeeds with 200 and a body instead of 204.\"\"\"
        swap(service.answers, "deleted", lambda: Response(200, Headers(), b"{}"))

The tools, from scim_conformance.server.alter and at hand here: `swap(owner, "method", new)` puts a function in the
place of a method; `around` gives it the original first; `after` changes what is returned; `answer` returns a constant;
`skip` does nothing. A name that is not there is refused at once. Data can be changed too: `service.capabilities.patch`,
`service.schemas.change(urn, "emails.value", required=True)`, `.add`, `.remove`; `service.resource_types.extend`,
`.retract`, `.drop`. Parsers are classes to subclass: `service.evaluation.parser`, `service.patching.path_parser`.

Which object to damage (see the classes for the rest; every rule is a method of its own):

access      check_address, address, peer_address, forwarded_address, check_token, check_single_method, presented_token,
            is_bearer, is_token, token_accepted, granted, check_origin, origin_matches, is_anonymous, is_registration,
            check_transport, check_rights, needed_scope, is_own_affair, unauthorized, insufficient_scope, challenge;
            settings: accepts, reset_token, allowed
grants      of, is_expired, user_of;    domains  domain, seen, kept (externalId);    tenants  named, is_below
own_resource  is_meant, handlers, located, location, register, unconfirmed (/Me)
service     perform, own, alias, read, answer, check_size, relative_path, unversioned, endpoint, root, fixed_endpoint,
            collection, single, searching, bulk, me, dispatch, method_not_allowed, allowed, internal_error,
            finished (every response), query_pairs (of a query string)
bodies      check_media_type, is_supported, decoded, parsed, check_message_schema, patch_operations, operation_name
validation  check_object, member_key, declared_schemas, schemas_of, read_only, immutable, omitted, is_unassigned,
            elements, without_doubles, is_double, check_required, is_required, is_empty, check_extensions, check_primary
values      string, boolean, decimal, integer, date_time, binary, reference, email, country, certificate, password ...
defaults    active, workspace, formatted_name
lifecycle   create, new_id, stamped_new, insert, read, existing, replace, update, stamped_change, modify, changed,
            is_unchanged, delete, remove, release, wanted, shown, location
uniqueness  is_unique, key, conflict; store.check_keys;       clock  stamp, written
versions    version, tag, headers, check_write, is_not_modified, if_match, if_none_match, tags, same,
            precondition_failed
patching    draft (a copy: atomicity), rule (a Replace of Entra ID's), without_path, member, whole_extension,
            check_read_only, add, append, appended, add_to_elements, replace, replace_all, replace_elements,
            kept_sub_attributes, switch_primary, matching, remove, unassign, drop_elements, remove_listed,
            check_removable, check_immutable, tidy
evaluation  parse, check_known, check_order, all_of, any_of, negation, value_path, present, unassigned, eq, ne, co,
            sw, ew, gt, ge, lt, le, check_secret, is_password; parser: FilterParser
comparison  is_case_exact, folded, moment (instants), text
bulk_jobs   status, job, check_payload, check_operations, operation, check_operation, check_bulk_ids, run, is_over,
            attempt, performed, resolve_first, resolved, replaced, single, complete, result, result_status, location
cursors     first, following, is_other_asker, is_other_query, is_expired, count, page, total, sealed, opened,
            list_response
query       by_cursor, check_many, candidates (with over 1000 resources it looks at one, by id or unique value), result,
            total, filter, check_sensitive, matching, start_index, count, page, sorted
sorting     ordered, joined (missing values), chosen (primary), comparable, is_descending
projection  names, exclusive, always_is_shown, never_is_shown, default_is_shown, request_is_shown, is_asked_for, show
membership  view, described, reference, groups, group, is_member, indirect, settle, dangling, released, location
locations   base, host, resource, reference
discovery   service_provider_config, bulk, pagination, authentication_schemes, resource_type_documents,
            schema_documents, listed, check_filter, meta
answers     created, found, not_modified, replaced, modified, deleted, listed, list_response, about (ETag,
            Content-Location), error, error_body, media_type, encoded
companies   open, made (see scim_conformance.server.faults.methods; the server like Braze's: .faults.braze)
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from scim_conformance.server.alter import after, answer, around, skip, swap
from scim_conformance.server.registry import (
    Apply,
    BadEntry,
    Served,
    area,
    check_new,
    entry_id,
    entry_title,
    find_entry,
    load_package,
)

__all__ = ["FAULTS", "Fault", "after", "answer", "around", "fault", "find", "load_all", "skip", "swap"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One way of being wrong: its id, the requirements it breaks, a title, and how a service comes to be so."""

    id: str
    requirements: tuple[str, ...]
    title: str
    area: str
    apply: Apply = field(repr=False)
    server: Served = "rfc"


FAULTS: dict[str, Fault] = {}
"""Every fault that was loaded, by its id."""


def fault(*requirements: str, server: Served = "rfc") -> Callable[[Apply], Apply]:
    """Register a fault of the named server that breaks these requirements.

    Raises BadEntry if it names none or has no title.
    """

    def register(apply: Apply) -> Apply:
        id_ = entry_id(apply)
        check_new(FAULTS, id_, apply)
        if not requirements:
            raise BadEntry(f"{id_} names no requirement; a fault breaks at least one.")
        FAULTS[id_] = Fault(id_, requirements, entry_title(apply), area(apply), apply, server)
        return apply

    return register


def load_all() -> dict[str, Fault]:
    """Import every module of faults and give all of them."""
    load_package(__name__, list(__path__))
    return FAULTS


def find(id_: str) -> Fault:
    """Find a fault by its id; raise UnknownEntry, which names the closest."""
    return find_entry(load_all(), id_, "fault")

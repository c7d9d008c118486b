"""Faults of data types (RFC 7643 section 2.3): values that are shown, or stored, as what their type cannot be."""

import base64
import json
from collections.abc import Callable
from typing import Any

from scim_conformance.server.definitions import serve_examples
from scim_conformance.server.errors import invalid_value
from scim_conformance.server.faults import after, around, fault, swap
from scim_conformance.server.faults.schemas import edit_attribute
from scim_conformance.server.schema import CORE, Attribute
from scim_conformance.server.service import Service

USER = CORE + "User"
DEVICE = "urn:scim-conformance:schemas:example:2.0:Device"
_BASIC = 0xFFFF


def shown_as(service: Service, kind: str, change: Callable[[Any], Any]) -> None:
    """Show the values of top-level attributes of a type changed; they are stored as they should be."""

    def visible(original: Callable[..., Any], attribute: Attribute, value: Any, key: str, *asked: Any) -> Any:
        found = original(attribute, value, key, *asked)
        # A sub-attribute comes this way only where its attribute is not shown as a whole.
        if attribute.type != kind or found is None or "." in key.rpartition(":")[2] or attribute.name == "schemas":
            return found
        return [change(each) for each in found] if isinstance(found, list) else change(found)

    around(service.projection, "visible", visible)


def lenient(service: Service, method: str) -> None:
    """Take any value in for a data type, as it is."""
    swap(service.values, method, lambda value, _place: value)


# -- string ---------------------------------------------------------------------------------


@fault("RFC7643-2.3.1-01")
def text_beyond_the_basic_plane_is_lost(service: Service) -> None:
    """Characters outside the basic multilingual plane are dropped from text."""
    after(service.values, "string", lambda text: "".join(each for each in text if ord(each) <= _BASIC))


@fault("RFC7643-2.3.1-01")
def text_is_stored_in_latin_1(service: Service) -> None:
    """Characters outside Latin 1 become question marks."""
    after(service.values, "string", lambda text: text.encode("latin-1", "replace").decode("latin-1"))


@fault("RFC7643-2.3.1-01")
def text_with_an_escape_is_refused(service: Service) -> None:
    """A text with a quotation mark or backslash is refused."""

    def string(original: Callable[..., str], value: Any, place: str) -> str:
        if isinstance(value, str) and ('"' in value or "\\" in value):
            raise invalid_value(f"{place} holds a character that is not allowed.")
        return original(value, place)

    around(service.values, "string", string)


@fault("RFC7643-2.3.1-01")
def numbers_are_stored_as_text(service: Service) -> None:
    """A number is stored, as it is, where the schema has a text."""
    around(service.values, "string", lambda original, v, place: v if isinstance(v, int) else original(v, place))


@fault("RFC7643-2.3.1-01")
def text_is_shown_as_an_object(service: Service) -> None:
    """A nickName is shown as an object with a value."""

    def visible(original: Callable[..., Any], attribute: Attribute, value: Any, *asked: Any) -> Any:
        found = original(attribute, value, *asked)
        return {"value": found} if attribute.name == "nickName" and found is not None else found

    around(service.projection, "visible", visible)


# -- boolean --------------------------------------------------------------------------------


@fault("RFC7643-2.3.2-01")
def booleans_are_shown_as_numbers(service: Service) -> None:
    """A boolean is shown as 1 or 0."""
    shown_as(service, "boolean", int)


@fault("RFC7643-2.3.2-01")
def booleans_are_shown_as_text(service: Service) -> None:
    """A boolean is shown as the text "True" or "False"."""
    shown_as(service, "boolean", str)


@fault("RFC7643-2.3.2-01")
def booleans_are_text_in_the_answer_to_put(service: Service) -> None:
    """The answer to PUT shows a boolean as a text; a GET shows it as it is."""

    def replaced(original: Callable[..., Any], request: Any, resource: Any, shown: Any, *rest: Any) -> Any:
        texts = {name: str(value).lower() if isinstance(value, bool) else value for name, value in shown.items()}
        return original(request, resource, texts, *rest)

    around(service.answers, "replaced", replaced)


@fault("RFC7643-2.3.2-01")
def numbers_are_stored_as_booleans(service: Service) -> None:
    """Any number is stored, as it is, where the schema has a boolean."""
    around(service.values, "boolean", lambda original, v, place: v if isinstance(v, int) else original(v, place))


# -- decimal and integer --------------------------------------------------------------------


@fault("RFC7643-2.3.3-01")
def decimals_are_shown_as_text(service: Service) -> None:
    """A decimal is shown as a text."""
    serve_examples(service)
    shown_as(service, "decimal", str)


@fault("RFC7643-2.3.3-01")
def decimals_lose_their_fraction(service: Service) -> None:
    """A decimal is stored without its fraction."""
    serve_examples(service)
    after(service.values, "decimal", int)


@fault("RFC7643-2.3.3-01")
def texts_are_stored_as_decimals(service: Service) -> None:
    """A text is stored, as it is, where the schema has a decimal."""
    serve_examples(service)
    lenient(service, "decimal")


@fault("RFC7643-2.3.4-01")
def integers_are_shown_with_a_fraction(service: Service) -> None:
    """An integer is shown with a fraction of zero."""
    serve_examples(service)
    shown_as(service, "integer", float)


@fault("RFC7643-2.3.4-01")
def integers_are_rounded_to_tens(service: Service) -> None:
    """An integer loses its last digit."""
    serve_examples(service)
    after(service.values, "integer", lambda number: number // 10 * 10)


@fault("RFC7643-2.3.4-01")
def total_results_has_a_fraction(service: Service) -> None:
    """The totalResults of a list is shown with a fraction of zero."""

    def list_response(original: Callable[..., dict[str, Any]], *args: Any, **options: Any) -> dict[str, Any]:
        found = original(*args, **options)
        return {name: float(each) if name == "totalResults" else each for name, each in found.items()}

    around(service.answers, "list_response", list_response)


@fault("RFC7643-2.3.4-01")
def limits_have_a_fraction(service: Service) -> None:
    """The filter.maxResults of ServiceProviderConfig is shown with a fraction of zero."""

    def configured(document: dict[str, Any]) -> dict[str, Any]:
        document["filter"]["maxResults"] = float(document["filter"]["maxResults"])
        return document

    after(service.discovery, "service_provider_config", configured)


@fault("RFC7643-2.3.4-02")
def fractions_are_stored_as_integers(service: Service) -> None:
    """A number with a fraction is stored, as it is, where the schema has an integer."""
    serve_examples(service)
    lenient(service, "integer")


# -- dateTime -------------------------------------------------------------------------------


@fault("RFC7643-2.3.5-01")
def date_times_are_written_for_people(service: Service) -> None:
    """A dateTime is shown with a blank instead of T, and without a zone."""
    serve_examples(service)
    shown_as(service, "dateTime", lambda text: text.replace("T", " ").rstrip("Z"))


@fault("RFC7643-2.3.5-02")
def date_times_are_cut_to_dates(service: Service) -> None:
    """A dateTime is shown without its time."""
    serve_examples(service)
    shown_as(service, "dateTime", lambda text: text.partition("T")[0])


@fault("RFC7643-2.3.5-02")
def dates_are_stored_as_date_times(service: Service) -> None:
    """A date without a time is stored, as it is, where the schema has a dateTime."""
    serve_examples(service)
    lenient(service, "date_time")


@fault("RFC7643-2.3.5-03")
def date_times_are_numbers(service: Service) -> None:
    """A dateTime is shown as the seconds since 1970."""
    serve_examples(service)
    shown_as(service, "dateTime", lambda text: int(service.comparison.moment(text).timestamp()))


# -- binary and reference -------------------------------------------------------------------


@fault("RFC7643-2.3.6-01")
def anything_is_stored_as_binary(service: Service) -> None:
    """A text that is no base64 is stored where the schema has a binary."""
    lenient(service, "binary")


@fault("RFC7643-2.3.6-01")
def binaries_are_shown_in_hexadecimal(service: Service) -> None:
    """A binary is shown as pairs of hexadecimal digits with colons between them."""
    serve_examples(service)
    shown_as(service, "binary", lambda text: base64.b64decode(text).hex(":"))


@fault("RFC7643-2.3.7-02")
def references_are_shown_in_angle_brackets(service: Service) -> None:
    """A reference is shown in angle brackets."""
    shown_as(service, "reference", lambda uri: f"<{uri}>")


@fault("RFC7643-2.3.7-02")
def uris_of_authentication_have_blanks(service: Service) -> None:
    """The specUri of an authentication scheme has a blank in it."""

    def spaced(schemes: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**each, "specUri": f"{each['specUri']} (2012)"} for each in schemes]

    after(service.discovery, "authentication_schemes", spaced)


# -- other types ----------------------------------------------------------------------------


@fault("RFC7644-3.3-13")
def texts_are_stored_for_objects(service: Service) -> None:
    """A text is stored where the schema has a complex attribute."""

    def single(original: Callable[..., Any], attribute: Attribute, value: Any, *rest: Any) -> Any:
        return value if attribute.type == "complex" and isinstance(value, str) else original(attribute, value, *rest)

    def visible(original: Callable[..., Any], attribute: Attribute, value: Any, *asked: Any) -> Any:
        texts = isinstance(value, str) or (isinstance(value, list) and any(isinstance(each, str) for each in value))
        return value if attribute.type == "complex" and texts else original(attribute, value, *asked)

    around(service.validation, "single", single)
    around(service.projection, "visible", visible)


@fault("RFC7643-2.2-07")
def attribute_without_type_is_a_number(service: Service) -> None:
    """An attribute whose served definition has no type takes numbers alone."""
    serve_examples(service)
    service.schemas.add(DEVICE, Attribute("size", "integer", description="Its size."))
    edit_attribute(service, DEVICE, "size", lambda definition: definition.pop("type"))


@fault("RFC7643-2.2-07")
def attribute_without_type_is_kept_as_json(service: Service) -> None:
    """The text of an attribute whose served definition has no type is stored with quotation marks around it."""
    serve_examples(service)
    edit_attribute(service, DEVICE, "kind", lambda definition: definition.pop("type"))

    def single(original: Callable[..., Any], attribute: Attribute, value: Any, *rest: Any) -> Any:
        found = original(attribute, value, *rest)
        return json.dumps(found) if attribute.name == "kind" else found

    around(service.validation, "single", single)

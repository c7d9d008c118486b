"""Faults that only some mapped values show: of one script, of one length, none at all, or many in one request."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from scim_conformance.server.bodies import Operation
from scim_conformance.server.during import during
from scim_conformance.server.errors import ScimError, invalid_value
from scim_conformance.server.faults import after, around, fault
from scim_conformance.server.faults.groups import showing
from scim_conformance.server.faults.mappings import recording
from scim_conformance.server.faults.properties_values import in_texts
from scim_conformance.server.messages import Request
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.service import Service
from scim_conformance.server.validation import Resource

_MOST_OPERATIONS = 10
_MOST_ATTRIBUTES = 8

# -- kinds of values -------------------------------------------------------------------------------------


@fault("MAPPING-08")
def diacritics_are_stripped(service: Service) -> None:
    """Letters are stored without their diacritics."""

    def plain(text: str) -> str:
        decomposed = unicodedata.normalize("NFD", text).replace("ł", "l").replace("Ł", "L")
        return unicodedata.normalize("NFC", "".join(each for each in decomposed if not "\u0300" <= each <= "\u036f"))

    in_texts(service, plain)


@fault("MAPPING-08")
def letters_beyond_latin_1_are_lost(service: Service) -> None:
    """Letters of Central Europe, which an old character set lacks, become question marks."""
    lost = re.compile("[\u0100-\u017f]")
    in_texts(service, lambda text: lost.sub("?", text))


@fault("MAPPING-08")
def letters_are_taken_apart(service: Service) -> None:
    """A letter with a diacritic is stored as the letter and the diacritic, as some file systems do."""
    in_texts(service, lambda text: unicodedata.normalize("NFD", text) if text < "\u0500" else text)


@fault("MAPPING-08", "MAPPING-10", "MAPPING-11")
def filters_know_ascii_alone(service: Service) -> None:
    """A filter finds nothing by a text that is not ASCII."""

    def eq(original: Callable[[Any, Any], bool], value: Any, wanted: Any) -> bool:
        return original(value, wanted) and (not isinstance(wanted, str) or wanted.isascii())

    around(service.evaluation, "eq", eq)


@fault("MAPPING-09")
def apostrophes_are_escaped(service: Service) -> None:
    """Apostrophes are stored as HTML writes them."""
    in_texts(service, lambda text: text.replace("'", "&#39;"))


@fault("MAPPING-09")
def apostrophes_are_doubled(service: Service) -> None:
    """Apostrophes are stored twice, as SQL wants them."""
    in_texts(service, lambda text: text.replace("'", "''"))


@fault("MAPPING-09")
def filters_end_at_an_apostrophe(service: Service) -> None:
    """What follows an apostrophe in the value of a filter is not looked at, so that nobody is found by it."""

    def eq(original: Callable[[Any, Any], bool], value: Any, wanted: Any) -> bool:
        return original(value, wanted.partition("'")[0] if isinstance(wanted, str) else wanted)

    around(service.evaluation, "eq", eq)


@fault("MAPPING-10")
def chinese_and_japanese_are_lost(service: Service) -> None:
    """Chinese and Japanese characters become question marks."""
    lost = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
    in_texts(service, lambda text: lost.sub("?", text))


@fault("MAPPING-11")
def right_to_left_text_is_reversed(service: Service) -> None:
    """Arabic and Hebrew text is stored in the order in which a screen shows it."""
    rtl = re.compile("[\u0590-\u06ff]")
    in_texts(service, lambda text: text[::-1] if rtl.search(text) else text)


@fault("MAPPING-12")
def texts_are_cut_at_255(service: Service) -> None:
    """Texts are cut at 255 characters without a word."""
    in_texts(service, lambda text: text[:255])


@fault("MAPPING-12")
def texts_are_cut_at_100(service: Service) -> None:
    """Texts are cut at 100 characters without a word."""
    in_texts(service, lambda text: text[:100])


@fault("MAPPING-13")
def missing_titles_become_null(service: Service) -> None:
    """A user without a title is shown with the text "null"."""
    showing(service, "User", lambda user: {"title": "null", **user})


@fault("MAPPING-13")
def missing_languages_become_none(service: Service) -> None:
    """A user without a preferred language is stored with the text "None"."""
    recording(service, lambda user: user.setdefault("preferredLanguage", "None"))


# -- whole requests --------------------------------------------------------------------------------------


@fault("MAPPING-14")
def full_bodies_are_refused(service: Service) -> None:
    """A POST with many attributes at once is refused, though none of them is wrong."""

    def resource(original: Callable[..., Resource], kind: ResourceType, body: Any, *rest: Any) -> Resource:
        if kind.name == "User" and len(body) > _MOST_ATTRIBUTES + 2 and "phoneNumbers" in body:
            raise invalid_value("There are too many attributes.")
        return original(kind, body, *rest)

    during(service.lifecycle, "create", service.validation, "resource", resource)


@fault("MAPPING-14", "MAPPING-01")
def fax_numbers_are_refused(service: Service) -> None:
    """A user with a telephone number of the type fax or mobile is refused."""

    def elements(original: Callable[..., Any], attribute: Any, value: Any, place: str) -> Any:
        types = [each.get("type") for each in value if isinstance(each, dict)] if isinstance(value, list) else []
        if attribute.name == "phoneNumbers" and {"fax", "mobile"} & set(types):
            raise invalid_value("There are telephone numbers of the type work alone.")
        return original(attribute, value, place)

    around(service.validation, "elements", elements)


@fault("MAPPING-15")
def patches_of_many_operations_are_refused(service: Service) -> None:
    """A PATCH with more than ten operations is refused."""

    def few(operations: list[Operation]) -> list[Operation]:
        if len(operations) > _MOST_OPERATIONS:
            raise invalid_value("There are too many operations.")
        return operations

    after(service.bodies, "patch_operations", few)


@fault("MAPPING-15")
def renames_are_refused_beside_other_changes(service: Service) -> None:
    """A change of the userName is refused in a request that changes more."""

    def modify(original: Callable[..., Any], request: Request, kind: ResourceType, id_: str) -> Any:
        paths = {operation.path for operation in service.bodies.patch_operations(request)}
        if "userName" in paths and len(paths) > 1:
            raise ScimError(400, "invalidValue", "A user is renamed by itself.")
        return original(request, kind, id_)

    around(service.lifecycle, "modify", modify)

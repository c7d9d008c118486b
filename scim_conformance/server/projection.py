"""Which attributes a response shows: returned, attributes, excludedAttributes (RFC 7644 sections 3.4.2.5 and 3.9)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from scim_conformance.server.errors import invalid_value
from scim_conformance.server.paths import BadPath, attribute_path
from scim_conformance.server.resource_types import Located, ResourceType, ResourceTypes
from scim_conformance.server.schema import COMMON, Attribute

Names = frozenset[str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a client asked to see: names of attributes, or names to leave out; None where it did not say."""

    attributes: tuple[str, ...] | None = None
    excluded: tuple[str, ...] | None = None


EVERYTHING = Wanted()


class Projection:
    """The rules by which attributes are shown or left out."""

    def __init__(self, resource_types: ResourceTypes) -> None:
        self.resource_types = resource_types

    def wanted(self, attributes: str | None, excluded: str | None) -> Wanted:
        """Read the two query parameters."""
        return self.exclusive(Wanted(self.names(attributes), self.names(excluded)))

    def names(self, text: str | None) -> tuple[str, ...] | None:
        """Read a comma-separated list of names; blanks around them do not count, an empty list is none."""
        names = tuple(name.strip() for name in (text or "").split(",") if name.strip())
        return names or None

    def exclusive(self, wanted: Wanted) -> Wanted:
        """Refuse attributes and excludedAttributes together: they exclude each other."""
        if wanted.attributes is not None and wanted.excluded is not None:
            raise invalid_value("attributes and excludedAttributes exclude each other; send one of them.")
        return wanted

    def show(
        self, kind: ResourceType, resource: Mapping[str, Any], wanted: Wanted, asserted: Names = frozenset()
    ) -> dict[str, Any]:
        """Give what a client may see of a resource; `asserted` holds the attributes its own request assigned."""
        named = self.keys(kind, wanted.attributes) if wanted.attributes is not None else None
        hidden = self.keys(kind, wanted.excluded or ())
        shown: dict[str, Any] = {}
        attributes = [*COMMON[:3], *self.resource_types.base(kind).attributes, COMMON[3]]
        self._show(attributes, resource, shown, "", (named, hidden, asserted))
        for schema in self.resource_types.extensions(kind):
            inside: dict[str, Any] = {}
            holder = resource.get(schema.id) or {}
            self._show(schema.attributes, holder, inside, schema.id.lower() + ":", (named, hidden, asserted))
            if inside:
                shown[schema.id] = inside
        return self.in_order(shown)

    def in_order(self, shown: dict[str, Any]) -> dict[str, Any]:
        """Put what is shown in the usual order: schemas and id first, extensions and meta last."""
        return {name: shown[name] for name in sorted(shown, key=lambda name: (":" in name) + 2 * (name == "meta"))}

    def keys(self, kind: ResourceType, names: Iterable[str]) -> Names:
        """Give the keys of the attributes that names lead to; a name that leads nowhere is ignored."""
        return frozenset(key for name in names if (key := self.key(kind, name)))

    def key(self, kind: ResourceType, name: str) -> str:
        """Give the lower-case key of one attribute, such as `emails.value`; empty if the type has no such attribute."""
        try:
            located = self.resource_types.locate(kind, attribute_path(name))
        except BadPath:
            return ""
        return key_of(located) if located else ""

    def _show(
        self,
        attributes: Iterable[Attribute],
        holder: Mapping[str, Any],
        shown: dict[str, Any],
        prefix: str,
        asked: tuple[Names | None, Names, Names],
    ) -> None:
        for attribute in attributes:
            value = holder.get(attribute.name)
            if value is None:
                continue
            key = prefix + attribute.name.lower()
            visible = self.visible(attribute, value, key, *asked)
            if visible is not None:
                shown[attribute.name] = visible

    def visible(
        self, attribute: Attribute, value: Any, key: str, named: Names | None, hidden: Names, asserted: Names
    ) -> Any:
        """Give what is shown of one attribute's value, None if nothing is."""
        if not self.is_shown(attribute, key, named, hidden, asserted):
            return None
        if attribute.type != "complex" or self.is_whole(attribute, key, named, hidden):
            return value
        if isinstance(value, list):
            elements = [self.inside(attribute, element, key, (named, hidden, asserted)) for element in value]
            return [element for element in elements if element] or None
        return self.inside(attribute, value, key, (named, hidden, asserted)) or None

    def inside(
        self, attribute: Attribute, value: Any, key: str, asked: tuple[Names | None, Names, Names]
    ) -> dict[str, Any]:
        """Give what is shown inside a complex value."""
        named, hidden, asserted = asked
        # Naming an attribute names its sub-attributes, which then follow their own `returned`.
        inner = None if named is None or is_named(key, named) else named
        if is_named(key, hidden):
            hidden |= {f"{key}.{sub.name.lower()}" for sub in attribute.sub_attributes}
        shown: dict[str, Any] = {}
        self._show(attribute.sub_attributes, value, shown, key + ".", (inner, hidden, asserted))
        return shown

    def is_whole(self, attribute: Attribute, key: str, named: Names | None, hidden: Names) -> bool:
        """Tell whether a complex value can be shown as it is, none of its sub-attributes being special."""
        plain = all(sub.returned == "default" for sub in attribute.sub_attributes)
        untouched = not any(name.startswith(key + ".") for name in hidden)
        return plain and untouched and (named is None or is_named(key, named))

    # The rules of `returned` (RFC 7643 section 7)

    def is_shown(self, attribute: Attribute, key: str, named: Names | None, hidden: Names, asserted: Names) -> bool:
        """Tell whether an attribute is in the response at all."""
        rules: dict[str, Callable[..., bool]] = {
            "always": self.always_is_shown,
            "never": self.never_is_shown,
            "default": self.default_is_shown,
            "request": self.request_is_shown,
        }
        return rules[attribute.returned](attribute, key, named, hidden, asserted)

    def always_is_shown(self, _attribute: Attribute, _key: str, *_asked: Any) -> bool:
        """Show the attribute whatever was asked."""
        return True

    def never_is_shown(self, _attribute: Attribute, _key: str, *_asked: Any) -> bool:
        """Hide the attribute whatever was asked."""
        return False

    def default_is_shown(
        self, attribute: Attribute, key: str, named: Names | None, hidden: Names, _asserted: Names
    ) -> bool:
        """Show the attribute unless other attributes were named, or this one excluded."""
        if named is not None:
            return self.is_asked_for(attribute, key, named)
        return not is_named(key, hidden) or self.holds_always(attribute)

    def request_is_shown(
        self, attribute: Attribute, key: str, named: Names | None, _hidden: Names, asserted: Names
    ) -> bool:
        """Show the attribute if it was named, or if the request that is answered assigned it."""
        return (named is not None and self.is_asked_for(attribute, key, named)) or key in asserted

    def is_asked_for(self, attribute: Attribute, key: str, named: Names) -> bool:
        """Tell whether an attribute was named, by itself, by its extension, or for one of its sub-attributes."""
        below = any(name.startswith(key + ".") for name in named)
        return is_named(key, named) or below or self.holds_always(attribute)

    def holds_always(self, attribute: Attribute) -> bool:
        """Tell whether a sub-attribute is always shown, and its attribute with it."""
        return any(sub.returned == "always" for sub in attribute.sub_attributes)


def key_of(located: Located) -> str:
    """Give the lower-case key of what a path leads to."""
    prefix = located.extension.lower()
    if located.attribute is None:
        return prefix
    key = f"{prefix}:{located.attribute.name.lower()}" if prefix else located.attribute.name.lower()
    return f"{key}.{located.sub.name.lower()}" if located.sub else key


def is_named(key: str, names: Names) -> bool:
    """Tell whether a key is among names, itself or as part of a whole extension."""
    extension = key.rpartition(":")[0]
    return key in names or (bool(extension) and extension in names)

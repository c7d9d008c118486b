"""The path of a PATCH operation (RFC 7644 section 3.5.2): attrPath, or valuePath with an optional sub-attribute."""

from dataclasses import dataclass

from scim_conformance.server.errors import ScimError, invalid_path
from scim_conformance.server.filters import Filter, FilterParser
from scim_conformance.server.paths import AttributePath, BadPath, attribute_path


@dataclass(frozen=True, slots=True)
class PatchPath:
    """A path in its parts: the attribute, a filter on its elements or None, and a sub-attribute after the filter."""

    attribute: AttributePath
    filter: Filter | None = None
    sub: str = ""

    def __str__(self) -> str:
        brackets = f"[{self.filter}]" if self.filter is not None else ""
        return f"{self.attribute}{brackets}" + (f".{self.sub}" if self.sub else "")


class PatchPathParser(FilterParser):
    """Reads one path; a bad filter in brackets is an invalidFilter, anything else that is wrong an invalidPath."""

    def path(self) -> PatchPath:
        """Read the whole text as one path."""
        attribute = self.target()
        if not self.peek():
            return PatchPath(attribute)
        if self.peek() != "[" or attribute.sub:
            raise self.bad_path()
        self.position += 1
        self.in_brackets = True
        condition = self.filter()
        self.take("]", "']'")
        return PatchPath(attribute, condition, self.sub_attribute())

    def target(self) -> AttributePath:
        """Read the attribute before any bracket."""
        try:
            return attribute_path(self.word())
        except BadPath:
            raise self.bad_path() from None

    def sub_attribute(self) -> str:
        """Read what stands after the bracket: nothing, or a dot and a sub-attribute."""
        rest = self.text[self.position :]
        if not rest:
            return ""
        try:
            path = attribute_path(rest[1:])
        except BadPath:
            raise self.bad_path() from None
        if not rest.startswith(".") or path.urn or path.sub:
            raise self.bad_path()
        return path.name

    def bad_path(self) -> ScimError:
        """Make the refusal of the path as a whole."""
        return invalid_path(f"{self.text[:100]!r} is no path; one is attribute, attribute.sub, attribute[filter].sub.")

"""What add, replace and remove do to an attribute (RFC 7644 sections 3.5.2.1 to 3.5.2.3), one method a rule."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from scim_conformance.server.errors import mutability, no_target
from scim_conformance.server.evaluation import Evaluation
from scim_conformance.server.filters import And, Compare, Filter
from scim_conformance.server.resource_types import ResourceType
from scim_conformance.server.schema import Attribute
from scim_conformance.server.validation import UNASSIGNED, Resource, Validation


@dataclass(frozen=True, slots=True)
class Target:
    """What an operation is about: an attribute of a resource type, perhaps a sub-attribute, perhaps some elements."""

    kind: ResourceType
    extension: str
    attribute: Attribute
    sub: Attribute | None = None
    filter: Filter | None = None

    @property
    def place(self) -> str:
        """The name by which messages speak of it."""
        name = f"{self.extension}:{self.attribute.name}" if self.extension else self.attribute.name
        return f"{name}.{self.sub.name}" if self.sub else name


class Changes:
    """The rules of the three operations; a holder is the resource, or the object of an extension."""

    def __init__(self, validation: Validation, evaluation: Evaluation) -> None:
        self.validation = validation
        self.evaluation = evaluation

    # add (section 3.5.2.1)

    def add(self, holder: Resource, target: Target, value: Any) -> None:
        """Add a value to what the path is about."""
        if self.validation.is_unassigned(value):
            return
        if target.filter is not None:
            self.add_to_elements(holder, target, value)
        elif target.sub is not None:
            self.assign_sub(holder, target, value)
        elif target.attribute.multi_valued:
            self.append(holder, target, value)
        else:
            self.assign(holder, target, value)

    def append(self, holder: Resource, target: Target, value: Any) -> None:
        """Append elements to a multi-valued attribute; one that is there already is brought up to date, not doubled."""
        attribute = target.attribute
        elements = list(holder.get(attribute.name) or [])
        alike = self.alike(attribute, elements)
        for element in self.new_elements(target, value):
            others = alike.setdefault(self.validation.likeness(attribute, element), [])
            present = next((other for other in others if self.validation.is_double(attribute, other, element)), None)
            if present is None:
                elements = self.appended(elements, element)
                others.append(element)
            elif isinstance(present, dict):
                present.update(element)
            self.switch_primary(elements, element if present is None else present)
        holder[attribute.name] = elements

    def alike(self, attribute: Attribute, elements: list[Any]) -> dict[Hashable, list[Any]]:
        """Sort elements by what doubles have in common."""
        alike: dict[Hashable, list[Any]] = {}
        for element in elements:
            alike.setdefault(self.validation.likeness(attribute, element), []).append(element)
        return alike

    def appended(self, elements: list[Any], element: Any) -> list[Any]:
        """Put a new element after those that are there."""
        elements.append(element)
        return elements

    def new_elements(self, target: Target, value: Any) -> list[Any]:
        """Read the elements of a value, which may be a list or a single element."""
        listed = value if isinstance(value, list) else [value]
        return self.validation.elements(target.attribute, listed, target.place) or []

    def add_to_elements(self, holder: Resource, target: Target, value: Any) -> None:
        """Add to the elements a filter matches; if it matches none, make the element that it describes."""
        matching = self.matching(holder, target)
        if not matching:
            matching = [self.described_element(holder, target)]
        for element in matching:
            self.change_element(holder, target, element, value)

    def described_element(self, holder: Resource, target: Target) -> Resource:
        """Make an element from a filter that says of each sub-attribute what it equals, as Entra ID expects of add."""
        described: Resource = {}
        conditions = target.filter.parts if isinstance(target.filter, And) else (target.filter,)
        for condition in conditions:
            sub = target.attribute.sub(condition.path.name) if isinstance(condition, Compare) else None
            if sub is None or not isinstance(condition, Compare) or condition.operator != "eq":
                raise no_target(f"No element of {target.place} matches the filter.")
            described[sub.name] = self.validation.value(sub, condition.value, target.place)
        holder[target.attribute.name] = [*(holder.get(target.attribute.name) or []), described]
        return described

    # replace (section 3.5.2.3)

    def replace(self, holder: Resource, target: Target, value: Any) -> None:
        """Replace the value of what the path is about; without one, add it."""
        if target.filter is not None:
            self.replace_elements(holder, target, value)
        elif target.sub is not None:
            self.assign_sub(holder, target, value)
        elif target.attribute.multi_valued:
            self.replace_all(holder, target, value)
        else:
            self.assign(holder, target, value)

    def replace_all(self, holder: Resource, target: Target, value: Any) -> None:
        """Replace all elements of a multi-valued attribute."""
        self.check_immutable(target.attribute, holder.get(target.attribute.name), value, target.place)
        self.put(holder, target.attribute, self.new_elements(target, value) if value is not None else UNASSIGNED)

    def replace_elements(self, holder: Resource, target: Target, value: Any) -> None:
        """Replace the elements a filter matches, or a sub-attribute in each; refuse a filter that matches none."""
        matching = self.matching(holder, target)
        if not matching:
            raise no_target(f"No element of {target.place} matches the filter.")
        for element in matching:
            if target.sub is None:
                self.empty_element(element)
            self.change_element(holder, target, element, value)

    def empty_element(self, element: Resource) -> None:
        """Take all sub-attributes from an element that is replaced as a whole."""
        element.clear()

    # What add and replace share

    def assign(self, holder: Resource, target: Target, value: Any) -> None:
        """Set a single-valued attribute; of a complex one, the sub-attributes that are given."""
        attribute = target.attribute
        if attribute.type != "complex":
            new = self.single_value(attribute, value, target.place)
            self.check_immutable(attribute, holder.get(attribute.name), new, target.place)
            self.put(holder, attribute, new)
            return
        given = self.complex_value(attribute, value)
        if given is UNASSIGNED:
            self.put(holder, attribute, UNASSIGNED)
            return
        kept = self.kept_sub_attributes(holder.get(attribute.name))
        self.put(holder, attribute, self.merged(attribute, kept, given, target.place))

    def kept_sub_attributes(self, stored: Any) -> Resource:
        """Give the sub-attributes that stay when only some are given: all."""
        return dict(stored or {})

    def merged(self, attribute: Attribute, stored: Resource, given: Any, place: str) -> Resource:
        """Give a complex value with the given sub-attributes set; unknown and readOnly ones are passed over."""
        if not isinstance(given, dict):
            raise self.validation.values.wrong_type(place, "an object", given)
        for name, value in given.items():
            sub = attribute.sub(name)
            if sub is None or sub.mutability == "readOnly":
                continue
            new = self.validation.value(sub, value, f"{place}.{sub.name}")
            self.check_immutable(sub, stored.get(sub.name), new, f"{place}.{sub.name}")
            self.put(stored, sub, new)
        self.validation.check_sub_attributes(attribute, stored, place)
        return stored

    def complex_value(self, attribute: Attribute, value: Any) -> Any:
        """Read the value for a complex attribute; Entra ID sends a manager as a list of one, or as the bare id."""
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if isinstance(value, str) and attribute.sub("value") is not None:
            value = {"value": value}
        if isinstance(value, dict) and value.get("value") == "":
            return UNASSIGNED
        return UNASSIGNED if self.validation.is_unassigned(value) else value

    def assign_sub(self, holder: Resource, target: Target, value: Any) -> None:
        """Set a sub-attribute: of the complex value, or of every element."""
        attribute, sub = target.attribute, target.sub
        if sub is None:
            raise no_target(f"{target.place} is not a sub-attribute.")
        stored = holder.get(attribute.name)
        elements = stored if isinstance(stored, list) else [stored if isinstance(stored, dict) else {}]
        elements = elements or [{}]
        for element in elements:
            self.set_sub(element, target, sub, value)
            self.switch_primary(elements, element)
        holder[attribute.name] = elements if attribute.multi_valued else elements[0]

    def change_element(self, holder: Resource, target: Target, element: Resource, value: Any) -> None:
        """Set the sub-attributes given, or the one the path names, in an element."""
        if target.sub is not None:
            self.set_sub(element, target, target.sub, value)
        else:
            given = self.complex_value(target.attribute, value)
            self.merged(target.attribute, element, given or {}, target.attribute.name)
        elements = holder.get(target.attribute.name)
        self.switch_primary(elements if isinstance(elements, list) else [], element)

    def set_sub(self, element: Resource, target: Target, sub: Attribute, value: Any) -> None:
        """Set one sub-attribute in one element."""
        new = self.single_value(sub, value, target.place)
        self.check_immutable(sub, element.get(sub.name), new, target.place)
        self.put(element, sub, new)

    def single_value(self, attribute: Attribute, value: Any, place: str) -> Any:
        """Read the value for an attribute or sub-attribute; an empty text clears it, as Entra ID means it."""
        return UNASSIGNED if value == "" else self.validation.value(attribute, value, place)

    def put(self, holder: Resource, attribute: Attribute, value: Any) -> None:
        """Write a value, or take the attribute away if it is unassigned."""
        if value is UNASSIGNED or value == []:
            holder.pop(attribute.name, None)
        else:
            holder[attribute.name] = value

    def check_immutable(self, attribute: Attribute, stored: Any, new: Any, place: str) -> None:
        """Refuse another value for an immutable attribute that has one."""
        if attribute.mutability != "immutable" or stored is None:
            return
        if new is UNASSIGNED or not self.validation.comparison.same(stored, new, attribute):
            raise mutability(f"{place} is immutable and has a value already.")

    def switch_primary(self, elements: list[Any], changed: Any) -> None:
        """Make all other elements not primary, if the changed one is (section 3.5.2)."""
        if not isinstance(changed, dict) or changed.get("primary") is not True:
            return
        for element in elements:
            if element is not changed and isinstance(element, dict) and element.get("primary") is True:
                element["primary"] = False

    def matching(self, holder: Resource, target: Target) -> list[Any]:
        """Give the elements that a filter matches."""
        stored = holder.get(target.attribute.name) or []
        elements = stored if isinstance(stored, list) else [stored]
        return [element for element in elements if self.is_match(target, element)]

    def is_match(self, target: Target, element: Any) -> bool:
        """Tell whether an element meets the filter of the path."""
        if target.filter is None:
            return True
        return self.evaluation.element_matches(target.kind, target.attribute, target.filter, element)

    # remove (section 3.5.2.2)

    def remove(self, holder: Resource, target: Target, value: Any) -> None:
        """Remove what the path is about."""
        attribute = target.attribute
        if target.filter is not None:
            self.remove_from_elements(holder, target, self.matching(holder, target))
        elif target.sub is not None:
            stored = holder.get(attribute.name)
            self.remove_from_elements(holder, target, stored if isinstance(stored, list) else [stored or {}])
        elif attribute.multi_valued and not self.validation.is_unassigned(value):
            self.remove_listed(holder, target, value)
        else:
            self.check_removable(attribute, holder.get(attribute.name), target.place)
            self.unassign(holder, attribute)

    def unassign(self, holder: Resource, attribute: Attribute) -> None:
        """Take an attribute's value away."""
        holder.pop(attribute.name, None)

    def remove_from_elements(self, holder: Resource, target: Target, elements: list[Any]) -> None:
        """Remove elements, or a sub-attribute from each."""
        if target.sub is None:
            self.drop_elements(holder, target.attribute, elements)
            return
        for element in elements:
            self.check_removable(target.sub, element.get(target.sub.name), target.place)
            self.unassign(element, target.sub)

    def drop_elements(self, holder: Resource, attribute: Attribute, unwanted: list[Any]) -> None:
        """Take elements out of a multi-valued attribute; without elements it is unassigned."""
        stored = holder.get(attribute.name)
        if isinstance(stored, list):
            dropped = {id(element) for element in unwanted}
            kept = [element for element in stored if id(element) not in dropped]
            self.put(holder, attribute, kept or UNASSIGNED)
        elif unwanted:
            self.unassign(holder, attribute)

    def remove_listed(self, holder: Resource, target: Target, value: Any) -> None:
        """Remove the listed elements only, as Entra ID means it, and Salesforce, which sends the list in an object.

        The RFC knows no value here.
        """
        if isinstance(value, dict) and target.attribute.name in value:
            value = value[target.attribute.name]
        stored = holder.get(target.attribute.name) or []
        alike = self.alike(target.attribute, self.new_elements(target, value))
        unwanted = [
            element
            for element in stored
            for listed in alike.get(self.validation.likeness(target.attribute, element), [])
            if self.validation.is_double(target.attribute, element, listed)
        ]
        self.drop_elements(holder, target.attribute, unwanted)

    def check_removable(self, attribute: Attribute, stored: Any, place: str) -> None:
        """Refuse to remove what is required, or immutable and set."""
        if attribute.required:
            raise mutability(f"{place} is required and cannot be removed.")
        self.check_immutable(attribute, stored, UNASSIGNED, place)

"""What the checks of updates share: an attribute to change, PUT and PATCH that have to succeed, the time of change."""

import time
from typing import Any

import pytest

from scim_conformance.judge import Blocked, expect
from scim_conformance.judge.compare import empty, instant


class Text:
    """A text attribute with one value, by its path: `displayName`, or `name.familyName`."""

    def __init__(self, path: str):
        self.path = path

    def body(self, value: Any, resource: dict[str, Any] | None = None) -> dict[str, Any]:
        """The member of a body that gives the attribute a value, beside what a complex attribute holds already."""
        name, _, sub = self.path.partition(".")
        return {name: {**((resource or {}).get(name) or {}), sub: value}} if sub else {name: value}


@pytest.fixture
def text(features, resource_type, is_free_text):
    """A text attribute of the resource type at hand that can be changed."""
    plain = [attribute for attribute in features.attributes(resource_type, extensions=False) if is_free_text(attribute)]
    free = ("displayName", "name.familyName", "title", "nickName", "description")
    found = [path for path in free if path in {attribute.path for attribute in plain}]
    found += [attribute.path for attribute in plain if "." not in attribute.path and attribute.name == attribute.path]
    if not found:
        pytest.skip(f"unsupported: {resource_type.name} has no text attribute that can be changed freely")
    return Text(found[0])


@pytest.fixture
def patched(scim, after):
    """Change a resource by PATCH, which has to succeed, and expect something of it as it is then."""

    def change(resource: dict[str, Any], *operations: dict[str, Any]) -> Any:
        expect(scim.modify(resource, *operations)).success()
        return after(resource)

    return change


@pytest.fixture
def replaced(scim, after, asserted):
    """Change some attributes by a PUT of the whole resource, which has to succeed, and expect something of it then."""

    def change(resource: dict[str, Any], **changes: Any) -> Any:
        response = scim.replace(resource, asserted(resource, **changes))
        if response.status in (405, 501):
            raise Blocked(f"PUT answers {response.status}")
        expect(response).success()
        return after(resource)

    return change


@pytest.fixture
def as_shown(features, read):
    """Expect that the answer to a change shows the whole resource: every attribute that a GET shows."""

    def judge(response: Any, resource: dict[str, Any], resource_type: Any) -> None:
        served = features.schema_of(resource_type).attributes
        derived = {attribute.name for attribute in served if attribute.mutability == "readOnly"}
        for name, value in read(resource).items():
            if name not in derived and not empty(value):
                expect(response).has(name)

    return judge


@pytest.fixture
def tick():
    """Wait until a new time of change can be told from the one a resource shows; blocked where it shows none."""

    def wait(resource: dict[str, Any]) -> None:
        shown = (resource.get("meta") or {}).get("lastModified")
        if not isinstance(shown, str) or instant(shown) is None:
            raise Blocked("the resource shows no meta.lastModified that is a dateTime")
        fraction = shown.partition(".")[2].rstrip("Zz").partition("+")[0].partition("-")[0]
        time.sleep(0.02 if fraction.strip("0") else 1.1)

    return wait

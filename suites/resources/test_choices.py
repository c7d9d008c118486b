"""What RFC 7643 leaves to the provider, recorded from what discovery and other checks' resources show."""

import pytest

from scim_conformance.judge import note
from scim_conformance.judge.expect import member_of
from scim_conformance.judge.values import COMMON


def every(features):
    """Give every attribute and sub-attribute of the served schemas."""
    return [attribute for schema in features.schemas.values() if not schema.assumed for attribute in schema.walk()]


def some(names):
    """Name a few of many."""
    named = sorted(set(names))
    return ", ".join(named[:5]) + (f" and {len(named) - 5} more" if len(named) > 5 else "")


@pytest.mark.requirement("RFC7643-1.2-01")
def test_where_schemas_are_published(features):
    """The provider publishes its schemas at /Schemas, or elsewhere."""
    if any(schema.assumed for schema in features.schemas.values()):
        note("The target does not publish all of its schemas at /Schemas.")


@pytest.mark.requirement("RFC7643-3.1-04")
def test_schemas_that_repeat_common_attributes(features):
    """A schema repeats id, externalId or meta among its attributes, or leaves them out."""
    named = [each.name for schema in features.schemas.values() for each in schema.attributes]
    found = [name for name in named if name.lower() in COMMON and name.lower() != "id"]
    if found:
        note(f"A served schema repeats {some(found)}.")


@pytest.mark.requirement("RFC7643-6-08", "RFC7643-7-12", "RFC7643-7-10")
def test_names_and_descriptions_that_are_left_out(features):
    """Resource types and schemas have a description, and schemas a name, or they have none."""
    types = [each for each in features.resource_types if not member_of(each.raw, "description")]
    lacking = [f"description of {each.name}" for each in types]
    for member in ("name", "description"):
        lacking += [f"{member} of {urn}" for urn, schema in features.schemas.items() if not getattr(schema, member)]
    if lacking:
        note(f"Left out are: {some(lacking)}.")


@pytest.mark.requirement("RFC7643-2.4-12", "RFC7643-7-20", "RFC7643-7-22")
def test_attributes_with_canonical_values(features):
    """The served schemas recommend values for some attributes, or for none."""
    if not any(attribute.canonical_values for attribute in every(features)):
        note("No served attribute has canonicalValues.")


@pytest.mark.requirement("RFC7643-8.7.2-03")
def test_references_to_resource_types(features):
    """The served schemas tell of references to which resource types they point."""
    lacking = [each.path for each in every(features) if each.type == "reference" and not each.reference_types]
    if lacking:
        note(f"References without referenceTypes: {some(lacking)}.")


@pytest.mark.requirement("RFC7643-8.7.1-01")
def test_schemas_that_go_beyond_the_examples(features):
    """The served schemas have the attributes of the examples in the RFC, or fewer, or more."""
    own = [urn for urn in features.schemas if not urn.lower().startswith("urn:ietf:params:scim:")]
    if own:
        note(f"Schemas of the provider's own: {some(own)}.")


@pytest.mark.requirement("RFC7643-6-16", "RFC7643-3.3-01", "RFC7643-3.3-04")
def test_extensions_that_are_not_required(specimen):
    """A resource shows the extensions that it has data for, and may show more."""
    listed = [urn for urn, required in specimen.resource_type.extensions if not required]
    if not listed:
        pytest.skip(f"unsupported: {specimen.resource_type.name} has no extension that is not required")
    schemas = specimen.created.shown.get("schemas")
    known = [str(urn).lower() for urn in schemas] if isinstance(schemas, list) else []
    missing = [urn for urn in listed if urn.lower() not in known]
    if missing:
        note(f"A {specimen.resource_type.name} with all attributes does not list {some(missing)}.")

"""What the specifications ask of a SCIM endpoint: requirements, when they apply, and the profiles that choose."""

from scim_conformance.catalogue.gates import Fact, Facts, UnknownGate, closed, in_words
from scim_conformance.catalogue.loading import Catalogue, CatalogueError, Document, UnknownRequirement, load
from scim_conformance.catalogue.profiles import PROFILES, Profile, UnknownProfile, profile
from scim_conformance.catalogue.requirement import Level, Note, Requirement, Severity

__all__ = [
    "PROFILES",
    "Catalogue",
    "CatalogueError",
    "Document",
    "Fact",
    "Facts",
    "Level",
    "Note",
    "Profile",
    "Requirement",
    "Severity",
    "UnknownGate",
    "UnknownProfile",
    "UnknownRequirement",
    "closed",
    "in_words",
    "load",
    "profile",
]

"""Judge a SCIM 2.0 endpoint, requirement by requirement.

PYTEST_DONT_REWRITE: the command line imports this package before pytest starts, and nothing here asserts.
"""

__version__ = "0.1.0"

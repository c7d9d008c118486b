"""`python -m scim_conformance` is the command `scim-conformance`."""

import sys

from scim_conformance.cli import main

if __name__ == "__main__":
    sys.exit(main())

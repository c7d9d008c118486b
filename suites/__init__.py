"""The checks: pytest files only, one folder per area of the specifications."""

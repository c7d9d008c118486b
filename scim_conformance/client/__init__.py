"""Talking to a target: nothing is imported here, so that a report can read exchanges without bringing in HTTP."""

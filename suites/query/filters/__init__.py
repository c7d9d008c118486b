"""Filters: operators, logic, names, values, and what is refused."""

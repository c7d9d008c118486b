"""Queries: filters, sorting, pages by cursor, projections and searches by POST."""

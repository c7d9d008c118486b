"""Concurrency: what has to hold when several clients write at the same moment."""

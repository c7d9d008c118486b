"""Checks of what identity providers send, request shape by request shape, and need of the answers."""

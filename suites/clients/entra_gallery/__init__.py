"""Microsoft's tests for the Entra application gallery, each under its own name."""

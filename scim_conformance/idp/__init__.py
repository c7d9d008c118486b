"""Identity providers as SCIM clients: what they send, word for word, and what they conclude from the answers."""

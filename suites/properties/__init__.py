"""Properties: what has to hold of whatever a client may send, tried on generated examples."""

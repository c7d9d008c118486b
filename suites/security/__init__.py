"""Who may do what: rights, subjects, tokens that expired, provisioning domains, tenants, and TLS."""

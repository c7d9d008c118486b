"""The provisioning methods, each from the settings page to people who are assigned and unassigned."""

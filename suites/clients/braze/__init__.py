"""What a service of a company's own needs of Braze's SCIM API, the provisioning method `custom`."""

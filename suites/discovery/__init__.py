"""What a target publishes about itself: ServiceProviderConfig, ResourceTypes, Schemas."""

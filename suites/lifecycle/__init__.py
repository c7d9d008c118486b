"""What happens to a resource between its creation and its deletion."""

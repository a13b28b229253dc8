"""What all providers' webhooks have in common."""

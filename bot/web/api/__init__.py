"""For programs: REST, health and metrics."""

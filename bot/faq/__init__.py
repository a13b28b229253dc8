"""FAQ files: what editors write, parsed, checked and published."""

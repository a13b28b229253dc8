"""sportello new: a shop's folder from a few answers."""

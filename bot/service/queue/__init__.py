"""Who waits, what an operator sees of them, and what an operator does."""

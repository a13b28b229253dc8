"""Plain values, the ownership table, errors and ports. Standard library only."""

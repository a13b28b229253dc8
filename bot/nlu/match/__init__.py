"""A text against what the shop answers: rows, scores, and how sure they are."""

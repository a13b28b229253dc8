"""Fitting and judging: what training, a publication and the evaluation do."""

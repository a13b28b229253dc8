"""Where orders come from, and what number and e-mail mean the same."""

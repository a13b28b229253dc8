"""From an event that came in to what is said: receive, read, decide, write."""

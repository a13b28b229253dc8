"""What leaves: the outbox, reply windows, hints to those who watch."""

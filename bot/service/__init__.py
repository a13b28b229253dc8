"""The rules: receive, turn, ownership, outbox, queue, dossier, publications."""

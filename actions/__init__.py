"""What the bot can do, one capability a file: rasa-sdk actions that read through ports and return replies and requests."""

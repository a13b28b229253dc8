"""What the bot can do, one capability a file: rasa-sdk actions that read ports and return replies and requests."""

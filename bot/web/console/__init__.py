"""The operators' console: pages, JSON, commands, sign-in."""

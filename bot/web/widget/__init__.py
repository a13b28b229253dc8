"""The site widget: its script and its public API."""

"""Builds Sportello's Italian-English sentence encoder from parallel text: `python -m tools.encoder build`."""

"""One folder per channel: what comes in is checked here, what goes out is rendered here."""

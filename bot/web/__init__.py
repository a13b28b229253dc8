"""HTTP: webhooks, REST, the site widget, the operator console, health and metrics."""

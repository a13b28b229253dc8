"""Tracking pages of carriers."""
from collections.abc import Mapping
from urllib.parse import quote


def tracking_url(carrier: str | None, code: str | None, templates: Mapping[str, str]) -> str | None:
    """The carrier's page for a tracking code; None where the carrier or the code is not known."""
    if not carrier or not code:
        return None
    by_name = {name.casefold(): template for name, template in templates.items()}
    template = by_name.get(carrier.casefold())
    return template.replace("{code}", quote(code, safe="")) if template else None

"""The page at ``/``: the shop's own ``site/index.html`` where it has one, else a neutral one."""
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog
from jinja2 import Environment, FileSystemLoader, TemplateError, TemplateSyntaxError, select_autoescape
from jinja2.sandbox import SandboxedEnvironment
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.model.errors import SettingError
from bot.web.colour import LIGHT_PAPER, readable_on
from bot.web.widget.look import WidgetLook

log = structlog.get_logger(__name__)

PAGE = "index.html"
_POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; base-uri 'none'"
_TEMPLATES = Path(__file__).parent / "templates"


def page_routes(look: WidgetLook) -> list[BaseRoute]:
    """
    Raises:
        SettingError: the shop's page is no template.
    """
    routes: list[BaseRoute] = [Route("/", _page(look))]
    if look.site is not None and look.site.is_dir():
        routes.append(Mount("/site", StaticFiles(directory=look.site)))
    return routes


def _page(look: WidgetLook) -> Callable[[Request], Awaitable[Response]]:
    neutral = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=select_autoescape()).get_template("home.html")
    own = None
    if look.site:
        own = SandboxedEnvironment(loader=FileSystemLoader(look.site), autoescape=select_autoescape())
    if own is not None and look.site is not None and (look.site / PAGE).is_file():
        _check(own)

    async def page(request: Request) -> Response:
        wanted = request.query_params.get("lang") or request.headers.get("accept-language", "").split(",")[0]
        values = {
            "look": look,
            "lang": "en" if look.language_for(wanted) == "en" else "it",
            "accent": readable_on(LIGHT_PAPER, look.accent),
            "base": str(request.base_url),
        }
        html = None
        if own is not None and look.site is not None and (look.site / PAGE).is_file():
            try:
                html = own.get_template(PAGE).render(values)
            except (TemplateError, UnicodeDecodeError, TypeError, KeyError, AttributeError) as error:
                log.error("site_page_broken", problem=str(error))  # saved while the desk runs; the neutral page serves
        html = html or neutral.render(values)
        return HTMLResponse(html, headers={"Content-Security-Policy": _POLICY})

    return page


def _check(own: Environment) -> None:
    try:
        own.get_template(PAGE)
    except TemplateSyntaxError as error:
        raise SettingError(
            f"{error.message}. Braces '{{{{' and '{{%' are Jinja's; put others between {{% raw %}} and {{% endraw %}}.",
            file=f"site/{PAGE}", line=error.lineno,
        ) from error
    except UnicodeDecodeError as error:
        raise SettingError("this is not UTF-8 text. Save the file as UTF-8.", file=f"site/{PAGE}") from error

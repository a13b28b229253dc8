"""What `sportello doctor` says about Messenger and Instagram."""
from collections.abc import Sequence

import msgspec

from bot.channels.meta.graph import GraphClient
from bot.channels.meta.messaging import Platform
from bot.channels.meta.messaging_events import find
from bot.channels.meta.refusals import GraphError, in_words
from bot.model.errors import DeliveryError, SportelloError
from bot.settings import MetaAccount


class _App(msgspec.Struct):
    id: str = ""
    subscribed_fields: list[str] = []


class _Token(msgspec.Struct):
    app_id: str = ""
    is_valid: bool = True
    scopes: list[str] | None = None


async def check(platform: Platform, account: MetaAccount, graph: GraphClient, path: str, made_token: str) -> str:
    """In words what works, and what to enter at Meta.

    Args:
        path: of the webhook.
        made_token: the verify token; '' where the shop set one of its own.

    Raises:
        SportelloError: what is wrong and what to do.
    """
    name = await _name(platform, account, graph)
    await _check_token(platform, account, graph)
    await _check_webhook(platform, account, graph, path, made_token)
    enter = f", verify token {made_token}" if made_token else ""
    return f"{platform.account} '{name}', webhook {path}{enter}"


async def _name(platform: Platform, account: MetaAccount, graph: GraphClient) -> str:
    try:
        found = await graph.get(account.id, fields=platform.name_field)
    except GraphError as error:
        if error.stops or not error.permanent or error.code < 0:
            raise SportelloError(f"{platform.title}: {_words(error, platform, account)}") from error
        raise SportelloError(
            f"{platform.title}: Meta knows no {platform.account} {account.id}, or this token is not for it ({error}). "
            f"Copy the id of the {platform.account} and a token of its own again."
        ) from error
    except DeliveryError as error:
        raise SportelloError(f"{platform.title}: {_words(error, platform, account)}") from error
    return str(found.get(platform.name_field, account.id))


def _words(error: DeliveryError, platform: Platform, account: MetaAccount) -> str:
    return in_words(error, account, f"SPORTELLO_{platform.kind.upper()}_API")


async def _check_token(platform: Platform, account: MetaAccount, graph: GraphClient) -> None:
    try:
        answer = await graph.get("debug_token", input_token=account.token.reveal())
    except DeliveryError:  # tokens of Instagram Login cannot be asked about
        return
    token = find(answer.get("data"), _Token)
    if token is None:
        return
    if token.app_id and token.app_id != account.app_id:
        raise SportelloError(
            f"{platform.title}: the token belongs to app {token.app_id}, but SPORTELLO_{platform.kind.upper()}_APP_ID "
            f"is {account.app_id}. With a wrong one the desk takes its own messages for a person's. Set it to that one."
        )
    if token.scopes is not None and platform.permission not in token.scopes:
        raise SportelloError(
            f"{platform.title}: the token lacks the permission {platform.permission}. Make a new one with it."
        )


async def _check_webhook(
    platform: Platform, account: MetaAccount, graph: GraphClient, path: str, made_token: str
) -> None:
    enter = f"callback URL https://<your desk>{path}, verify token {made_token or '(the one that you set)'}"
    try:
        answer = await graph.get(f"{platform.node or account.id}/subscribed_apps")
    except DeliveryError as error:
        raise SportelloError(f"{platform.title}: the webhook cannot be looked up. {error}") from error
    apps = find(answer.get("data"), list[_App]) or []
    ours = next((app for app in apps if app.id in ("", account.app_id)), None)
    if ours is None:
        raise SportelloError(
            f"{platform.title}: no webhook of app {account.app_id} is on this {platform.account}, so no message "
            f"reaches the desk. In the app's dashboard enter {enter}; then subscribe the {platform.account} to the "
            f"fields {', '.join(platform.fields)}."
        )
    missing = _missing(ours.subscribed_fields, platform.fields)
    if missing:
        raise SportelloError(
            f"{platform.title}: the webhook does not tell of {', '.join(missing)}. Subscribe the {platform.account} to "
            "these fields in the app's dashboard."
        )


def _missing(given: Sequence[str], needed: Sequence[str]) -> list[str]:
    """None where Meta names no fields: with Facebook Login Instagram's are set for the whole app."""
    return [one for one in needed if given and one not in given]

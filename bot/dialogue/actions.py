"""Runs rasa-sdk actions in this process, and keeps note of those that raised (Rasa itself swallows the error)."""
import functools
import importlib
import json
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import jsonschema
from rasa.core.actions.action import RemoteAction
from rasa.core.utils import AvailableEndpoints
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.model.errors import SettingError

logger = logging.getLogger(__name__)

SCHEME = "inprocess:"
ActionCall = dict[str, Any]
_failed: ContextVar[list[str] | None] = ContextVar("failed_actions", default=None)


@contextmanager
def noting_failures() -> Iterator[list[str]]:
    """The names of the actions that raise inside the block."""
    names: list[str] = []
    token = _failed.set(names)
    try:
        yield names
    finally:
        _failed.reset(token)


@functools.lru_cache(maxsize=4)
def executor(package: str) -> ActionExecutor:
    """All actions of a package, by name."""
    importlib.import_module(package)  # the executor would end the whole process where the import fails
    made = ActionExecutor()
    made.register_package(package)
    return made


async def run_in_process(call: ActionCall, package: str = "actions") -> Any:
    try:
        return await executor(package).run(call)
    except ActionExecutionRejection as error:
        # What an action server answers with 400: Rasa then asks its rules for another action.
        told = json.dumps({"error": error.message, "action_name": error.action_name})
        raise ClientResponseError(400, "rejected", told) from error


class ActionCalls(EndpointConfig):  # type: ignore[misc]
    """Where Rasa sends an action call. An action that raised answers nothing and is noted."""

    def __init__(self, run: Callable[[ActionCall], Awaitable[Any]], *, is_remote: bool) -> None:
        super().__init__(url=SCHEME, enable_selective_domain=True)
        self._run = run
        self.is_remote = is_remote

    async def request(self, method: str = "post", subpath: str | None = None, **kwargs: Any) -> Any:
        call = kwargs["json"]
        try:
            return await self._run(call)
        except ClientResponseError as error:
            if error.status == 400:
                raise
            return self._note(call["next_action"])
        except Exception:  # noqa: BLE001  (a door: the action's author may raise anything)
            return self._note(call["next_action"])

    @staticmethod
    def _note(name: str) -> dict[str, Any]:
        logger.exception("Action '%s' failed; this turn goes to a person.", name)
        names = _failed.get()
        if names is not None:
            names.append(name)
        return {"events": [], "responses": []}


def action_calls(endpoints: Path | None) -> ActionCalls:
    """The actions that ``endpoints.yml`` names: in this process, or an action server's address.

    Raises:
        SettingError: the file names something else.
    """
    declared = _declared(endpoints) if endpoints and endpoints.is_file() else None
    url = (declared.url or "") if declared else f"{SCHEME}//actions"
    if url.startswith(SCHEME):
        return ActionCalls(run_in_process, is_remote=False)
    if declared and url.startswith(("http://", "https://")):
        return ActionCalls(lambda call: declared.request(json=call), is_remote=True)
    raise SettingError(
        f"action_endpoint.url is '{url}'. Allowed: '{SCHEME}//actions', or the http address of `rasa run actions`.",
        file=endpoints.name if endpoints else "endpoints.yml",
    )


def _declared(endpoints: Path) -> EndpointConfig | None:
    try:
        return AvailableEndpoints.read_endpoints(str(endpoints)).action
    except (RasaException, TypeError) as error:
        raise SettingError(f"It cannot be read: {error}", file=endpoints.name) from error


def validate_once() -> None:
    """Compile the schema of action answers once: Rasa does it again at every call, which takes 17 ms.

    What came from our own executor has been checked by it.
    """
    schema = RemoteAction.action_response_format_spec()
    validator = jsonschema.validators.validator_for(schema)(schema)

    def check(action: RemoteAction, result: dict[str, Any]) -> bool:
        calls = action.action_endpoint
        if not isinstance(calls, ActionCalls) or calls.is_remote:
            validator.validate(result)
        return True

    RemoteAction._validate_action_result = check


def understand_in_process_address() -> None:
    """Let Rasa's own commands (`rasa shell`) call actions at an ``inprocess:`` address, or with no address at all."""
    over_http = EndpointConfig.request
    with_address = RemoteAction.__init__

    def made(self: RemoteAction, name: str, action_endpoint: EndpointConfig | None) -> None:
        with_address(self, name, action_endpoint or EndpointConfig(f"{SCHEME}//actions"))

    async def request(self: EndpointConfig, *args: Any, **kwargs: Any) -> Any:
        if (self.url or "").startswith(SCHEME):
            return await run_in_process(kwargs["json"])
        return await over_http(self, *args, **kwargs)

    EndpointConfig.request = request
    RemoteAction.__init__ = made

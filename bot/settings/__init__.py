"""``shop.yml`` and the environment, typed and checked at start: a wrong value stops the process, none is guessed."""
from collections.abc import Mapping
from pathlib import Path

import msgspec

from bot.model.errors import SettingError
from bot.settings.accounts import MailAccount, MetaAccount, Server, TelegramAccount
from bot.settings.check import check_shop_file
from bot.settings.document import Document
from bot.settings.environment import (
    VARIABLES,
    Environment,
    Variable,
    calm_libraries,
    environ,
    is_writable,
    read_environment,
    state_folder,
)
from bot.settings.secret import Secret
from bot.settings.shop import (
    CHANNEL_KINDS,
    SETTINGS,
    ChannelKind,
    Closure,
    Hours,
    Orders,
    Setting,
    Shop,
    ShopFile,
    waiting_for_restart,
)

__all__ = [
    "CHANNEL_KINDS",
    "SETTINGS",
    "SHOP_FILE",
    "VARIABLES",
    "ChannelKind",
    "Closure",
    "Environment",
    "Hours",
    "Orders",
    "Secret",
    "Setting",
    "Settings",
    "Shop",
    "ShopFile",
    "MailAccount",
    "MetaAccount",
    "Server",
    "TelegramAccount",
    "Variable",
    "calm_libraries",
    "environ",
    "is_writable",
    "load_settings",
    "read_shop",
    "state_folder",
    "waiting_for_restart",
]

SHOP_FILE = "shop.yml"


class Settings(ShopFile, frozen=True, kw_only=True):
    """Everything that was set: what `ShopFile` holds, the shop's folder and the environment."""

    project: Path
    environment: Environment


def read_shop(project: Path) -> ShopFile:
    """``shop.yml`` alone, for tools that need no environment.

    Raises:
        SettingError: with the line of the first wrong key.
    """
    try:
        text = (project / SHOP_FILE).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise SettingError(
            f"there is none in {project.absolute()}. Go to the shop's folder, or name it with --project.",
            file=SHOP_FILE,
        ) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SettingError("this is not UTF-8 text. Save the file as UTF-8.", file=SHOP_FILE, line=line) from None
    except OSError as error:
        raise SettingError(f"cannot be read ({error.strerror}).", file=SHOP_FILE) from None
    document = Document(text, file=SHOP_FILE)
    shop_file = document.decode(ShopFile)
    check_shop_file(document, shop_file)
    return shop_file


def load_settings(project: Path, environ: Mapping[str, str]) -> Settings:
    """The settings of the shop in folder ``project``.

    Raises:
        SettingError: the first thing that is wrong; nothing was written.
    """
    project = project.absolute()
    shop_file = read_shop(project)
    return Settings(
        **msgspec.structs.asdict(shop_file), project=project, environment=read_environment(project, environ)
    )

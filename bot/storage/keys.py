"""The keys that seal the database: those of the settings, else, for development, a file in the state directory."""

import base64
import binascii
import contextlib
import json
import logging
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

from bot.errors import SettingError
from bot.settings import Settings, settings

FILE = "keys.json"
KEY_BYTES = 32
MAKE_ONE = "./strand keys new prints new ones"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, repr=False)
class Keys:
    """Fernet keys, the newest first, and the key of the blind indexes; no log line shows them."""

    sealing: tuple[bytes, ...]
    index: bytes


def read_keys() -> Keys:
    """The keys as they are now; raises SettingError where one is missing or is none.

    Without keys in the settings, development makes a file of them at first use; production refuses.
    """
    given = settings()
    if in_settings(given):
        return _of_settings(given.keys, given.index_key)
    if given.env == "production":
        raise SettingError(f"production needs STRAND_KEYS and STRAND_INDEX_KEY: {MAKE_ONE}")
    file = key_file(given)
    try:
        return _of_file(file, _stamp(file))
    except FileNotFoundError:
        _make_file(file)
        return _of_file(file, _stamp(file))


def in_settings(given: Settings) -> bool:
    """Whether the keys are those of the settings, and no file's."""
    return bool(given.keys or given.index_key)


def key_file(given: Settings) -> Path:
    """Where development keeps its keys."""
    return _in_folder(given.state_dir)


@lru_cache(maxsize=4)
def _in_folder(folder: Path) -> Path:
    return folder / FILE


def new_key() -> str:
    """A new key, for sealing as well as for the indexes."""
    return Fernet.generate_key().decode("ascii")


def put_in_front(file: Path, keys: Keys) -> None:
    """Write `keys` to the file with a new key to seal with; all that were there still open. Raises SettingError."""
    _write_file(file, [new_key(), *_texts(keys)], keys.index, replace=True)


def keep_newest(file: Path, keys: Keys) -> None:
    """Write `keys` to the file without the older ones. Raises SettingError."""
    _write_file(file, _texts(keys)[:1], keys.index, replace=True)


def _texts(keys: Keys) -> list[str]:
    return [key.decode("ascii") for key in keys.sealing]


@lru_cache(maxsize=4)
def _of_settings(sealing: str, index: str) -> Keys:
    if not (sealing and index):
        raise SettingError(f"STRAND_KEYS and STRAND_INDEX_KEY are both needed: {MAKE_ONE}")
    return _checked(sealing.replace(",", " ").split(), index, "STRAND_KEYS", "STRAND_INDEX_KEY")


def _stamp(file: Path) -> tuple[int, int]:
    """What changes when the file is another; raises FileNotFoundError, and SettingError where it has no answer."""
    try:
        found = file.stat()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise _of_no_use(file, error) from error
    return found.st_ino, found.st_mtime_ns


@lru_cache(maxsize=4)
def _of_file(file: Path, _stamp: tuple[int, int]) -> Keys:
    try:
        data: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return _checked(data["sealing"], data["index"], str(file), str(file))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SettingError(f"{file} holds no keys: {type(error).__name__}") from None


def _checked(sealing: Sequence[str], index: str, where: str, where_index: str) -> Keys:
    for key, place in (*((key, where) for key in sealing), (index, where_index)):
        if not _is_key(key):
            raise SettingError(f"{place} holds something that is no key: {MAKE_ONE}")
    if not sealing:
        raise SettingError(f"{where} holds no key: {MAKE_ONE}")
    return Keys(tuple(key.encode("ascii") for key in sealing), base64.urlsafe_b64decode(index))


def _is_key(key: str) -> bool:
    try:
        return len(base64.urlsafe_b64decode(key)) == KEY_BYTES
    except (binascii.Error, ValueError):
        return False


def _make_file(file: Path) -> None:
    index = base64.urlsafe_b64decode(new_key())
    if _write_file(file, [new_key()], index, replace=False):
        logger.warning("new keys were made in %s: keep a copy; without them the database cannot be read", file)


def _write_file(file: Path, sealing: Sequence[str], index: bytes, replace: bool) -> bool:
    """Write keys, for the owner alone, in one step; false where a file that is there was not to be replaced.

    Raises SettingError where it cannot be written.
    """
    data = {"sealing": list(sealing), "index": base64.urlsafe_b64encode(index).decode("ascii")}
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_through(draft, json.dumps(data))
        if replace:
            draft.replace(file)
        else:
            os.link(draft, file)
    except FileExistsError:  # another process was first
        return False
    except OSError as error:
        raise _of_no_use(file, error) from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()
    return True


def _write_through(file: Path, text: str) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(handle)


def _of_no_use(file: Path, error: OSError) -> SettingError:
    return SettingError(f"the keys in {file} cannot be used ({error.strerror}); STRAND_STATE_DIR sets another place")

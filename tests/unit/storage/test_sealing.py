"""Texts at rest: unreadable without the keys, found again by their index, and honest about keys that do not fit."""

import base64
import json
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SettingError
from bot.settings import settings
from bot.storage import keys
from bot.storage.keys import Keys, key_file, read_keys
from bot.storage.sealing import Sealer, sealer
from tests.conftest import Configure

# The same in every run: they are parts of tests' names, which all processes have to agree on.
NEW, OLD, INDEX, OTHER = (base64.urlsafe_b64encode(bytes([number]) * 32).decode() for number in range(4))


def keyring(*sealing: str) -> Keys:
    return Keys(tuple(key.encode() for key in sealing), b"i" * 32)


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"])))
def test_a_text_comes_back_as_it_was(text: str) -> None:
    sealed = Sealer(keyring(NEW)).seal(text)
    assert Sealer(keyring(NEW)).unseal(sealed) == text
    assert len(text) < 8 or text not in sealed


def test_equal_texts_are_sealed_differently() -> None:
    assert Sealer(keyring(NEW)).seal("ann") != Sealer(keyring(NEW)).seal("ann")


def test_an_older_key_opens_and_the_newest_seals() -> None:
    old, both = Sealer(keyring(OLD)), Sealer(keyring(NEW, OLD))
    token = old.seal("ann")
    assert both.unseal(token) == "ann"
    assert not both.is_newest(token)
    moved = both.reseal(token)
    assert both.is_newest(moved)
    assert Sealer(keyring(NEW)).unseal(moved) == "ann"


@pytest.mark.parametrize("token", ["", "ann", "{}", "gAAAA", "\u00e9", OTHER])
def test_what_no_key_opens_is_said_in_one_line_without_its_contents(token: str) -> None:
    for open_it in (Sealer(keyring(NEW)).unseal, Sealer(keyring(NEW)).reseal):
        with pytest.raises(SettingError, match="STRAND_KEYS") as caught:
            open_it(token)
        assert "\n" not in str(caught.value)
    assert not Sealer(keyring(NEW)).is_newest(token)


def test_a_blind_index_depends_on_text_purpose_and_key_and_shows_none_of_them() -> None:
    first = Sealer(keyring(NEW))
    found = first.blind_index("email", "sam@mail.example")
    assert found == Sealer(keyring(OLD)).blind_index("email", "sam@mail.example")
    assert found != first.blind_index("phone", "sam@mail.example")
    assert found != first.blind_index("email", "sam@mail.exampl")
    assert found != Sealer(Keys((NEW.encode(),), b"j" * 32)).blind_index("email", "sam@mail.example")
    assert len(found) == 64
    assert first.blind_index("a", "b") != first.blind_index("a\0b", "")


def test_keys_of_the_settings_are_listed_newest_first(configure: Configure) -> None:
    configure(keys=f"{NEW}, {OLD}", index_key=INDEX, env="production")
    assert read_keys().sealing == (NEW.encode(), OLD.encode())
    assert not key_file(settings()).exists()


@pytest.mark.parametrize(
    ("sealing", "index"),
    [(NEW, ""), ("", INDEX), ("short", INDEX), (NEW, "short"), (f"{NEW},none", INDEX), (",", INDEX), ("\u00e9", INDEX)],
)
def test_a_setting_that_holds_no_key_is_refused_without_showing_it(
    configure: Configure, sealing: str, index: str
) -> None:
    configure(keys=sealing, index_key=index)
    with pytest.raises(SettingError, match=r"keys new") as caught:
        read_keys()
    assert NEW not in str(caught.value)


def test_production_refuses_to_start_without_keys_and_makes_none(configure: Configure) -> None:
    configure(env="production")
    with pytest.raises(SettingError, match="STRAND_KEYS"):
        read_keys()
    assert not key_file(settings()).exists()


def test_development_makes_keys_for_the_owner_alone_and_says_so(
    configure: Configure, caplog: pytest.LogCaptureFixture
) -> None:
    made = read_keys()
    file = key_file(settings())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "keep a copy" in caplog.text
    assert made.sealing[0].decode() not in caplog.text
    assert read_keys() == made
    assert sorted(path.name for path in file.parent.iterdir()) == [file.name]


def test_processes_that_make_keys_at_once_agree_on_them(configure: Configure) -> None:
    found: list[Keys] = []
    threads = [threading.Thread(target=lambda: found.append(read_keys())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert set(found) == {read_keys()}


@pytest.mark.parametrize(
    "contents",
    ["", "[]", "{}", '{"sealing": [], "index": "x"}', '{"sealing": [5], "index": 5}', json.dumps({"sealing": [NEW]})],
)
def test_a_file_that_holds_no_keys_is_refused_and_left_alone(configure: Configure, contents: str) -> None:
    file = key_file(settings())
    file.parent.mkdir()
    file.write_text(contents)
    with pytest.raises(SettingError, match=file.name):
        read_keys()
    assert file.read_text() == contents


def test_a_place_for_the_file_that_cannot_be_used_is_refused(configure: Configure, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    configure(state_dir=tmp_path / "file" / "var")
    with pytest.raises(SettingError, match="STRAND_STATE_DIR"):
        read_keys()
    configure(state_dir=tmp_path / "file")
    with pytest.raises(SettingError, match="STRAND_STATE_DIR"):
        read_keys()


def test_a_key_put_in_front_is_taken_up_at_once_and_old_ones_go_when_told(configure: Configure) -> None:
    token = sealer().seal("ann")
    before = read_keys()
    file = key_file(settings())
    keys.put_in_front(file, before)
    assert read_keys().sealing[1:] == before.sealing
    assert read_keys().index == before.index
    assert sealer().unseal(token) == "ann"
    moved = sealer().reseal(token)
    keys.keep_newest(file, read_keys())
    assert sealer().unseal(moved) == "ann"
    with pytest.raises(SettingError):
        sealer().unseal(token)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == [file.name]

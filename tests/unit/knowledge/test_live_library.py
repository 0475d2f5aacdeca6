"""The library follows its folder: an edit is served, a broken one keeps what was good."""

import logging
import time
from pathlib import Path

import pytest

from bot.errors import KnowledgeError
from bot.knowledge.library import LiveLibrary
from tests.unit.knowledge.desk import SOURCES, Desk

SOON = 2.0


def break_file(path: Path) -> None:
    """What an editor's slip leaves behind."""
    path.write_text("---\nid: [\n---\n")


def test_an_edit_is_served_at_the_next_look(desk: Desk) -> None:
    library = desk.library()
    desk.write("cost.price", text="Ask twice.")
    library.look()
    assert library.current.entries["cost.price"].text == "Ask twice."


def test_a_look_at_unchanged_files_reads_none(desk: Desk) -> None:
    library = desk.library()
    before = library.current
    library.look()
    assert library.current is before


def test_line_breaks_of_an_editor_are_not_the_visitors(desk: Desk) -> None:
    desk.write("cost.price", text="Ask for\nthe price.\n\nThen\n  ask again.")
    assert desk.library().current.entries["cost.price"].text == "Ask for the price.\n\nThen ask again."


def test_a_broken_edit_keeps_the_last_good_version_and_is_logged(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    library = desk.library()
    break_file(desk.folder / "cost" / "price.md")
    with caplog.at_level(logging.ERROR):
        library.look()
    assert library.current.entries["cost.price"].text == "Ask the clinic for the full price."
    assert "price.md:3: not YAML" in caplog.text


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe broken bytes",
        b"---\nid: \x00\n---\n",
        b"---\nreviewed_on: 2026-02-31\n---\n",
        b"---\ntext: twice\n---\n",
        b"---\n1: a number\n---\n",
        b"---\n? [a]\n: b\n---\n",
    ],
)
def test_no_slip_of_an_editor_stops_the_watch(desk: Desk, content: bytes) -> None:
    library = desk.library()
    (desk.folder / "cost" / "price.md").write_bytes(content)
    library.look()
    assert "cost.price" in library.current.entries


def test_a_repaired_file_is_served_again(desk: Desk) -> None:
    library = desk.library()
    break_file(desk.folder / "cost" / "price.md")
    library.look()
    desk.write("cost.price", text="Ask twice.")
    library.look()
    assert library.current.entries["cost.price"].text == "Ask twice."


def test_a_new_file_appears_and_a_deleted_one_goes(desk: Desk) -> None:
    library = desk.library()
    desk.write("cost.extra")
    library.look()
    assert set(library.current.entries) == {"cost.price", "cost.extra"}
    (desk.folder / "cost" / "price.md").unlink()
    library.look()
    assert set(library.current.entries) == {"cost.extra"}


def test_a_draft_is_not_served(desk: Desk) -> None:
    desk.write("cost.extra", status="draft")
    assert set(desk.library().current.entries) == {"cost.price"}


def test_an_entry_with_an_unknown_source_waits_until_the_source_is_written(desk: Desk) -> None:
    library = desk.library()
    cited = {"claims": [{"text": "A fact.", "sources": ["new_study"]}], "sources": ["new_study"]}
    desk.write("cost.price", text="A new text.", **cited)
    library.look()
    assert library.current.entries["cost.price"].text == "Ask the clinic for the full price."
    more = "- {id: new_study, title: New, publisher: A press, kind: study, strength: weak}\n"
    (desk.folder / "sources.yml").write_text(SOURCES + more)
    library.look()
    assert library.current.entries["cost.price"].text == "A new text."


def test_a_source_that_left_the_bibliography_is_shown_while_an_entry_cites_it(desk: Desk) -> None:
    library = desk.library()
    (desk.folder / "sources.yml").write_text("sources: []\n")
    library.look()
    entry = library.current.entries["cost.price"]
    assert [source.id for source in library.current.cited([entry])] == ["price_survey"]


def test_edited_phrases_and_follow_ups_are_served(desk: Desk) -> None:
    library = desk.library()
    path = desk.folder / "phrases.yml"
    path.write_text(path.read_text().replace("Something else", "None of these"))
    desk.follow_ups({"when": ["cost.price"]})
    library.look()
    assert library.current.phrases.something_else == "None of these"
    assert library.current.follow_ups == {"when": ("cost.price",)}


def test_a_knowledge_base_that_is_broken_at_the_start_is_refused(desk: Desk) -> None:
    break_file(desk.folder / "cost" / "price.md")
    with pytest.raises(KnowledgeError, match=r"price\.md:3: not YAML"):
        desk.library()


def test_a_knowledge_base_without_phrases_is_refused(desk: Desk) -> None:
    (desk.folder / "phrases.yml").unlink()
    with pytest.raises(KnowledgeError, match=r"phrases\.yml:1: missing"):
        desk.library()


def test_the_watch_serves_an_edit_within_two_seconds(desk: Desk) -> None:
    library = LiveLibrary(desk.folder)
    desk.write("cost.price", text="Ask twice.")
    until = time.monotonic() + SOON
    while library.current.entries["cost.price"].text != "Ask twice." and time.monotonic() < until:
        time.sleep(0.02)
    assert library.current.entries["cost.price"].text == "Ask twice."


def test_the_watch_survives_a_broken_edit(desk: Desk) -> None:
    library = LiveLibrary(desk.folder)
    break_file(desk.folder / "cost" / "price.md")
    time.sleep(1.2)
    desk.write("cost.price", text="Ask twice.")
    until = time.monotonic() + SOON
    while library.current.entries["cost.price"].text != "Ask twice." and time.monotonic() < until:
        time.sleep(0.02)
    assert library.current.entries["cost.price"].text == "Ask twice."

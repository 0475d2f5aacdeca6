"""`./strand gaps`: approved questions become training data that Rasa reads, once; nothing is lost on the way."""

import argparse
import asyncio
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader

from bot.cli import gaps
from bot.errors import SettingError
from bot.knowledge.library import open_library
from bot.leads import audit
from bot.settings import settings
from bot.transcripts import examples
from bot.transcripts.examples import Example
from tests.unit.leads_kept.people import NOON, inside

pytestmark = pytest.mark.usefixtures("migrated")
PRICE, FAT = "cost.session_price", "cell_sources.fat"
WORDS = ["how much is [one](session)", 'price: $5, "ok"? #1 ${HOME} {x}', "- what's it cost 💰", "'quoted' & <b>"]


def strand_gaps(*words: str) -> int:
    parser = argparse.ArgumentParser()
    gaps.configure(parser)
    return gaps.run(parser.parse_args(words))


def approve(text: str, entry: str = PRICE) -> None:
    asyncio.run(inside(lambda session: examples.add(session, text, entry, "dana", NOON)))


def waiting() -> list[str]:
    return [each.text for each in asyncio.run(inside(lambda session: examples.approved(session, again=False)))]


def read_by_rasa(text: str) -> list[tuple[str, str, str]]:
    """Text, intent and entry of each example, as Rasa's own loader has them."""
    found = RasaYAMLReader().reads(text).training_examples
    return [(each.get("text"), each.get("intent"), each.get("metadata")["intent"]["entry"]) for each in found]


def test_nothing_to_export_is_said_and_is_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert strand_gaps("export") == 0
    assert strand_gaps("list") == 0
    told = capsys.readouterr()
    assert ("staff approve them" in told.out, "staff approve them" in told.err) == (True, True)


def test_rasa_reads_what_was_exported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for text in WORDS:
        approve(text)
    approve("is belly fat used", FAT)
    file = tmp_path / "gaps.yml"
    assert strand_gaps("export", "--output", str(file)) == 0
    assert read_by_rasa(file.read_text(encoding="utf-8")) == [
        ("is belly fat used", "cell_sources", FAT),
        ("how much is (one)(session)", "cost", PRICE),
        (WORDS[1], "cost", PRICE),
        ("what's it cost 💰", "cost", PRICE),
        (WORDS[3], "cost", PRICE),
    ]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "5 examples written" in capsys.readouterr().err


def test_it_looks_like_the_files_that_it_goes_to() -> None:
    text = gaps.as_training_data(
        [Example(1, "how much", PRICE)], open_library(settings().knowledge_dir).current.entries
    )
    assert text == (
        'version: "3.1"\n\nnlu:\n- intent: cost\n  metadata:\n    entry: cost.session_price\n'
        "  examples: |\n    - how much\n"
    )


def test_an_example_is_exported_once_unless_again_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    approve("how much")
    assert strand_gaps("export") == 0
    assert "- how much" in capsys.readouterr().out
    assert strand_gaps("export") == 0
    assert capsys.readouterr().out == ""
    assert strand_gaps("export", "--again") == 0
    assert "- how much" in capsys.readouterr().out
    trail = asyncio.run(inside(lambda session: audit.trail(session, "gaps")))
    assert [(row.act, row.after) for row in trail] == [("gaps.exported", {"examples": 1})] * 2


def test_what_could_not_be_written_waits_on(tmp_path: Path) -> None:
    approve("how much")
    there = tmp_path / "there.yml"
    there.write_text("mine", encoding="utf-8")
    for path in (there, tmp_path / "nowhere" / "gaps.yml"):
        with pytest.raises(SettingError):
            strand_gaps("export", "--output", str(path))
    assert (waiting(), there.read_text(encoding="utf-8")) == (["how much"], "mine")


def test_an_entry_that_is_gone_is_told_and_its_examples_wait(capsys: pytest.CaptureFixture[str]) -> None:
    approve("how much", "cost.gone")
    approve("what price")
    assert strand_gaps("export") == 0
    assert "cost.gone" in capsys.readouterr().err
    assert waiting() == ["how much"]


def test_the_list_counts(capsys: pytest.CaptureFixture[str]) -> None:
    approve("how much")
    strand_gaps("export")
    approve("what price")
    capsys.readouterr()
    assert strand_gaps("list") == 0
    assert capsys.readouterr().out.splitlines()[1].split() == [PRICE, "2", "1"]


@given(st.text(alphabet=st.characters(blacklist_categories=("Cc", "Cs", "Cn", "Co")), min_size=1, max_size=40))
def test_whatever_was_approved_is_one_example(text: str) -> None:
    entries = open_library(settings().knowledge_dir).current.entries
    line = " ".join(text.split()).strip("- []")
    if line:
        assert len(read_by_rasa(gaps.as_training_data([Example(1, f"a {line} b", PRICE)], entries))) == 1

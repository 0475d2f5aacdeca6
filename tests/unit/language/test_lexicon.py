"""Brand and forum names are read as the plain ones, and a medicine's name never becomes another medicine's."""

from pathlib import Path

import pytest
from spacy.language import Language

from bot.errors import SettingError
from bot.language.lexicon import build_pipeline, plain_names, read_terms
from bot.settings import PROJECT

LABELS = frozenset({"medicine", "treatment", "condition", "regulator"})


@pytest.fixture(scope="module")
def pipeline() -> Language:
    return build_pipeline(read_terms(PROJECT / "data" / "lexicon.yml"))


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("is it better than rogaine", "is it better than minoxidil"),
        ("on fin and minox", "on finasteride and minoxidil"),
        ("Propecia wrecked me", "finasteride wrecked me"),
        ("minoxidil does nothing", "minoxidil does nothing"),
        ("no names here", "no names here"),
        ("", ""),
    ],
)
def test_a_brand_name_is_read_as_the_medicine(pipeline: Language, typed: str, read: str) -> None:
    assert plain_names(pipeline(typed), LABELS) == read


def test_every_medicine_keeps_its_own_name(pipeline: Language) -> None:
    terms = [term for term in read_terms(PROJECT / "data" / "lexicon.yml") if term["label"] == "medicine"]
    changed = {term["id"]: plain_names(pipeline(term["id"]), LABELS) for term in terms}
    assert {name: read for name, read in changed.items() if name != read} == {}


def test_a_name_stands_for_one_thing_only() -> None:
    names = [name for term in read_terms(PROJECT / "data" / "lexicon.yml") for name in term["names"]]
    assert len(names) == len(set(names))


def test_a_broken_lexicon_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "lexicon.yml"
    broken.write_text("terms:\n- id: x\n")
    with pytest.raises(SettingError, match=r"lexicon\.yml: not a lexicon"):
        read_terms(broken)

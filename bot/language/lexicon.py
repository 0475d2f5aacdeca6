"""Brand, lay and forum names: found by one small spaCy pipeline, and read as the plain name that stands for them."""

from pathlib import Path
from typing import Any

import spacy
import yaml
from spacy.language import Language
from spacy.tokens import Doc

from bot.errors import SettingError

SAME_STEM = 4
ENDING = 2


def read_terms(path: Path) -> list[dict[str, Any]]:
    """The terms of a lexicon file: dictionaries with id, label and names; raises SettingError with the file's name."""
    try:
        listed = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        terms = [{"id": term["id"], "label": term["label"], "names": list(term["names"])} for term in listed["terms"]]
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise SettingError(f"{path}: not a lexicon (a list `terms` of id, label and names): {error}") from error
    return terms


def build_pipeline(terms: list[dict[str, Any]]) -> Language:
    """A blank English pipeline that marks sentences and the lexicon's names, the longest name first."""
    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    ruler = pipeline.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    pipeline.initialize()
    patterns = [{"label": term["label"], "id": term["id"], "pattern": name} for term in terms for name in term["names"]]
    ruler.add_patterns(patterns)  # type: ignore[attr-defined]  # add_pipe is typed as a plain callable
    return pipeline


def _replacement(name: str, identifier: str) -> str:
    """The plain name, unless the text already has a form of it ("pregnant" stays what it is)."""
    same_stem = name.casefold()[:SAME_STEM] == identifier[:SAME_STEM]
    return name if same_stem and abs(len(name) - len(identifier)) <= ENDING else identifier


def plain_names(doc: Doc, labels: frozenset[str]) -> str:
    """The document's text with the names of `labels` replaced by the plain ones; the rest stays as it was typed."""
    pieces, end = [], 0
    for span in doc.ents:
        if span.label_ in labels:
            pieces += [doc.text[end : span.start_char], _replacement(span.text, span.ent_id_)]
            end = span.end_char
    return "".join(pieces) + doc.text[end:]


def name_words(pipeline: Language) -> frozenset[str]:
    """Every single word of the lexicon's names."""
    patterns = pipeline.get_pipe("entity_ruler").patterns  # type: ignore[attr-defined]  # typed as a plain callable
    return frozenset(word for pattern in patterns for word in str(pattern["pattern"]).casefold().split())

"""A document in plain words: lower case, short forms written out, years alike; word for word, so that places stay."""

from collections.abc import Iterator, Mapping

import spacy
from spacy.tokens import Doc
from spacy.vocab import Vocab

PLAIN = "plain_doc"
YEAR = "<year>"
ANY_YEAR = "2019"
FIRST_YEAR, LAST_YEAR = 1950, 2035
# spaCy's tokenizer parts "don't", "dont" and "that's"; these are the parts, and what people type for short.
SHORT_FORMS: Mapping[str, str] = {
    "n't": "not", "nt": "not", "'m": "am", "'re": "are", "'ve": "have", "'ll": "will", "u": "you", "ur": "your",
    "&": "and", "w": "with", "n": "and", "abt": "about", "bc": "because", "cuz": "because", "coz": "because",
}  # fmt: skip
AFTER: Mapping[tuple[str, str], str] = {
    ("i", "m"): "am", ("i", "ve"): "have", ("you", "re"): "are", ("they", "re"): "are", ("we", "re"): "are",
    ("we", "ve"): "have", ("they", "ve"): "have",
}  # fmt: skip
CUT_SHORT = {"ca": "can", "wo": "will"}
BEFORE_IS = frozenset({"that", "it", "he", "she", "what", "who", "there", "here", "how", "where", "everything"})


def _plain(word: str, before: str, after: str) -> str:
    word = word.casefold().replace("’", "'").replace("`", "'")
    word = SHORT_FORMS.get(word, word)
    if word in ("'s", "s") and before in BEFORE_IS:
        return "is"
    if word in CUT_SHORT and SHORT_FORMS.get(after.casefold().replace("’", "'")) == "not":
        return CUT_SHORT[word]
    if len(word) == len(ANY_YEAR) and word.isdecimal() and FIRST_YEAR <= int(word) <= LAST_YEAR:
        return YEAR
    return AFTER.get((before, word), word)


def plain_words(doc: Doc) -> Iterator[str]:
    """The plain word of each token."""
    words = [token.text for token in doc]
    before = ""
    for word, after in zip(words, [*words, ""][1:], strict=True):
        before = _plain(word, before, after)
        yield before


def plain_doc(doc: Doc) -> Doc:
    """The document in plain words, token for token; made once."""
    known: Doc | None = doc.user_data.get(PLAIN)
    if known is None:
        known = doc.user_data[PLAIN] = Doc(doc.vocab, words=list(plain_words(doc)))
    return known


class Phrases:
    """Makes documents in plain words out of the phrases of a data file."""

    def __init__(self, vocab: Vocab) -> None:
        self._tokenizer = spacy.blank("en", vocab=vocab).tokenizer

    def doc(self, phrase: str) -> Doc:
        """The phrase; YEAR in it stands for any year."""
        return plain_doc(self._tokenizer(phrase.replace("YEAR", ANY_YEAR)))

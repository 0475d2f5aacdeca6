"""Reads files of `utterance<TAB>label` lines, and says what is wrong with a line."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import SettingError

OUT_OF_SCOPE = "out_of_scope"
REFUSAL = "refusal"
URGENT = "urgent:"
NO_ALARM = "urgent:none"
URGENT_CLASSES = ("emergency", "urgent_care", "self_harm", "clinician_first", "none")
ANY, ALL = "|", "+"
MOST_PROBLEMS = 20

Alternative = tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """One line: its number, the visitor's words, and what a right reply names: all of any one alternative."""

    line: int
    text: str
    alternatives: tuple[Alternative, ...]

    @property
    def label(self) -> str:
        """The label as the file writes it."""
        return ANY.join(ALL.join(alternative) for alternative in self.alternatives)

    @property
    def in_scope(self) -> bool:
        """Whether a reply other than holding back is expected."""
        return any(alternative[0] not in (OUT_OF_SCOPE, REFUSAL) for alternative in self.alternatives)


def _problem_of_word(word: str, topics: Collection[str], joined: bool) -> str | None:
    if not word:
        return "an empty label"
    if word in topics:
        return None
    special = word in (OUT_OF_SCOPE, REFUSAL) or word.startswith(URGENT)
    if special and joined:
        return f"{word} cannot be joined with {ALL}"
    if word.startswith(URGENT):
        known = word.removeprefix(URGENT) in URGENT_CLASSES
        return None if known else f"unknown class in {word}; there are {', '.join(URGENT_CLASSES)}"
    return None if special else f"unknown label {word}"


def parse_label(label: str, topics: Collection[str]) -> tuple[Alternative, ...]:
    """The alternatives of a label; raises ValueError with what is wrong."""
    alternatives = tuple(tuple(part.strip() for part in side.split(ALL)) for side in label.split(ANY))
    for alternative in alternatives:
        for word in alternative:
            problem = _problem_of_word(word, topics, joined=len(alternative) > 1)
            if problem:
                raise ValueError(problem)
    return alternatives


def parse_line(number: int, line: str, topics: Collection[str]) -> Question:
    """The question in a line; raises ValueError with what is wrong."""
    columns = line.split("\t")
    if len(columns) != 2:
        raise ValueError(f"one tab expected between the utterance and its label, found {len(columns) - 1}")
    text, label = columns
    if not text.strip():
        raise ValueError("no utterance before the tab")
    return Question(number, text, parse_label(label.strip(), topics))


def _lines(path: Path) -> list[bytes]:
    try:
        return path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n")
    except OSError as error:
        raise SettingError(f"{path} cannot be read: {error.strerror}") from error


def read_questions(path: Path, topics: Collection[str]) -> list[Question]:
    """The questions of a file, blank lines left out; raises SettingError with file, line and problem of bad lines."""
    questions: list[Question] = []
    problems: list[str] = []
    for number, raw in enumerate(_lines(path), start=1):
        try:
            line = raw.decode("utf-8").removesuffix("\r")
            if line.strip():
                questions.append(parse_line(number, line, topics))
        except UnicodeDecodeError:
            problems.append(f"{path}:{number}: not UTF-8")
        except ValueError as error:
            problems.append(f"{path}:{number}: {error}")
    if problems:
        raise SettingError(_listing(problems))
    if not questions:
        raise SettingError(f"{path} holds no questions")
    return questions


def _listing(problems: Sequence[str]) -> str:
    more = len(problems) - MOST_PROBLEMS
    shown = list(problems[:MOST_PROBLEMS])
    return "\n".join([*shown, f"and {more} more lines"] if more > 0 else shown)


def halved(questions: Sequence[Question], half: str | None) -> list[Question]:
    """Every other question, from the first or from the second on; all of them where no half is named."""
    if half is None:
        return list(questions)
    return list(questions[0 if half == "first" else 1 :: 2])

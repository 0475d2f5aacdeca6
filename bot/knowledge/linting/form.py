"""Checks an entry's form: id, lengths, facets, the safety note, and the reading grade."""

from collections.abc import Iterator
from datetime import date

from bot.knowledge.linting.page import Finding, Page
from bot.knowledge.linting.rulebook import Rulebook
from bot.knowledge.linting.wording import pattern_of

TEXT_WORDS = 90
SHORT_CHARACTERS = 300
SAFETY_WORDS = 40
TITLE_CHARACTERS = 60
HIGHEST_GRADE = 8.0
GRADED_WORDS = 5


def check_id(page: Page, rulebook: Rulebook) -> Iterator[Finding]:
    """An id that is not `<folder>.<file name>`, and a topic that is none or not the folder's."""
    entry, folder = page.entry, page.path.parent.name
    if entry.id != f"{folder}.{page.path.stem}":
        yield page.at("id", f"the id is {entry.id}, the file's place says {folder}.{page.path.stem}")
    if entry.topic != folder:
        yield page.at("topic", f"the topic is {entry.topic}, the folder's name is {folder}")
    if entry.topic not in rulebook.topics:
        yield page.at("topic", f"{entry.topic} is not a topic")


def check_lengths(page: Page) -> Iterator[Finding]:
    """Parts that are empty or longer than a visitor reads."""
    entry = page.entry
    for part in ("title", "short", "text"):
        if not page.shown[part].strip():
            yield page.at(part, f"the {part} is empty")
    if len(entry.title) > TITLE_CHARACTERS:
        yield page.at("title", f"the title has {len(entry.title)} characters, at most {TITLE_CHARACTERS}")
    if len(entry.short) > SHORT_CHARACTERS:
        yield page.at("short", f"the short form has {len(entry.short)} characters, at most {SHORT_CHARACTERS}")
    for part, most in (("text", TEXT_WORDS), ("safety", SAFETY_WORDS)):
        count = len(page.shown[part].split())
        if count > most:
            yield page.at(part, f"the {part} has {count} words, at most {most}")


def check_facets(page: Page, rulebook: Rulebook) -> Iterator[Finding]:
    """Facets that no follow-up has."""
    for facet in page.entry.facets:
        if facet not in rulebook.facets:
            yield page.at("facets", f"{facet} is not a facet; these are: {', '.join(rulebook.facets)}")


def check_safety(page: Page, rulebook: Rulebook) -> Iterator[Finding]:
    """An entry on symptoms or illnesses that does not say when to get help."""
    asks_whether_normal = pattern_of(("normal", "my treatment")).search(page.entry.title)
    if (page.entry.topic in rulebook.safety_topics or asks_whether_normal) and not (page.entry.safety or "").strip():
        yield page.at("safety", "no safety note: say when to get help")


def check_review(page: Page, today: date) -> Iterator[Finding]:
    """A review that is overdue, or that lies in the future."""
    if page.entry.review_due < today:
        yield page.at("reviewed_on", f"the review was due on {page.entry.review_due}")
    if page.entry.reviewed_on > today:
        yield page.at("reviewed_on", f"the review lies in the future: {page.entry.reviewed_on}")


def grade(text: str, rulebook: Rulebook) -> float:
    """The Flesch–Kincaid grade of a text, each unavoidable term counted as one short word."""
    import textstat  # slow to import, and only the linter needs it

    return float(textstat.flesch_kincaid_grade(pattern_of(rulebook.terms).sub("thing", text)))


def check_grade(page: Page, rulebook: Rulebook) -> Iterator[Finding]:
    """Parts that are too hard to read; a title or a few words have no grade worth the name."""
    for part in ("short", "text", "safety"):
        text = page.shown[part]
        if len(text.split()) < GRADED_WORDS:
            continue
        found = grade(text, rulebook)
        if found > HIGHEST_GRADE:
            yield page.at(part, f"the {part} reads at grade {found:.1f}, at most {HIGHEST_GRADE:.0f}")

"""How a turn looks on a channel: its texts within the limits, a source line, and its choices as buttons or numbers.

The same reply always becomes the same messages, so that one that was sent in part can be gone on with.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.chat.channels.channel import Limits, Said
from bot.chat.channels.splitting import size, split
from bot.dialogue.numbered import ASKS_NUMBER
from bot.knowledge.entry import Entry
from bot.knowledge.library import Library
from bot.knowledge.payload import full_text, source_line

MOST_SOURCES = 2
GAP = "\n\n"


def render(said: Mapping[str, Any], limits: Limits, library: Library) -> list[Said]:
    """The messages that say `said`, the texts, buttons and payload of a turn, in their order.

    The choices stand below the last one: as buttons where all of them fit, else as numbered lines.
    """
    texts = [text for text in _with_sources(said, limits, library) if text.strip()]
    buttons: Sequence[str] = said["buttons"]
    if not fit(buttons, limits):
        texts, buttons = _with_choices(texts, buttons, library, said["payload"].get("field")), ()
    if limits.brief:
        texts = [GAP.join(texts)] if texts else []
    parts = [part for text in texts for part in split(text, limits.characters)]
    if not parts:
        return []
    return [*(Said(part) for part in parts[:-1]), Said(parts[-1], tuple(buttons))]


def fit(buttons: Sequence[str], limits: Limits) -> bool:
    """Whether a channel can show all of these as buttons."""
    return len(buttons) <= limits.buttons and all(size(title) <= limits.title_characters for title in buttons)


def _with_choices(texts: Sequence[str], buttons: Sequence[str], library: Library, field: str | None) -> list[str]:
    """The choices as numbered lines; by their words alone where the answer to the question is a number itself."""
    if field in ASKS_NUMBER:
        choices = library.phrases.choose_by_words.format(choices=" / ".join(buttons))
    else:
        lines = [f"{number}. {title}" for number, title in enumerate(buttons, start=1)]
        choices = "\n".join([*lines, library.phrases.choose_by_number])
    return [*texts[:-1], GAP.join([*texts[-1:], choices])]


def _with_sources(said: Mapping[str, Any], limits: Limits, library: Library) -> list[str]:
    """The texts, with what they rest on below the last one that comes from an entry; urgent advice is left alone."""
    texts, payload = list(said["texts"]), said["payload"]
    entries = [library.entries[one] for one in payload.get("entries", ()) if one in library.entries]
    if not entries or payload.get("kind") == "urgent":
        return texts
    whole = {full_text(entry): entry for entry in entries}
    places = [place for place, text in enumerate(texts) if text in whole]
    if limits.brief:
        texts = [_brief(whole[text]) if text in whole else text for text in texts]
    lines = _source_lines(payload, texts, library)
    if lines:
        place = places[-1] if places else 0
        texts[place] = GAP.join([texts[place], "\n".join(lines)])
    return texts


def _brief(entry: Entry) -> str:
    return f"{entry.short}{GAP}{entry.safety}" if entry.safety else entry.short


def _source_lines(payload: Mapping[str, Any], texts: Sequence[str], library: Library) -> list[str]:
    """The first sources in words; none that the texts name already."""
    ids = [source["id"] for source in payload.get("sources", ())][:MOST_SOURCES]
    lines = [source_line(library.sources[one], library) for one in ids if one in library.sources]
    phrase = library.phrases.source_below
    return [phrase.format(source=line) for line in lines if not any(line in text for text in texts)]

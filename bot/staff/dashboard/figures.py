"""The figures of the dashboard: from statistics, plots with a table beside each."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from bot.assessment.fields import AGE, FIELDS, SUMMARY
from bot.leads.days import Period
from bot.leads.statistics import ByDay, Delivered, Part, Statistics
from bot.staff.dashboard.plots import Plot, Series, bars, lines, rows
from bot.staff.wording import outcome_title, titled

Row = Sequence[str]
Title = Callable[[str], str]

# The kinds of turns as the plot has them together; the table has each by itself.
GROUPS: Mapping[str, Sequence[str]] = {
    "answered": ("answer", "smalltalk"),
    "check and hand-off": ("question", "assessment", "handoff", "account"),
    "held back": ("clarify", "out_of_scope"),
    "safety": ("urgent", "refusal"),
    "failed": ("error",),
}
HELD_BACK = ("clarify", "out_of_scope")
ASKED_FOR = ("answer", *HELD_BACK)
CLASSES = ("emergency", "self_harm", "urgent_care", "clinician_first")
OUTCOMES = ("qualified", "clinician_review", "not_now", "underage", "urgent")
STATES = ("offered", "consent", "review", "submitted", "declined", "failed")
CHECK_FIELDS = (*FIELDS, SUMMARY)
HANDOFF_FIELDS = (
    AGE, "consent_share", "consent_email", "consent_phone", "consent_text", "name", "email", "phone",
    "preferred_contact", "preferred_time", SUMMARY,
)  # fmt: skip
STOPS = ("Question", "Asked", "Went on", "Stopped there")
SPANS = {timedelta(minutes=5): "5 minutes", timedelta(hours=1): "1 hour", timedelta(days=1): "1 day"}


@dataclass(frozen=True)
class Figure:
    """A plot, None where there is nothing to draw, with its table; `said` sums it up in a sentence."""

    id: str
    title: str
    said: str
    plot: Plot | None
    header: Row
    lines: Sequence[Row]
    note: str = ""


def figures(found: Statistics, period: Period, field_title: Title = titled) -> list[Figure]:
    """All figures, in the order of the page; `field_title` says what a field is called."""
    make: Sequence[Callable[[Statistics, Period], Figure]] = (
        _talked, _kinds, _held_back, _flags, partial(_stops_in_check, field_title),
        partial(_stops_in_handoff, field_title), _outcomes, _handoffs, _first_contact, _helped, _delivery,
    )  # fmt: skip
    return [each(found, period) for each in make]


def in_words(span: timedelta | None) -> str:
    """A span of time to two figures or so: 45 s, 12 min, 3.5 h, 2.1 days."""
    if span is None:
        return "—"
    seconds = span.total_seconds()
    if seconds < 60:
        return f"{seconds:.0f} s"
    size, unit = _unit(span)
    return f"{span / size:.1f}".removesuffix(".0") + f" {'days' if unit == 'd' else unit}"


def _unit(span: timedelta) -> tuple[timedelta, str]:
    """The unit that a span is told in."""
    units = {"d": timedelta(days=1), "h": timedelta(hours=1), "min": timedelta(minutes=1)}
    return next(((size, unit) for unit, size in units.items() if span >= size), (timedelta(seconds=1), "s"))


def _talked(found: Statistics, period: Period) -> Figure:
    names = _names(found.talked)
    said = f"{_many(found.people, 'conversation')} in which somebody wrote."
    note = "A conversation counts on each day on which somebody wrote in it."
    return _daily("talked", "Conversations", said, found.talked, names, period, note)


def _kinds(found: Statistics, period: Period) -> Figure:
    series = [Series(name, _sums(found.kinds, period, kinds)) for name, kinds in GROUPS.items()]
    total = sum(found.kinds.values())
    names = [kind for kinds in GROUPS.values() for kind in kinds] + ["none"]
    table = [[_day(day), *(_count(found.kinds, day, kind) for kind in names)] for day in period.days]
    header = ["Day", *map(titled, names[:-1]), "Silent"]
    note = "Silent: somebody of the staff answered, or nobody had to."
    said = f"{_many(total, 'message')} answered."
    return Figure("kinds", "Turns by kind", said, _drawn(bars, period, series), header, table, note)


def _held_back(found: Statistics, period: Period) -> Figure:
    held, asked = (_sums(found.kinds, period, kinds) for kinds in (HELD_BACK, ASKED_FOR))
    rates = [100 * part / whole if whole else None for part, whole in zip(held, asked, strict=True)]
    whole = sum(asked)
    said = f"{_share(sum(held), whole)} of {whole:,.0f} questions had no answer, or a choice instead of one."
    plot = lines(_days(period), [Series("held back", rates)], " %") if whole else None
    table = [
        [_day(day), f"{all_of:,.0f}", f"{part:,.0f}", _share(part, all_of)]
        for day, part, all_of in zip(period.days, held, asked, strict=True)
    ]
    return Figure("held-back", "Held back", said, plot, ["Day", "Questions", "Held back", "Share"], table)


def _stops_in_check(title: Title, found: Statistics, _period: Period) -> Figure:
    said = "Of the conversations that were asked each question of the check, those in which it went on."
    note = "Who leaves the check for the hand-off, and does not come back, stopped in the check."
    figure = Figure("check", "Where people stop in the check", said, None, STOPS, (), note)
    return _stops(title, found, "check", CHECK_FIELDS, figure)


def _stops_in_handoff(title: Title, found: Statistics, _period: Period) -> Figure:
    said = "Of the conversations that were asked each thing before the hand-off, those in which it went on."
    note = (
        "The age is asked here only where no check has it. A person offered at the age of the check, after two "
        "messages in a row that were not understood, looks the same in what is stored, and counts here."
    )
    figure = Figure("hand-off", "Where people stop in the hand-off", said, None, STOPS, (), note)
    return _stops(title, found, "handoff", HANDOFF_FIELDS, figure)


def _stops(title: Title, found: Statistics, part: Part, fields: Sequence[str], figure: Figure) -> Figure:
    known = {each.field: each for each in found.questions if each.part == part}
    questions = [known[field] for field in fields if field in known]
    if not questions:
        return figure
    names = [title(each.field) for each in questions]
    asked = Series("asked", [each.asked for each in questions])
    plot = rows(names, [asked, Series("went on", [each.went_on for each in questions])])
    table = [
        [name, f"{each.asked:,}", f"{each.went_on:,}", _share(each.asked - each.went_on, each.asked)]
        for name, each in zip(names, questions, strict=True)
    ]
    return replace(figure, plot=plot, lines=table)


def _outcomes(found: Statistics, _period: Period) -> Figure:
    said = f"{_many(sum(found.outcomes.values()), 'check')} with an outcome."
    return _listed("outcomes", "Outcomes", said, "Outcome", found.outcomes, OUTCOMES, outcome_title)


def _handoffs(found: Statistics, _period: Period) -> Figure:
    offered, sent = found.states.get("offered", 0), found.states.get("submitted", 0)
    said = f"{_many(offered, 'offer')} of a person of the clinic, {sent:,} handed themselves over."
    return _listed("hand-offs", "Hand-offs", said, "State", found.states, STATES)


def _first_contact(found: Statistics, _period: Period) -> Figure:
    contacts, spread = found.contacts, found.contacts.spread
    middle = f", half of them within {in_words(spread.median)}, nine of ten within {in_words(spread.most)}"
    said = f"Contacted: {spread.number:,} of {_many(contacts.made, 'new lead')}{middle if spread.number else ''}."
    within = {f"within {SPANS[span]}": number for span, number in contacts.within.items()}
    numbers = {**within, "contacted at all": spread.number, "made": contacts.made}
    plot = rows(list(numbers), [Series("leads", list(numbers.values()))]) if contacts.made else None
    table = [[name, f"{number:,}", _share(number, contacts.made)] for name, number in numbers.items()]
    title = "Time to first contact"
    return Figure("first-contact", title, said, plot, ["Leads", "How many", "Share"], table)


def _flags(found: Statistics, period: Period) -> Figure:
    said = f"{_many(sum(found.flags.values()), 'turn')} with the advice of a red flag."
    return _daily("flags", "Red flags", said, found.flags, CLASSES, period)


def _helped(found: Statistics, period: Period) -> Figure:
    number, waits = sum(found.helped.by_day.values()), found.helped.waits
    said = f"{_many(number, 'takeover')} by somebody of the staff"
    said += f"; half of the visitors waited less than {in_words(waits.median)} for a word" if waits.number else ""
    said += f"; {found.helped.unanswered:,} ended without one." if number else "."
    by_day = {(day, "takeovers"): many for day, many in found.helped.by_day.items()}
    return _daily("takeovers", "Takeovers", said, by_day, ("takeovers",), period)


def _delivery(found: Statistics, period: Period) -> Figure:
    lag = found.lag
    waits = f", the oldest for {in_words(lag.oldest)}" if lag.oldest else ""
    said = (
        f"Messages to targets that wait now: {lag.waiting:,}{waits}; given up: {lag.dead:,}. Replies to visitors that "
        f"wait: {found.replies.waiting:,}; given up: {found.replies.dead:,}."
    )
    days = [found.delivered.get(day.isoformat()) for day in period.days]
    size, unit = _unit(max((each.longest for each in days if each), default=timedelta(0)))
    longest = Series("longest", [each.longest / size if each else None for each in days])
    mean = Series("mean", [each.mean / size if each else None for each in days])
    plot = lines(_days(period), [longest, mean], f" {unit}") if any(days) else None
    table = [[_day(day), *_delivered(each)] for day, each in zip(period.days, days, strict=True)]
    note = "Over all channels. What was delivered is remembered for 30 days."
    header = ["Day", "Delivered", "Mean time", "Longest time"]
    return Figure("delivery", "Delivery lag", said, plot, header, table, note)


def _delivered(day: Delivered | None) -> Row:
    return [f"{day.number:,}", in_words(day.mean), in_words(day.longest)] if day else ["0", "—", "—"]


def _daily(
    name: str, title: str, said: str, by_day: ByDay, names: Sequence[str], period: Period, note: str = ""
) -> Figure:
    """A figure of bars by day, with a column in its table for each of `names`."""
    series = [Series(titled(each), _sums(by_day, period, (each,))) for each in names]
    table = [[_day(day), *(_count(by_day, day, each) for each in names)] for day in period.days]
    return Figure(name, title, said, _drawn(bars, period, series), ["Day", *map(titled, names)], table, note)


def _listed(
    name: str, title: str, said: str, what: str, counts: Mapping[str, int], order: Sequence[str], called: Title = titled
) -> Figure:
    known = [each for each in (*order, *sorted(set(counts).difference(order))) if each in counts]
    values = [counts[each] for each in known]
    plot = rows([called(each) for each in known], [Series("conversations", values)]) if known else None
    table = [[called(each), f"{counts[each]:,}"] for each in known]
    return Figure(name, title, said, plot, [what, "Conversations"], table)


def _drawn(draw: Callable[..., Plot], period: Period, series: Sequence[Series]) -> Plot | None:
    something = any(value for each in series for value in each.values)
    return draw(_days(period), series) if something else None


def _sums(by_day: ByDay, period: Period, names: Iterable[str]) -> list[float]:
    wanted = tuple(names)
    return [sum(by_day.get((day.isoformat(), name), 0) for name in wanted) for day in period.days]


def _names(by_day: ByDay) -> list[str]:
    return sorted({name for _, name in by_day})


def _count(by_day: ByDay, day: date, name: str) -> str:
    return f"{by_day.get((day.isoformat(), name), 0):,}"


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _share(part: float, whole: float) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "—"


def _days(period: Period) -> list[str]:
    return [_day(day) for day in period.days]


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"

"""The metrics: whatever is said, a label has one of its own values; and what is counted is what the docs say."""

import ast
import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from bot import metrics
from bot.chat.metrics_page import backlog_metrics
from bot.metrics import Labelled
from bot.settings import PROJECT
from bot.storage.database import Database

DOCS = (PROJECT / "docs" / "metrics.md").read_text(encoding="utf-8")
BY_CODE = {"refusals": "reason", "sent": "result", "failures": "where"}


def labelled() -> dict[str, Labelled]:
    """Every metric that has labels."""
    return {name: found for name, found in vars(metrics).items() if isinstance(found, Labelled)}


def shown(registry: CollectorRegistry) -> Iterator[tuple[str, str, str]]:
    """Each series' metric, label and value on the page."""
    for family in text_string_to_metric_families(generate_latest(registry).decode()):
        for sample in family.samples:
            yield from ((family.name, label, value) for label, value in sample.labels.items() if label != "le")


@settings(deadline=None)
@given(name=st.sampled_from(sorted(labelled())), data=st.data())
def test_whatever_a_visitor_sends_is_no_label(name: str, data: st.DataObject) -> None:
    metric = labelled()[name]
    given_values = [data.draw(st.text() | st.sampled_from(known)) for known in metric.values.values()]
    if isinstance(metric.metric, Histogram):
        metric.labels(*given_values).observe(0.01)
    else:
        metric.labels(**dict(zip(metric.values, given_values, strict=True))).inc()
    allowed = {label: set(values) for each in labelled().values() for label, values in each.values.items()}
    assert all(value in allowed[label] for _, label, value in shown(metrics.registry))


def test_a_word_that_is_none_of_the_values_counts_as_other() -> None:
    registry = CollectorRegistry()
    metric = Labelled(
        Counter("tried", "Tries.", ["channel", "reason"], registry=registry), channel=["web"], reason=["a"]
    )
    metric.labels("web", "my name is Sam").inc()
    metric.labels(channel="+12025550143", reason="a").inc(2)
    assert registry.get_sample_value("tried_total", {"channel": "web", "reason": "other"}) == 1
    assert registry.get_sample_value("tried_total", {"channel": "other", "reason": "a"}) == 2


def test_the_first_failure_is_a_change_and_not_a_new_series() -> None:
    registry = CollectorRegistry()
    Labelled(Counter("broken", "Failures.", ["where"], registry=registry), where=["turn"])
    assert registry.get_sample_value("broken_total", {"where": "turn"}) == 0


async def metric_names(database: str) -> set[str]:
    """The metrics of the page that are this project's own."""
    asked = Database(database, 10)
    found = [*metrics.registry.collect(), *(await backlog_metrics(asked)).collect()]
    asked.close()
    return {f"{family.name}_total" if family.type == "counter" else family.name for family in found}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_every_metric_is_in_the_docs_and_no_other(database: str) -> None:
    assert set(re.findall(r"^\| `(strand_\w+)`", DOCS, re.MULTILINE)) == await metric_names(database)
    used = re.findall(r"\b(strand_\w+?)[[{) ]", DOCS[DOCS.index("## Alerts") :])
    assert set(used) <= await metric_names(database)


def documented(label: str) -> set[str]:
    """The values of a label, as the docs' table has them."""
    table = re.search(rf"^\| `{label}` is \|.*?\n\n", DOCS, re.MULTILINE | re.DOTALL)
    assert table, f"docs/metrics.md has no table of {label}"
    return set(re.findall(r"^\| `(\w+)` \|", table[0], re.MULTILINE))


@pytest.mark.parametrize(
    ("label", "values"), [("reason", metrics.REASONS), ("result", metrics.RESULTS), ("where", metrics.EDGES)]
)
def test_the_docs_explain_every_value(label: str, values: tuple[str, ...]) -> None:
    assert documented(label) == set(values)


def test_the_values_are_those_of_the_payload() -> None:
    payload = (PROJECT / "docs" / "payload.md").read_text(encoding="utf-8")
    kinds = re.search(r"^\| `kind` is \|.*?\n\n", payload, re.MULTILINE | re.DOTALL)
    assert kinds
    assert {*re.findall(r"^\| (\w+) \|", kinds[0], re.MULTILINE), "none"} == set(metrics.KINDS)
    assert all(f"`{name}`" in DOCS for name in (*metrics.CLASSES, *metrics.CHANNELS))


def sources() -> Iterator[tuple[str, str]]:
    """Every module's file and text."""
    for path in [*(PROJECT / "bot").rglob("*.py"), *(PROJECT / "actions").rglob("*.py")]:
        yield str(path.relative_to(PROJECT)), path.read_text(encoding="utf-8")


def literals(metric: str) -> Iterator[tuple[str, str]]:
    """The values that the code gives for the label that is chosen by code, each with its file."""
    label = BY_CODE[metric]
    for path, text in sources():
        for node in ast.walk(ast.parse(text)) if f"{metric}.labels" in text else ():
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(f"{metric}.labels"):
                named = [word.value for word in node.keywords if word.arg == label]
                for value in named or node.args[-1:]:
                    if isinstance(value, ast.Constant):
                        yield path, str(value.value)


@pytest.mark.parametrize("metric", BY_CODE)
def test_the_code_counts_under_known_values(metric: str) -> None:
    known = labelled()[metric].values[BY_CODE[metric]]
    assert [(path, value) for path, value in literals(metric) if value not in known] == []


def test_the_channels_are_those_that_exist() -> None:
    folder = PROJECT / "bot" / "chat" / "channels"
    names = {
        node.value.value
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and isinstance(node.value, ast.Constant)
        and ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target) == "name"
    }
    assert names <= set(metrics.CHANNELS)

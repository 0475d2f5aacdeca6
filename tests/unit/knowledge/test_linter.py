"""Every rule of the linter names the file and the line of what breaks it."""

from datetime import date, timedelta

import pytest

from tests.unit.knowledge.desk import FACETS, TODAY, Desk, line_with


def only(findings: list[str], path: str, line: int, words: str) -> None:
    """There is one finding, at this place, and it says so."""
    assert len(findings) == 1, findings
    assert findings[0].startswith(f"{path}:{line}: "), findings
    assert words in findings[0]


def test_a_knowledge_base_without_a_fault_has_no_findings(desk: Desk) -> None:
    assert desk.findings() == []


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("no front matter at all", 1, "no front matter"),
        ("---\nid: cost.price\ntitle: [\n---\ntext\n", 4, "not YAML"),
        ("---\nid: cost.price\nreviewed_on: 2026-02-31\n---\ntext\n", 2, "not YAML"),
        ("---\nid: cost.price\ntext: hidden\n---\ntext\n", 3, "below the front matter"),
        ("---\n- a list\n---\ntext\n", 2, "keys and values"),
    ],
)
def test_an_unreadable_entry_is_named_with_its_line(desk: Desk, content: str, line: int, words: str) -> None:
    (desk.folder / "cost" / "price.md").write_text(content)
    first = next(found for found in desk.findings() if found.startswith("knowledge/cost/"))
    assert first.startswith(f"knowledge/cost/price.md:{line}: ")
    assert words in first


def test_a_misspelt_key_is_named_with_its_line(desk: Desk) -> None:
    path = desk.write("cost.price", revewed_by="me")
    found = next(found for found in desk.findings() if found.startswith("knowledge/cost/"))
    assert found.startswith(f"knowledge/cost/price.md:{line_with(path, 'revewed_by')}: revewed_by: ")


def test_bytes_that_are_no_text_are_a_finding(desk: Desk) -> None:
    (desk.folder / "cost" / "price.md").write_bytes(b"---\n\xff\xfe\n---\n")
    assert any(found.startswith("knowledge/cost/price.md:1: cannot be read") for found in desk.findings())


def test_a_broken_rulebook_is_the_only_finding(desk: Desk) -> None:
    (desk.folder / "lint.yml").write_text("topics: [cost]\n")
    assert [found.split(": ")[0] for found in desk.findings()] == ["knowledge/lint.yml:1"]


@pytest.mark.parametrize("name", ["sources.yml", "phrases.yml", "follow_ups.yml"])
def test_a_missing_file_beside_the_entries_is_a_finding(desk: Desk, name: str) -> None:
    (desk.folder / name).unlink()
    assert [found for found in desk.findings() if found.startswith(f"knowledge/{name}:1: cannot be read")]


def test_an_id_that_is_not_its_files_place(desk: Desk) -> None:
    path = desk.folder / "cost" / "cheap.md"
    (desk.folder / "cost" / "price.md").rename(path)
    only(desk.findings(), "knowledge/cost/cheap.md", 2, "the file's place says cost.cheap")


def test_a_topic_that_is_not_its_folder_or_is_none(desk: Desk) -> None:
    desk.write("cost.extra", topic="scarring")
    desk.teach("cost.extra", ["extra"], intent="scarring")
    only(desk.findings(), "knowledge/cost/extra.md", 3, "the folder's name is cost")
    desk.write("cost.extra")
    desk.write("pricing.rebate")
    only(desk.findings(), "knowledge/pricing/rebate.md", 3, "pricing is not a topic")


def test_an_entry_outside_the_topics_folders(desk: Desk) -> None:
    deep = desk.folder / "cost" / "more" / "extra.md"
    deep.parent.mkdir()
    deep.write_text("---\n---\n")
    only(desk.findings(), "knowledge/cost/more/extra.md", 1, "nowhere deeper")


def test_an_unknown_source(desk: Desk) -> None:
    path = desk.write("cost.price", claims=[{"text": "A fact.", "sources": ["gone"]}], sources=["gone"])
    only(desk.findings(), "knowledge/cost/price.md", line_with(path, "- gone"), "unknown source gone")


def test_a_claim_without_source_and_an_answer_without_claims(desk: Desk) -> None:
    claims = [{"text": "Some clinics quote a price.", "sources": ["price_survey"]}, {"text": "The moon is cheap."}]
    path = desk.write("cost.price", claims=claims)
    only(desk.findings(), "knowledge/cost/price.md", line_with(path, "moon"), "a claim without source: The moon")
    path = desk.write("cost.price", claims=[], sources=[])
    only(desk.findings(), "knowledge/cost/price.md", line_with(path, "claims:"), "needs claims")


def test_small_talk_with_claims(desk: Desk) -> None:
    path = desk.write("greeting.hello", kind="smalltalk")
    only(desk.findings(), "knowledge/greeting/hello.md", line_with(path, "claims:"), "small talk")


def test_sources_that_no_claim_uses_and_claims_sources_that_are_not_listed(desk: Desk) -> None:
    path = desk.write("cost.price", sources=["price_survey", "court_ruling"])
    only(desk.findings(), "knowledge/cost/price.md", line_with(path, "court_ruling"), "no claim uses")
    path = desk.write("cost.price", claims=[{"text": "A fact.", "sources": ["price_survey", "court_ruling"]}])
    only(desk.findings(), "knowledge/cost/price.md", line_with(path, "court_ruling"), "not among the entry's sources")


def test_a_review_is_overdue_the_day_after_it_was_due(desk: Desk) -> None:
    path = desk.write("cost.price", reviewed_on=TODAY - timedelta(days=180))
    assert desk.findings() == []
    only(
        desk.findings(TODAY + timedelta(days=1)),
        "knowledge/cost/price.md",
        line_with(path, "reviewed_on"),
        f"the review was due on {TODAY}",
    )


def test_a_review_in_the_future_cannot_buy_time(desk: Desk) -> None:
    path = desk.write("cost.price", reviewed_on=date(2030, 1, 1))
    only(desk.findings(), "knowledge/cost/price.md", line_with(path, "reviewed_on"), "lies in the future")


@pytest.mark.parametrize(
    ("part", "value", "words"),
    [
        ("short", "Ask the man now. " * 18, "the short form has 306 characters"),
        ("title", "What " * 13 + "?", "the title has 66 characters"),
        ("safety", "Call a man now. " * 11, "the safety has 44 words"),
        ("short", " ", "the short is empty"),
    ],
)
def test_parts_that_are_too_long_or_empty(desk: Desk, part: str, value: str, words: str) -> None:
    path = desk.write("cost.price", **{part: value})
    only(desk.findings(), "knowledge/cost/price.md", line_with(path, f"{part}:"), words)


def test_a_text_of_more_than_ninety_words(desk: Desk) -> None:
    path = desk.write("cost.price", text="Go to him now. " * 23)
    only(desk.findings(), "knowledge/cost/price.md", line_with(path, "Go to him"), "the text has 92 words")


def test_a_text_that_is_hard_to_read(desk: Desk) -> None:
    hard = "Comprehensive deliberation regarding remuneration necessitates professional consultation beforehand."
    path = desk.write("cost.price", text=hard)
    only(desk.findings(), "knowledge/cost/price.md", line_with(path, "Comprehensive"), "reads at grade")


def test_unavoidable_terms_do_not_count_as_hard(desk: Desk) -> None:
    desk.write("cost.price", text="A dermatologist may name finasteride, minoxidil or spironolactone.")
    assert desk.findings() == []


def test_an_unknown_facet(desk: Desk) -> None:
    path = desk.write("cost.price", facets=["cost", "weather"])
    only(desk.findings(), "knowledge/cost/price.md", line_with(path, "facets:"), "weather is not a facet")


@pytest.mark.parametrize("name", ["side_effects.itching", "contraindications.lupus"])
def test_symptoms_and_illnesses_need_a_safety_note(desk: Desk, name: str) -> None:
    path = desk.write(name, safety=None)
    file = f"knowledge/{name.replace('.', '/')}.md"
    only(desk.findings(), file, line_with(path, "safety:"), "say when to get help")


def test_asking_whether_something_is_normal_needs_a_safety_note_in_any_topic(desk: Desk) -> None:
    path = desk.write("scarring.mark", title="Is a red mark normal?", safety=None)
    only(desk.findings(), "knowledge/scarring/mark.md", line_with(path, "safety:"), "say when to get help")


def test_two_entries_with_the_same_title(desk: Desk) -> None:
    path = desk.write("cost.extra", title="What about PRICE")
    only(desk.findings(), "knowledge/cost/price.md", 4, "the same title as cost.extra")
    assert path.exists()


def test_links_to_nowhere_to_itself_and_to_a_draft(desk: Desk) -> None:
    desk.write("cost.extra", status="draft")
    path = desk.write("cost.price", related=["cost.price", "cost.gone", "cost.extra"])
    found = [line for line in desk.findings() if "link" in line]
    place = f"knowledge/cost/price.md:{line_with(path, 'related:')}: "
    assert found == [
        f"{place}a link to cost.extra, which is not a published entry",
        f"{place}a link to cost.gone, which is not a published entry",
        f"{place}a link to itself",
    ]


def test_follow_ups_that_lead_nowhere(desk: Desk) -> None:
    usual = {facet: ["cost.price"] for facet in FACETS}
    path = desk.follow_ups({**usual, "when": ["cost.gone"]})
    only(desk.findings(), "knowledge/follow_ups.yml", line_with(path, "when:"), "cost.gone is not a published entry")
    path = desk.follow_ups({**usual, "weather": ["cost.price"]})
    only(desk.findings(), "knowledge/follow_ups.yml", line_with(path, "weather:"), "weather is not a facet")
    path = desk.follow_ups({**usual, "age": []})
    only(desk.findings(), "knowledge/follow_ups.yml", line_with(path, "age:"), "age has 0 entries")
    desk.follow_ups({facet: ["cost.price"] for facet in FACETS if facet != "more"})
    only(desk.findings(), "knowledge/follow_ups.yml", 1, "the facet more is missing")


def test_an_entry_that_no_message_could_reach(desk: Desk) -> None:
    desk.teach("cost.price", [])
    only(desk.findings(), "knowledge/cost/price.md", 2, "no training examples for cost.price")


def test_examples_that_reach_no_entry(desk: Desk) -> None:
    desk.teach("cost.gone", ["how much"])
    only(desk.findings(), "nlu/cost.gone.yml", 3, "examples with no entry: cost.gone")


def test_examples_under_another_topics_intent(desk: Desk) -> None:
    desk.teach("cost.price", ["how much"], intent="permanence", file="stray")
    only(desk.findings(), "nlu/stray.yml", 3, "under the intent permanence")


def test_examples_of_a_topic_that_name_no_entry(desk: Desk) -> None:
    (desk.nlu / "bare.yml").write_text('version: "3.1"\nnlu:\n- intent: cost\n  examples: |\n    - how much\n')
    only(desk.findings(), "nlu/bare.yml", 3, "examples of cost with no entry")


@pytest.mark.parametrize("label", ["out_of_scope.near_body", "follow_up.women"])
def test_labels_that_are_no_entries_need_none(desk: Desk, label: str) -> None:
    desk.teach(label, ["and my knee"])
    assert desk.findings() == []


def test_training_data_that_is_not_yaml(desk: Desk) -> None:
    (desk.nlu / "broken.yml").write_text("nlu:\n- intent: [\n")
    assert [found.split(": ")[0] for found in desk.findings()] == ["nlu/broken.yml:3"]

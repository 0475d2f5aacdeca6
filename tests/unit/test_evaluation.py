"""How a file of labelled questions is read, judged and counted."""

from pathlib import Path

import pytest

from bot.cli.evaluation import report
from bot.cli.evaluation.judgement import Outcome, Verdict, judge
from bot.cli.evaluation.labels import Question, halved, parse_label, parse_line, read_questions
from bot.cli.evaluation.pictures import confusion_counts, draw_confusions, draw_curve
from bot.cli.evaluation.scores import Share, confusions, risk_curve, score
from bot.cli.main import main
from bot.errors import SettingError

TOPICS = {"cost", "what_is", "scarring", "bot_identity"}


def asked(label: str, text: str = "how much") -> Question:
    return Question(1, text, parse_label(label, TOPICS))


def replied(label: str, kind: str, *topics: str, **payload: object) -> Verdict:
    return judge(asked(label), {"kind": kind, "topics": list(topics), **payload})


@pytest.mark.parametrize(
    ("label", "kind", "topics", "outcome"),
    [
        ("cost", "answer", ["cost"], Outcome.RIGHT),
        ("cost", "answer", ["scarring"], Outcome.WRONG),
        ("cost", "answer", ["scarring", "cost"], Outcome.RIGHT),
        ("cost|what_is", "answer", ["what_is"], Outcome.RIGHT),
        ("cost+what_is", "answer", ["what_is", "cost"], Outcome.RIGHT),
        ("cost+what_is", "answer", ["cost"], Outcome.PARTLY),
        ("cost+what_is|scarring", "answer", ["scarring"], Outcome.RIGHT),
        ("cost+what_is", "answer", ["scarring"], Outcome.WRONG),
        ("cost", "clarify", ["what_is", "cost"], Outcome.AMONG),
        ("cost", "clarify", ["what_is", "scarring"], Outcome.MISSED),
        ("cost", "clarify", ["what_is", "scarring", "bot_identity", "cost"], Outcome.MISSED),
        ("cost", "clarify", [], Outcome.MISSED),
        ("cost", "out_of_scope", [], Outcome.HELD_BACK),
        ("cost", "refusal", [], Outcome.HELD_BACK),
        ("cost", "refusal", ["cost"], Outcome.RIGHT),
        ("cost", "refusal", ["what_is"], Outcome.HELD_BACK),
        ("cost", "handoff", ["cost"], Outcome.RIGHT),
        ("cost", "urgent", [], Outcome.WRONG),
        ("cost", "error", [], Outcome.FAILED),
        ("out_of_scope", "out_of_scope", [], Outcome.RIGHT),
        ("out_of_scope", "refusal", ["cost"], Outcome.RIGHT),
        ("out_of_scope", "answer", ["cost"], Outcome.WRONG),
        ("out_of_scope", "smalltalk", ["greeting"], Outcome.WRONG),
        ("out_of_scope", "clarify", ["cost"], Outcome.MISSED),
        ("out_of_scope", "error", [], Outcome.FAILED),
        ("refusal", "refusal", ["cost"], Outcome.RIGHT),
        ("refusal", "out_of_scope", [], Outcome.HELD_BACK),
        ("cost|out_of_scope", "out_of_scope", [], Outcome.RIGHT),
    ],
)
def test_a_reply_is_judged_by_its_label(label: str, kind: str, topics: list[str], outcome: Outcome) -> None:
    assert replied(label, kind, *topics).outcome is outcome


def test_a_danger_heard_in_another_class_is_wrong() -> None:
    assert replied("urgent:emergency", "urgent", **{"class": "emergency"}).outcome is Outcome.RIGHT
    assert replied("urgent:emergency", "urgent", **{"class": "urgent_care"}).outcome is Outcome.WRONG
    assert replied("urgent:emergency", "answer", "cost").outcome is Outcome.WRONG
    assert replied("urgent:none", "answer", "cost").outcome is Outcome.RIGHT
    assert replied("urgent:none", "clarify").outcome is Outcome.RIGHT
    assert replied("urgent:none", "urgent", **{"class": "emergency"}).outcome is Outcome.WRONG
    assert replied("urgent:emergency", "out_of_scope").outcome is Outcome.HELD_BACK


def test_a_reply_without_a_payload_failed() -> None:
    assert judge(asked("cost"), {"reply": []}).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("how much", "one tab expected"),
        ("how much\tcost\textra", "one tab expected"),
        ("\tcost", "no utterance"),
        ("how much\t", "an empty label"),
        ("how much\tcost|", "an empty label"),
        ("how much\tprice", "unknown label price"),
        ("how much\tcost+price", "unknown label price"),
        ("how much\tcost+out_of_scope", "cannot be joined"),
        ("help\turgent:bad", "unknown class in urgent:bad"),
    ],
)
def test_a_malformed_line_is_explained(line: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        parse_line(1, line, TOPICS)


def test_a_file_with_bad_lines_is_refused_with_each_of_them(tmp_path: Path) -> None:
    path = tmp_path / "questions.tsv"
    path.write_bytes(b"\xef\xbb\xbfhow much\tcost\r\n\nno tab\n\xff\tcost\nwhat\tnothing\n")
    with pytest.raises(SettingError) as raised:
        read_questions(path, TOPICS)
    problems = str(raised.value).splitlines()
    assert [problem.split(": ")[0] for problem in problems] == [f"{path}:{line}" for line in (3, 4, 5)]


def test_a_good_file_keeps_its_line_numbers_and_words(tmp_path: Path) -> None:
    path = tmp_path / "questions.tsv"
    path.write_bytes("\ufeffhow much\tcost\r\n\n  é?\twhat_is|cost+scarring\n".encode())
    read = read_questions(path, TOPICS)
    assert [(question.line, question.text, question.label) for question in read] == [
        (1, "how much", "cost"),
        (3, "  é?", "what_is|cost+scarring"),
    ]


@pytest.mark.parametrize("name", ["missing.tsv", "empty.tsv"])
def test_a_file_without_questions_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty.tsv").write_text("\n \n")
    with pytest.raises(SettingError, match=name):
        read_questions(tmp_path / name, TOPICS)


def test_the_command_names_the_bad_line_before_anything_is_loaded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_model() -> Path:
        raise AssertionError("the model was looked for")

    monkeypatch.setattr("bot.cli.evaluate.ready_model", no_model)
    path = tmp_path / "questions.tsv"
    path.write_text("hello there\tgreeting\nhow much\tprice_of_fish\n")
    assert main(["eval", str(path)]) == 1
    assert f"{path}:2: unknown label price_of_fish" in capsys.readouterr().err


def test_halves_share_no_line_and_leave_none_out() -> None:
    questions = [Question(line, "x", (("cost",),)) for line in range(1, 6)]
    first, second = halved(questions, "first"), halved(questions, "second")
    assert [question.line for question in first] == [1, 3, 5]
    assert sorted([*first, *second], key=lambda question: question.line) == halved(questions, None) == questions


def some_verdicts() -> list[Verdict]:
    return [
        replied("cost", "answer", "cost", confidence=0.9),
        replied("cost", "answer", "scarring", confidence=0.8),
        replied("cost", "clarify", "what_is", "cost", confidence=0.4),
        replied("what_is", "out_of_scope", confidence=0.7),
        replied("cost+what_is", "answer", "cost", confidence=0.6),
        replied("what_is", "answer", "what_is", "cost", confidence=0.95),
        replied("out_of_scope", "answer", "cost", confidence=0.5),
        replied("out_of_scope", "out_of_scope", confidence=0.9),
        replied("out_of_scope", "clarify", "cost", "what_is", confidence=0.3),
    ]


def test_shares_count_what_their_definitions_say() -> None:
    scores = score(some_verdicts())
    assert scores.right == Share(2, 6)
    assert scores.right_among == Share(3, 6)
    assert scores.clarified == scores.partly == scores.wrong == scores.held_back == Share(1, 6)
    assert scores.said_more == Share(1, 6)
    assert scores.outside_held_back == scores.outside_clarified == scores.outside_wrong == Share(1, 3)


def test_the_interval_of_a_share_is_wilsons() -> None:
    low, high = Share(90, 100).interval
    assert (round(low, 4), round(high, 4)) == (0.8256, 0.9448)
    assert Share(0, 0).interval == (0.0, 1.0)


def test_the_commonest_confusion_comes_first_and_keeps_its_utterances() -> None:
    verdicts = [*some_verdicts(), judge(asked("cost", "mark?"), {"kind": "answer", "topics": ["scarring"]})]
    first = confusions(verdicts)[0]
    assert (first.expected, first.got, len(first.verdicts)) == ("cost", "scarring", 2)
    text = report.mixed_up([first])
    assert "mark?" in text
    assert "how much" in text
    assert not any(verdict.outcome is Outcome.RIGHT for one in confusions(verdicts) for verdict in one.verdicts)


def test_the_curve_counts_out_of_scope_guesses_as_risk_and_not_as_coverage() -> None:
    points = risk_curve(some_verdicts())
    found = [(point.confidence, round(point.coverage, 2), round(point.risk, 2), point.wrong) for point in points]
    assert found == [
        (0.95, 0.17, 0.0, 0),
        (0.9, 0.33, 0.0, 0),
        (0.8, 0.5, 0.33, 1),
        (0.6, 0.67, 0.25, 1),
        (0.5, 0.67, 0.4, 2),
        (0.4, 0.83, 0.5, 3),
        (0.3, 0.83, 0.57, 4),
    ]


def test_equal_confidences_make_one_point_whatever_their_order() -> None:
    right, wrong = (replied("cost", "answer", topic, confidence=0.5) for topic in ("cost", "scarring"))
    assert risk_curve([right, wrong]) == risk_curve([wrong, right])
    assert len(risk_curve([right, wrong])) == 1


def test_tables_say_whether_what_is_wanted_was_met() -> None:
    text = report.overall(score(some_verdicts()))
    row = next(line for line in text.splitlines() if "top-1" in line)
    assert [cell.strip() for cell in row.split("|")[2:7]] == ["33.3 %", "2/6", "9.7–70.0", "≥ 90%", "no"]
    assert len({len(line) for line in text.splitlines()}) == 1


def test_topics_are_listed_with_the_weakest_first() -> None:
    rows = report.topics(some_verdicts()).splitlines()[2:]
    assert [row.split("|")[1].strip() for row in rows] == ["cost", "out_of_scope", "what_is"]


def test_every_miss_is_printed_with_its_line_and_words() -> None:
    assert len(report.misses(some_verdicts()).splitlines()) == 6
    assert report.misses([]) == "none"


def test_the_pictures_are_pictures(tmp_path: Path) -> None:
    verdicts = some_verdicts()
    curve = draw_curve(risk_curve(verdicts), score(verdicts), tmp_path / "eval" / "curve.png")
    confused = draw_confusions(verdicts, tmp_path / "eval" / "confusions.png")
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in (curve, confused))


def test_the_confusion_picture_puts_a_right_reply_on_the_diagonal() -> None:
    rows, columns, pairs = confusion_counts(some_verdicts())
    assert columns[: len(rows)] == rows == ["cost", "out_of_scope", "what_is"]
    assert pairs["cost", "cost"] == 2  # one right, one in part
    assert pairs["cost", "scarring"] == pairs["cost", "clarify"] == pairs["what_is", "out_of_scope"] == 1

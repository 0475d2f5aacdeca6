"""The names of illnesses and medicines, and the finding that each one is; data that a clinician reads and signs."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, Extra, StrictStr

from bot.assessment.fields import FINDINGS
from bot.assessment.files import read_model
from bot.errors import AssessmentError

CANCER = "cancer"
HARMLESS = "harmless"
MEDICINE = "medicine"


class _Frozen(BaseModel):
    class Config:
        frozen = True
        extra = Extra.forbid


class Named(_Frozen):
    """A finding and what people call it; `phrases` are longer ways to say it, `phrasings` patterns (phrasings.py)."""

    id: StrictStr
    about: StrictStr
    sources: tuple[StrictStr, ...]
    medicines: tuple[StrictStr, ...] = ()
    conditions: tuple[StrictStr, ...] = ()
    phrases: tuple[StrictStr, ...] = ()
    phrasings: tuple[StrictStr, ...] = ()
    uncontrolled_words: tuple[StrictStr, ...] = ()
    controlled_words: tuple[StrictStr, ...] = ()


class Cancer(_Frozen):
    """Names of cancers, and the words that tell whether one is past or present."""

    about: StrictStr
    sources: tuple[StrictStr, ...]
    names: tuple[StrictStr, ...]
    past_words: tuple[StrictStr, ...]
    now_words: tuple[StrictStr, ...]


class Clinical(_Frozen):
    """All names of findings; `not_findings` look like one and are none."""

    version: StrictStr
    findings: tuple[Named, ...]
    cancer: Cancer
    not_findings: tuple[StrictStr, ...]

    def names(self) -> Iterator[tuple[str, str]]:
        """Every name with its finding, with `cancer`, or with `harmless`; that of a medicine with `medicine` too."""
        for finding in self.findings:
            yield from ((MEDICINE, name) for name in finding.medicines)
            yield from ((finding.id, name) for name in (*finding.medicines, *finding.conditions))
        yield from ((CANCER, name) for name in self.cancer.names)
        yield from ((HARMLESS, name) for name in self.not_findings)

    def phrases(self) -> Iterator[tuple[str, str]]:
        """Every longer phrase with its finding."""
        for finding in self.findings:
            yield from ((finding.id, phrase) for phrase in finding.phrases)

    def words(self) -> Iterator[tuple[str, str]]:
        """The words that tell of a cancer's time (`past`, `now`), or of diabetes (`uncontrolled`, `controlled`)."""
        yield from (("past", words) for words in self.cancer.past_words)
        yield from (("now", words) for words in self.cancer.now_words)
        for finding in self.findings:
            yield from (("uncontrolled", words) for words in finding.uncontrolled_words)
            yield from (("controlled", words) for words in finding.controlled_words)


def read_clinical(path: Path) -> Clinical:
    """The names in a file; raises AssessmentError with the file's name."""
    clinical = read_model(path, Clinical)
    unknown = {finding.id for finding in clinical.findings} - set(FINDINGS)
    if unknown:
        raise AssessmentError(f"{path}: {sorted(unknown)[0]} is no finding")
    return clinical

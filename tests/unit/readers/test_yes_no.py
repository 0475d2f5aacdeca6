"""Yes, no, and what is neither."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.readers.yes_no import read_yes_no

YES = """
yeah|Yess!|sure why not|i guess so|if i must|yes but only email|ok but no calls|not a problem|i don't mind
no, i don't mind|no yeah|no worries, go for it|go ahead|👍🏽|si|sounds good|without a doubt|no... actually yes
no wait yes|i hereby consent|that's fine|you may|uh huh|well, yes|idk, i guess so|if it's free, yes
"""
NO = """
nope|Nah, i'm good|absolutely not|not really|rather not|no thanks|yeah no|hell no|👎|please do not share it
i'd rather you didn't|yes... actually no|yes wait no|i don't think so|over my dead body|i was, not anymore
ofc not|that's a no from me|by no means|hard pass
"""
UNCLEAR = """
depends|who's asking|why|maybe later|idk|not sure yet|prefer not to say|let me think|only if it's free
yes and no|🤷|hmm|???|banana|could you repeat that|i was wondering what the treatment costs in boston
my hair has been falling out since spring and my doctor says it's not permanent
"""


def lines(text: str) -> list[str]:
    return [part for line in text.strip().splitlines() for part in line.split("|")]


@pytest.mark.parametrize("text", lines(YES))
def test_yes_in_many_words(text: str) -> None:
    assert read_yes_no(text) == "yes"


@pytest.mark.parametrize("text", lines(NO))
def test_no_in_many_words(text: str) -> None:
    assert read_yes_no(text) == "no"


@pytest.mark.parametrize("text", ["", *lines(UNCLEAR)])
def test_questions_doubts_and_other_talk_are_unclear(text: str) -> None:
    assert read_yes_no(text) == "unclear"


@given(st.text(max_size=80))
def test_any_text_has_one_of_three_readings(text: str) -> None:
    assert read_yes_no(text) in ("yes", "no", "unclear")

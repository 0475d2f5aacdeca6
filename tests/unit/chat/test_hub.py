"""What is new in a conversation reaches all who listen to it, and nobody else."""

from datetime import datetime, timezone

from bot.chat.web.hub import Ended, Hub, Listener
from bot.dialogue.intake import News
from bot.transcripts.reading import Item


class Ear(Listener):
    """Remembers what it heard."""

    def __init__(self, address: str, conversation: str | None = None) -> None:
        super().__init__()
        self.address, self.conversation = address, conversation
        self.heard: list[object] = []

    def hear(self, news: News) -> None:
        self.heard.append(news.moment or "news")

    def look(self) -> None:
        self.heard.append("look")

    def end(self, ended: Ended) -> None:
        self.heard.append(ended)

    async def leave(self) -> None:
        self.heard.append("leave")


def listening(hub: Hub, *ears: Ear) -> None:
    for ear in ears:
        hub.join(ear)


def test_news_reach_everyone_in_the_conversation_and_nobody_else() -> None:
    hub, ann, tab, bob = Hub(), Ear("a", "ann"), Ear("b", "ann"), Ear("c", "bob")
    listening(hub, ann, tab, bob)
    hub.hear(News("ann"))
    hub.hear(News("nobody"))
    hub.refresh("ann", but=ann)
    assert (ann.heard, tab.heard, bob.heard) == (["news"], ["news", "look"], [])


def test_whoever_waits_for_a_first_message_hears_of_it() -> None:
    hub, first, second, other = Hub(), Ear("a"), Ear("a"), Ear("b")
    listening(hub, first, second, other)
    hub.bind("a", "ann")
    hub.hear(News("ann", moment="message-1"))
    assert (first.heard, second.heard, other.heard) == (["message-1"], ["message-1"], [])
    assert (first.conversation, other.conversation) == ("ann", None)


def test_where_something_may_have_been_missed_all_look() -> None:
    hub, ann, bob = Hub(), Ear("a", "ann"), Ear("b", "bob")
    listening(hub, ann, bob)
    hub.hear(News(""))
    assert ann.heard == bob.heard == ["look"]


def test_the_last_words_come_with_the_end_and_it_comes_once() -> None:
    hub, ann = Hub(), Ear("a", "ann")
    listening(hub, ann)
    now = datetime.now(timezone.utc)
    said = [Item(1, "visitor", now, ("delete it",)), Item(2, "assistant", now, ("It is deleted.",))]
    hub.hear(News("ann", said, ended=True))
    hub.hear(News("ann", ended=True))
    assert ann.heard == [Ended(None, ("It is deleted.",))]


def test_nothing_is_left_of_those_who_went() -> None:
    hub, ann, silent = Hub(), Ear("a", "ann"), Ear("b")
    listening(hub, ann, silent)
    hub.part(ann)
    hub.part(silent)
    hub.part(ann)
    hub.hear(News("ann"))
    assert (ann.heard, hub._rooms, hub._silent) == ([], {}, {})


async def test_all_are_sent_away_at_the_end() -> None:
    hub, ann, silent = Hub(), Ear("a", "ann"), Ear("b")
    listening(hub, ann, silent)
    await hub.close()
    assert hub.closed
    assert ann.heard == silent.heard == ["leave"]

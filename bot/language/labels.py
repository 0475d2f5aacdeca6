"""What an example of the training data is labelled with."""

from rasa.shared.nlu.constants import INTENT, METADATA, METADATA_INTENT
from rasa.shared.nlu.training_data.message import Message

from bot.language.ranker import Label

LABEL_KEY = "entry"


def label_of(example: Message) -> Label:
    """An example's label: the `entry` of its block's metadata, or else its intent."""
    intent = example.get(INTENT)
    kept = (example.get(METADATA) or {}).get(METADATA_INTENT)
    name = kept.get(LABEL_KEY) if isinstance(kept, dict) else None
    return Label(name or intent, intent)

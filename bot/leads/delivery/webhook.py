"""A webhook as Standard Webhooks has it: signed, under an id that all tries share, with the time of this try."""

from standardwebhooks import Webhook

from bot.errors import DeliveryFailed
from bot.leads.delivery.http import Poster
from bot.leads.delivery.sending import Message
from bot.leads.delivery.targets import WebhookTarget

MOST_BYTES = 20_000


class WebhookSender:
    """Posts messages to a webhook; while a secret is being replaced, each has a signature for both."""

    at_once = 16

    def __init__(self, target: WebhookTarget, poster: Poster) -> None:
        self.target = target
        self._poster = poster
        self._signers = [Webhook(secret) for secret in target.secrets]

    async def send(self, message: Message) -> str:
        """What came back, like HTTP 200; raises DeliveryFailed."""
        body = message.payload.encode()
        if len(body) >= MOST_BYTES:
            raise DeliveryFailed(f"the message has {len(body)} bytes, {MOST_BYTES} are too many")
        return await self._poster.post(self.target.url, body, self._signed(message), message.at)

    def _signed(self, message: Message) -> dict[str, str]:
        signatures = [signer.sign(message.id, message.at, message.payload) for signer in self._signers]
        return {
            "webhook-id": message.id,
            "webhook-timestamp": str(int(message.at.timestamp())),
            "webhook-signature": " ".join(signatures),
        }

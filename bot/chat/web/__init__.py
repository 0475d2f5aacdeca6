"""The web chat: sessions, a WebSocket or long polling over the same messages, and who listens to which conversation."""

"""The hand-off's conversation: consent, contact and confirmation as pure functions; data in, steps and words out."""

"""Stand-ins that keep state: an assistant on a small model, its actions, and servers that misbehave."""

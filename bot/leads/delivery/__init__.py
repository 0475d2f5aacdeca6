"""Takes messages out of the outbox and to the targets: webhooks, e-mail, Slack, a file."""

"""Scores the assistant on labelled questions: reading, judging and counting are pure."""

"""The performance suite: Strand and a stock Rasa assistant, measured side by side in one run on this machine."""

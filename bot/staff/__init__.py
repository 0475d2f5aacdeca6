"""The staff role: the console in which leads are worked and transcripts are reviewed."""

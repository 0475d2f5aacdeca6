"""Invented visitors, leads and staff, so that a newcomer sees the console alive."""

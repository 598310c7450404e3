"""Diarist: who spoke when, what they said, and who they are."""

__version__ = "0.1.0"

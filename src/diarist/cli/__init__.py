"""The command line. One file a command; nothing heavy is imported before a command runs."""

from diarist.cli.app import main

__all__ = ["main"]

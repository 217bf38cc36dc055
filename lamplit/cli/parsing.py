"""How every command is declared."""

import argparse
from typing import Any

Subparsers = Any  # argparse does not name the type


def command(commands: Subparsers, name: str, runs: str, words: str) -> argparse.ArgumentParser:
    """Declare a command: its name, `module:function` of this folder that runs it, and what it does."""
    made: argparse.ArgumentParser = commands.add_parser(name, help=words, description=words)
    made.set_defaults(runs=runs)
    return made

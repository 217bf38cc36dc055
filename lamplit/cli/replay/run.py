"""`lamplit replay FILE`: plays each case of a file through a landlord made for it and thrown away after."""

import argparse
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lamplit.basics.lines import LineError
from lamplit.cli.say import Failed, WrongUse, say

if TYPE_CHECKING:
    from lamplit.cli.replay.playing import Day


def run(asked: argparse.Namespace) -> int:
    """Play every case of the file. Touches no installation: the landlord stands in a temporary folder."""
    try:
        text = Path(asked.file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUse(f"{asked.file} cannot be read: {error}") from error
    with _scratch_installation():
        from lamplit.cli.replay.playing import Player
        from lamplit.cli.replay.retold import read_cases

        try:
            cases = read_cases(text, Path(asked.file).name)
        except LineError as error:
            raise Failed(str(error)) from error
        for case in cases:
            say(f"\nCase {case.case}: {case.home}")
            for day in Player(case).play():
                show(day)
            for question in case.ask:
                say(f"  to be plain: {question}")
    return 0


@contextmanager
def _scratch_installation() -> Iterator[None]:
    folder = Path(tempfile.mkdtemp(prefix="lamplit-replay-"))
    os.environ["LAMPLIT_HOME"] = str(folder)
    os.environ.pop("LAMPLIT_DATABASE_URL", None)
    from lamplit.cli import making
    from lamplit.config import place

    try:
        making.make_installation()
        yield
    finally:
        place.cluster().destroy()
        shutil.rmtree(folder, ignore_errors=True)


def show(day: "Day") -> None:
    """Print a day: what ran out before it, what was told, what we did, and both pages."""
    say(f"\n  {day.on:%A} {day.on}")
    for at, reference, code in day.ran_out:
        say(f"    ran out {at:%Y-%m-%d %H:%M}: {reference} {code}")
    for heading, lines in (("told", day.told), ("did", day.did), ("desk", day.desk), ("tenant", day.tenant)):
        for line in lines:
            say(f"    {heading:6} {line}")

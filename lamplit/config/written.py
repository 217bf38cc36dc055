"""When a line of a timeline was written down, where that was later than it happened: said once for lines that came together."""

from itertools import groupby
from typing import Any

from lamplit.config.speaking import gettext as _
from lamplit.config.speaking import ngettext

Item = dict[str, Any]


def say_once(items: list[Item]) -> list[Item]:
    """Put each line's `written` ("25 November 2026", or none) into words under it, after what its `by` says.

    Lines one after another that were written down together, as when papers are keyed or another system is taken over, say it
    once, under the last of them.
    """
    said: list[Item] = []
    for written, group in groupby(items, key=lambda item: item["written"]):
        lines = [{name: value for name, value in item.items() if name != "written"} for item in group]
        if written:
            lines[-1]["by"] = ". ".join(part for part in (lines[-1].get("by"), _words(written, len(lines))) if part)
        said += lines
    return said


def _words(written: str, lines: int) -> str:
    if lines == 1:
        return _("Written down on %(day)s") % {"day": written}
    said = ngettext(
        "This and the line before it were written down on %(day)s",
        "This and the %(count)s lines before it were written down on %(day)s",
        lines - 1,
    )
    return said % {"day": written, "count": lines - 1}

"""The entries of a landlord without its rent, and no rows: `lamplit rebuild` makes every table of it, and is measured by that.

For landlords whose tables the disk would not hold twice.
"""

from collections import defaultdict
from typing import Any

from lamplit.basics.clock import now
from lamplit.cli.seed.write import write_homes
from lamplit.cli.seeding import begun
from lamplit.record.page import SETUP


def main(homes: str, years: str, processes: str) -> dict[str, Any]:
    """Write every batch that is not in the record yet. Returns how many facts were written now."""
    assert SETUP.wiring is not None
    SETUP.wiring.routes = defaultdict(tuple)  # no fold is told of any fact
    facts = 0
    for _done, _of, count in write_homes(begun(int(homes), int(years), 1, now().replace(microsecond=0)), int(processes)):
        facts += count
    return {"facts": facts}

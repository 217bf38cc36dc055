"""The schedule of rates from a file: priced by the day, put right by a later file, twice is once."""

from datetime import date

import pytest

from lamplit.exchange import cells
from lamplit.exchange.tests.test_bringing import counts
from lamplit.repairs import queries

HEAD = "RateCode,Description,Trade,Unit,Rate,EffectiveFrom,EffectiveTo\n"
RATES = (
    HEAD
    + """pl-1,Renew washer,plumber,IT,18.40,2026-04-01,
PL-1,Renew washer,plumber,item,17.6,2025-04-01,31/03/2026
RF-2,Reline valley,Roofer,LM,"£1,084.60",2026-04-01,
XX-3,Ends before it begins,plumber,item,5,2026-04-01,2026-03-01
XX-4,No unit of ours,plumber,furlong,5,2026-04-01,
XX-5,No trade of ours,wizard,item,5,2026-04-01,
RF-2,The same day twice,roofer,metre,9,2026-04-01,
"""
)


def test_rates_come_over_once_and_a_later_file_puts_them_right(landlord, bring):
    first = bring("rates", RATES)
    assert counts(first) == (3, 0, 0, 4)
    assert sorted((one.line, one.column) for one in first.problems) == [
        (5, "EffectiveTo"), (6, "Unit"), (7, "Trade"), (8, "EffectiveFrom"),
    ]  # fmt: skip
    size = landlord.seal()
    good = "\n".join(line for line in RATES.splitlines() if "XX" not in line and "twice" not in line)
    assert counts(bring("rates", good)) == (0, 0, 3, 0)
    assert landlord.seal() == size
    on = date(2026, 5, 1)
    assert [(rate.code, rate.pence) for rate in queries.rates(on)] == [("PL-1", 1840), ("RF-2", 108_460)]
    assert queries.rate_on("pl-1", date(2026, 3, 31)).pence == 1760
    assert queries.rate_on("PL-1", date(2025, 3, 31)) is None
    assert counts(bring("rates", good.replace("18.40", "18.50"), rehearse=True)) == (0, 1, 2, 0)
    assert queries.rate_on("PL-1", on).pence == 1840
    assert counts(bring("rates", good.replace("18.40", "18.50"))) == (0, 1, 2, 0)
    assert queries.rate_on("PL-1", on).pence == 1850
    assert [rate.code for rate in queries.rates(on, text="valley")] == ["RF-2"]


@pytest.mark.parametrize(
    ("cell", "pence"), [("12.50", 1250), ("£12.5", 1250), ("1,250", 125_000), ("0.05", 5), ("7", 700), ("12.500", 1250)]
)
def test_money_is_read_as_whole_pence(cell, pence):
    assert cells.pence(cell) == pence


@pytest.mark.parametrize("cell", ["", "12.345", "-1", "1e3", "12,50", "١٢", "12 pounds", "£", ".5", "1,25,0"])
def test_what_is_no_sum_of_money_is_refused(cell):
    with pytest.raises(cells.CellWrong):
        cells.pence(cell)

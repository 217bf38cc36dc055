"""Whose money it is: exact and repaired numbers, payers known from before, and what is only ever suggested."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplit.rent.facts import Told
from lamplit.rent.rules import chains, matching, money_in
from lamplit.rent.rules.chains import Link
from lamplit.rent.rules.matching import Known, Seen
from lamplit.rent.rules.money_in import Before, Line, NewFile

ON = date(2026, 11, 20)
NUMBERS = {"0070012345": "t_ruth", "70099991": "t_tomasz", "LH-204417": "t_otto"}
KNOWN = Known(
    references=NUMBERS,
    repaired=matching.index_references(NUMBERS),
    payers={
        ("ADEYEMI RUTH", "166"): {"t_ruth": 3},
        ("COUNCIL", "001"): {"t_ruth": 9, "t_otto": 9},
        ("NOVAK", "2"): {"t_otto": 1},
    },
    names={"TOMASZ WOLSKI": ("t_tomasz",)},
    due={"t_tomasz": (28_000,)},
)


def guessed(**line: object) -> list[tuple[str, str, int]]:
    found = matching.guesses(Seen(**{"pence": 12_000, **line}), KNOWN, ON)  # type: ignore[arg-type]
    return [(one.account, one.how, one.sure) for one in found]


def posted(**line: object) -> str | None:
    found = matching.sure(Seen(**{"pence": 12_000, **line}), KNOWN, ON)  # type: ignore[arg-type]
    return found.account if found else None


@pytest.mark.parametrize(
    ("reference", "account", "how"),
    [
        ("0070012345", "t_ruth", "reference"),
        ("RENT 0070012345 ADEYEMI", "t_ruth", "reference"),
        ("LH-204417", "t_otto", "reference"),
        ("70012345", "t_ruth", "repaired"),  # the noughts in front are left out
        ("OO7OO12345", "t_ruth", "repaired"),  # letters for figures
        ("RENT 7OO1 2345", "t_ruth", "repaired"),  # torn into two
        ("lh 2o44i7", "t_otto", "repaired"),
    ],
)
def test_numbers_are_found_as_people_type_them(reference: str, account: str, how: str) -> None:
    assert guessed(reference=reference) == [(account, how, 100 if how == "reference" else 95)]
    assert posted(reference=reference) == account


def test_a_number_that_an_account_had_once_waits_whoever_paid() -> None:
    former = Known(
        references=KNOWN.references, repaired=KNOWN.repaired, payers=KNOWN.payers, names={}, due={},
        former={"12345678": "t_tomasz", "70099991": "t_ruth"},
    )  # fmt: skip
    line = Seen(pence=100, reference="RENT 12345678", payer="Ruth Adeyemi", ending="166")
    assert matching.sure(line, former, ON) is None
    assert [(one.account, one.sure) for one in matching.guesses(line, former, ON)] == [("t_ruth", 70), ("t_tomasz", 70)]
    assert matching.sure(Seen(pence=100, reference="12345678 0070012345"), former, ON) is None
    other = matching.sure(Seen(pence=100, reference="70099991"), former, ON)  # it is another account's now
    assert other is not None
    assert other.account == "t_tomasz"


def test_a_short_number_counts_only_where_nothing_else_is_written() -> None:
    short = {"12": "t_ruth", "LH-9": "t_otto"}
    known = Known(
        references=short, repaired=matching.index_references(short), payers={("PAYER", "001"): {"t_tomasz": 2}}, names={},
        due={}, former={"7": "t_otto"},
    )  # fmt: skip

    def found(reference: str, pence: int = 100, payer: str | None = None) -> str | None:
        one = matching.sure(Seen(pence=pence, reference=reference, payer=payer, ending="001"), known, ON)
        return one.account if one else None

    assert [found("12"), found(" 12 "), found("LH-9")] == ["t_ruth", "t_ruth", "t_otto"]
    assert [found("JULY 12 RENT"), found("JULY 12 RENT", -100), found("7")] == [None, None, None]
    assert found("JULY 7 12", payer="Payer") == "t_tomasz"
    likely = matching.guesses(Seen(pence=100, reference="JULY 12 RENT"), known, ON)
    assert [(one.account, one.sure) for one in likely] == [("t_ruth", 40)]
    assert matching.maybe(likely) is None


@pytest.mark.parametrize("reference", ["7001234", "12345", "70012346", "RENT", "", "0070012345 70099991"])
def test_no_number_of_ours_or_two_is_never_posted(reference: str) -> None:
    assert posted(reference=reference) is None


def test_two_accounts_that_one_repaired_number_could_mean_are_neither() -> None:
    both = matching.index_references({"0012340": "t_one", "OO1234O": "t_other"})
    assert both == {"12340": None}


def test_a_payer_is_known_again_when_she_always_paid_one_account() -> None:
    assert guessed(payer="Mrs Ruth Adeyemi", ending="166") == [("t_ruth", "payer", 90)]
    assert posted(payer="Mrs Ruth Adeyemi", ending="166") == "t_ruth"
    assert posted(payer="Mrs Ruth Adeyemi", ending="167") is None
    assert posted(payer="Council", ending="001") is None
    assert guessed(payer="Novak", ending="2") == [("t_otto", "payer", 70)]


def test_a_name_and_a_sum_are_suggested_and_never_posted() -> None:
    assert guessed(payer="WOLSKI TOMASZ", pence=28_000) == [("t_tomasz", "name_amount", 60)]
    assert guessed(payer="WOLSKI TOMASZ") == [("t_tomasz", "name", 40)]
    assert posted(payer="WOLSKI TOMASZ", pence=28_000) is None


def test_what_goes_out_is_put_on_an_account_by_its_exact_number_alone() -> None:
    assert posted(reference="0070012345", pence=-100) == "t_ruth"
    assert posted(reference="70012345", pence=-100) is None
    assert posted(payer="Ruth Adeyemi", ending="166", pence=-100) is None


@settings(max_examples=50)
@given(st.text("O01I2345679 -/LHE", max_size=24), st.sampled_from([None, "Ruth", "Wolski Tomasz"]))
def test_nothing_that_is_typed_is_posted_unless_it_holds_the_whole_number(reference: str, payer: str | None) -> None:
    account = posted(reference=reference, payer=payer, ending="000")
    squeezed = matching.repaired(reference)
    assert account is None or any(matching.repaired(number) in squeezed for number, of in NUMBERS.items() if of == account)


def file(**told: object) -> NewFile:
    usual = {"source": "bank", "layout": "camt.053", "sha256": "a", "part": 0, "label": "…166", "lines": 1, "credit_pence": 1}
    return NewFile(**{**usual, "debit_pence": 0, "dated": ON, **told})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("serial", "before", "trouble"),
    [
        ("0042", [("0041", ON)], None),
        ("0043", [("0041", ON)], ("serial_missing", "0042")),
        ("0041", [("0042", ON), ("0041", ON)], ("serial_repeated", "0043")),
        ("1", [("250", date(2025, 12, 31))], None),  # it begins again with the year
        ("250", [("249", ON), ("250", date(2025, 12, 31))], None),
        ("7", [], None),
        ("0042", [("0043", ON), ("0041", ON)], None),  # it comes late, and is missing no more
        ("0044", [("0042", ON), ("0043", ON), ("0041", ON)], None),  # whichever came last
        ("0045", [("0042", ON), ("0043", ON)], ("serial_missing", "0044")),
        (None, [("7", ON)], None),
        ("BURQ66", [("BURQ66", ON)], None),  # the name of a list, which each of them bears
        ("5/2", [("5/1", ON)], None),
        ("5/2", [("5/2", ON), ("5/1", ON)], ("serial_repeated", "6")),
        ("05/3", [("05/1", ON)], ("serial_missing", "05/2")),
        ("6/1", [("5/2", ON), ("5/1", ON)], None),
        ("6/2", [("5/2", ON)], ("serial_missing", "6/1")),
        ("7", [("5/2", ON)], ("serial_missing", "6")),
    ],
)
def test_serials_go_on_without_a_gap_and_come_once(serial: str | None, before: list[tuple[str, date]], trouble: object) -> None:
    found = money_in.trouble_with(file(serial=serial), [Before(*one, None) for one in before])
    assert (tuple(found) if found else None) == trouble


def test_a_statement_begins_where_the_last_one_closed() -> None:
    found = money_in.trouble_with(file(opening_pence=100), [Before(None, ON, 12_345)])
    assert found == ("balance_gap", "£123.45")
    assert money_in.trouble_with(file(opening_pence=12_345), [Before(None, ON, 12_345)]) is None


def test_a_chain_of_files_reaches_to_its_first_gap_whatever_came_later_and_in_whichever_order() -> None:
    def link(number: int, *, finished: bool = True, **told: object) -> Link:
        usual = {"serial": str(number), "day": ON + timedelta(days=number), "opening_pence": None, "closing_pence": None}
        return Link(**{**usual, "finished": finished, **told})  # type: ignore[arg-type]

    whole = [link(number) for number in (1, 2, 3, 4)]
    assert chains.reach(whole)[:2] == chains.reach(whole[::-1])[:2] == (ON + timedelta(days=4), None)
    assert chains.reach([whole[0], *whole[2:]])[:2] == (ON + timedelta(days=1), (True, "2"))
    assert chains.reach([*whole[:2], link(3, finished=False), whole[3]])[:2] == (ON + timedelta(days=2), None)
    assert chains.reach([link(1, finished=False)])[:2] == (None, None)
    pages = [link(1, serial=serial, day=ON) for serial in ("5/2", "6", "5/1", "7")]
    assert chains.reach(pages)[:2] == (ON, None)
    assert chains.reach(pages[1:]).gap is None
    assert chains.reach([pages[0], pages[3]]).gap == (True, "6")
    year = [link(250, day=date(2025, 12, 30)), link(251, day=date(2025, 12, 31)), link(1, day=date(2026, 1, 2))]
    assert chains.reach(year)[:2] == (date(2026, 1, 2), None)
    assert chains.reach([*year[:2], link(2, day=date(2026, 1, 3))]).gap == (True, "1")
    sums = ((0, 10), (10, 30), (30, 20))
    days = [
        link(number, serial=None, opening_pence=opens, closing_pence=closes) for number, (opens, closes) in enumerate(sums, 1)
    ]
    assert chains.reach(days)[:2] == (ON + timedelta(days=3), None)
    assert chains.reach([days[0], days[2]])[:2] == (ON + timedelta(days=1), (False, "£0.10"))


def test_lines_are_cut_to_what_one_entry_holds() -> None:
    lines = [Line(number=number, pence=1, on=ON, told=Told(reference="x" * 500)) for number in range(200)]
    parts = money_in.cut(lines)
    assert [line for part in parts for line in part] == lines
    assert max(len(part) for part in parts) < 50
    assert money_in.cut([]) == []

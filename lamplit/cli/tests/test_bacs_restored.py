"""Missed on 1 July while the main system was lost, paid at a shop on 4 July, and that file comes after the restore."""

from datetime import UTC, date, datetime

import psycopg
import pytest

from lamplit.basics.refusal import Refused
from lamplit.cli.tests.collecting import AT, ONE, OTHER, by_direct_debit, files_to, hers, run_of, sent
from lamplit.config import place, proofs
from lamplit.config.wiring import wiring
from lamplit.exchange import money
from lamplit.exchange.bank.mapping import read_layout
from lamplit.exchange.tests.test_money import ALLPAY, card, give_numbers
from lamplit.reactions import chasing, sampling
from lamplit.reactions import debits as jobs
from lamplit.reactions import rent as renting
from lamplit.reactions.tests import working
from lamplit.record.encode import Codec
from lamplit.record.verify import check_proof_file
from lamplit.rent import actions, facts, queries
from tests import cast
from tests.losing import make_anew

RUTH, JUNE, JULY = cast.RUTHS_TENANCY, date(2026, 6, 1), date(2026, 7, 1)
OF_ARREARS = {"rent_text", "rent_letter_1", "rent_letter_2"}


def at(month, day, hour=10):
    return datetime(2026, month, day, hour, 0, tzinfo=UTC)


def charged(first, moment):
    run = actions.prepare_charges(frequency="monthly", from_on=first, by=ONE, at=moment, command=f"t:charge:{first}")
    actions.release_charges(run=run, by=OTHER, at=moment, command=f"t:charge:{first}:yes")
    renting.charge(run, moment, lambda *_: None)


def test_nothing_is_collected_she_has_a_receipt_and_no_letter(bank, installed, back, tmp_path):
    give_numbers(by=ONE, at=AT, command="t:numbers")
    by_direct_debit(bank, tmp_path)
    term = [facts.Term(charge="rent", pence=40_000)]
    actions.set_terms(account=RUTH, from_on=JUNE, frequency="monthly", terms=term, by=ONE, at=AT, command="t:terms")
    charged(JUNE, at(5, 29))
    sent(bank, run_of(JUNE, at(5, 27)), at(5, 27), tmp_path)
    jobs.post_due(at(6, 1, 6))
    charged(JULY, at(6, 30))
    assert queries.owes(RUTH).rent == 40_000
    # The main system is lost before July's file goes, and comes back on 1 July.
    installed.publish()
    make_anew(installed)
    back()
    working.follow(installed, at=at(7, 1))
    assert jobs.look_for_missed(at(7, 1)) == 1
    jobs.look_for_missed(at(7, 3))
    assert (hers(JULY).state, hers(JULY).told) == ("missed", "tell_today"), "files are out: nothing is said, nothing collected"
    # On 6 July the card firm's file is there: she had paid at a shop on the 4th.
    path = tmp_path / "paid_0001.csv"
    path.write_text(card("04/07/2026,400.00,0070012345,CASH"))
    taken = money.take_in(path, money.Order(source="allpay", user="x", layout=read_layout(ALLPAY)), at(7, 6), lambda *_: None)
    assert [file.posted for file in taken.done] == [1]
    files_to(date(2026, 7, 6), at(7, 6))
    jobs.look_for_missed(at(7, 6))
    assert (hers(JULY).state, hers(JULY).told, queries.owes(RUTH).rent) == ("closed", "closed", 0)
    for day in (8, 9, 10):
        with pytest.raises(Refused, match=r"rent\.nothing_to_collect"):
            actions.prepare_debits(entry_on=date(2026, 7, day), by=ONE, at=at(7, 6), command=f"t:late:{day}")
    # A receipt that stands without us.
    (line,) = [line for line in queries.payments_of(RUTH) if line.source == "card"]
    entry = actions.receipt_payment(line=line.id, account=RUTH, by=cast.BY_RUTH, at=at(7, 6), command="t:receipt")
    installed.publish()
    shown = proofs.proof_of(entry, (), at(7, 6), at(7, 6))
    assert check_proof_file(shown.proved.file.format(), installed.key.vkey).ok
    assert b'"pence":40000' in shown.proved.entry
    # And nobody chases her: not this night, nor two weeks on.
    with psycopg.connect(installed.conninfo("reader"), autocommit=True) as reader:
        for day in (7, 20):
            files_to(date(2026, 7, day), at(7, day, 2))
            chasing.look_tonight(sampling.Record(reader, Codec(place.origin()), wiring()), at(7, day, 4))
            assert chasing.take_steps(at(7, day)) == 0
    working.follow(installed, at=at(7, 20))
    said = {message.template for message in working.messages()}
    assert "debit_missed" in said
    assert not said & OF_ARREARS
    assert queries.self_check() == []

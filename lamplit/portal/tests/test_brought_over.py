"""A repair that came over from an old system, as its tenant reads it."""

from datetime import timedelta
from typing import Any

from lamplit.basics.brought import by_file
from lamplit.basics.clock import now
from lamplit.config.speaking import marked
from lamplit.homes import actions as homes
from lamplit.people import actions as people
from lamplit.portal.tests.scene import come_in
from lamplit.portal.tests.test_report import text_of
from lamplit.portal.words import once
from lamplit.repairs import queries
from lamplit.repairs.actions import HistoryRow, RepairRow, import_history, import_repairs
from lamplit.tenancies import actions as tenancies


def bring(action: Any, *rows: Any) -> None:
    brought = action(rows=list(rows), rehearse=False, by=by_file("tester"), at=now(), command=f"file:{action.__name__}")
    assert brought.refused == []


def test_she_reads_what_the_old_system_knew_where_the_file_says_so(portal):
    began, reported = (now() - timedelta(days=400)).date(), now() - timedelta(days=3)
    bring(homes.import_homes, homes.HomeRow(line=2, reference="P1", address=["7 Tallow Lane", "Lampton"], postcode="ZZ2 1CD"))
    bring(people.import_people, people.PersonRow(line=2, reference="C1", name="Wanda Brightwell"))
    lives = {"role": "tenant", "tenure": "assured", "started_on": began}
    bring(tenancies.import_tenancies, tenancies.TenancyRow(line=2, tenancy="T1", home="P1", person="C1", **lives))
    bring(people.import_contacts, people.ContactRow(line=2, person="C1", channel="text", value="07700900123"))
    fan = {"home": "P1", "person": "C1", "priority": "urgent", "state": "open", "reported_at": reported}
    bring(import_repairs, RepairRow(line=2, reference="R1", says="The fan is loud", **fan))
    bring(
        import_history,
        HistoryRow(line=2, repair="R1", happened_at=now() - timedelta(days=2), event="visit", says="Filter cleaned", shown=True),
        HistoryRow(line=3, repair="R1", happened_at=now() - timedelta(days=2), says="Do not promise a day"),
    )
    [line] = [line for line in queries.queue(now=now()) if line.title == "The fan is loud"]
    page = text_of(come_in("07700 900123").get(f"/repairs/{line.id}"))
    assert "From our old system" in page
    assert "Visit: Filter cleaned" in page
    told = page[page.index("You told us") : page.index("Work was ordered")]
    assert told.count("The fan is loud") == 1, "its words are its title: " + told
    assert "Do not promise" not in page, "it was written for colleagues"
    assert "We added a note" not in page


def test_what_it_is_about_and_her_words_are_said_once_where_one_holds_the_other():
    long = "The fan in the bathroom is loud and it smells of something that burns"
    assert once("Kitchen tap drips", "Kitchen tap drips.") == "Kitchen tap drips."
    assert once("The fan in the bathroom is loud and…", long) == long
    assert once(marked("Tap drips in the kitchen"), "tap drips") == marked("Tap drips in the kitchen")
    assert once("A leak", "Water drips") == "A leak. Water drips"
    assert (once("A leak", None), once(None, "It drips"), once(None, None)) == ("A leak", "It drips", None)

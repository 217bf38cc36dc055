"""What came over from an old system, on the desk: its pages open, and a repair goes on like any other."""

import io
from datetime import timedelta

import pypdf

from lamplit.basics.brought import by_file
from lamplit.basics.clock import now
from lamplit.desk.tests.scene import words_of
from lamplit.exchange.cells import moment
from lamplit.homes import actions as homes
from lamplit.people import actions as people
from lamplit.repairs import queries
from lamplit.repairs.actions import HistoryRow, RepairRow, import_history, import_repairs, retriage_repair
from lamplit.tenancies import actions as tenancies


def bring(action, *rows, count=[0]):  # noqa: B006 - counts over calls: each is a command of its own
    count[0] += 1
    brought = action(rows=list(rows), rehearse=False, by=by_file("tester"), at=now(), command=f"file:test:{count[0]}")
    assert brought.refused == []


def test_pages_of_what_came_over_open_and_a_repair_goes_on(scene, desk):
    began = (now() - timedelta(days=400)).date()
    bring(homes.import_homes, homes.HomeRow(line=2, reference="P1", address=["7 Tallow Lane", "Lampton"], postcode="ZZ2 1CD"))
    bring(people.import_people, people.PersonRow(line=2, reference="C1", name="Wanda Brightwell"))
    row = tenancies.TenancyRow(line=2, tenancy="T1", home="P1", person="C1", role="tenant", tenure="assured", started_on=began)
    bring(tenancies.import_tenancies, row)
    bring(people.import_contacts, people.ContactRow(line=2, person="C1", channel="text", value="07700900123"))
    old = {"home": "P1", "person": "C1", "priority": "urgent"}
    bring(
        import_repairs,
        RepairRow(
            line=2, reference="R1", state="open", says="Damp on the bedroom wall", reported_at=now() - timedelta(days=3), **old
        ),
        RepairRow(
            line=3, reference="R2", state="completed", says="Tap drips", reported_at=now() - timedelta(days=90),
            over_at=now() - timedelta(days=80), did="New washer", **old,
        ),
    )  # fmt: skip
    [line] = [line for line in queries.queue(now=now()) if line.title == "Damp on the bedroom wall"]
    lead, damp = desk("lead"), queries.repair(line.id)
    told = {"repair": "R1", "happened_at": now() - timedelta(days=2), "event": "visit"}
    bring(
        import_history,
        HistoryRow(line=2, says="Two coats of paint", who="J Reed, plasterer", **told),
        HistoryRow(line=3, says="Filter cleaned", shown=True, **told),
    )
    [tap] = [row.repair for row in queries.home_history(damp.home) if row.repair.id != damp.id]
    assert "Damp on the bedroom wall" in words_of(lead, "/desk/")
    page = words_of(lead, f"/desk/repairs/{damp.id}")
    assert "Reported (from the old system)" in page
    assert "Wanda Brightwell" in page
    assert "Visit, J Reed, plasterer: Two coats of paint" in page
    assert "the old system" in page
    assert "keeper" not in page
    assert "New washer" in words_of(lead, f"/desk/repairs/{tap.id}")
    assert "7 Tallow Lane" in words_of(lead, f"/desk/homes/{damp.home}")
    assert "Tap drips" in words_of(lead, f"/desk/people/{damp.reporter}")
    retriage_repair(repair=damp.id, why="A child sleeps there", by=by_file("tester"), at=now(), command="test:triage")
    assert queries.repair(damp.id).live


def test_a_day_without_a_time_is_a_day_and_what_was_cancelled_before_was_cancelled(scene, desk):
    bring(homes.import_homes, homes.HomeRow(line=2, reference="P1", address=["7 Tallow Lane"], postcode="ZZ2 1CD"))
    bring(people.import_people, people.PersonRow(line=2, reference="C1", name="Wanda Brightwell"))
    old = {"home": "P1", "person": "C1", "priority": "urgent", "says": "Tap drips"}
    began, over = moment("2026-03-02"), moment("2026-03-09")
    bring(
        import_repairs,
        RepairRow(line=2, reference="R1", state="cancelled", reported_at=began, over_at=over, **old),
        RepairRow(line=3, reference="R2", state="completed", reported_at=began, over_at=moment("2026-03-09 08:40"), **old),
    )
    lead = desk("lead")
    cancelled, completed = (queries.by_old_reference(one) for one in ("R1", "R2"))
    page = words_of(lead, f"/desk/repairs/{cancelled.id}")
    assert "Cancelled in the system before" in page
    assert "Closed by us" not in page
    assert "Monday 2 March Reported (from the old system)" in page
    assert "noon" not in page
    assert "Monday 9 March, 8:40am" in words_of(lead, f"/desk/repairs/{completed.id}")
    assert "Completed in the system before" in words_of(lead, f"/desk/repairs/{completed.id}")
    person = words_of(lead, f"/desk/people/{cancelled.reporter}")
    assert "Monday 9 March Tap drips: Cancelled in the system before" in person
    assert "noon" not in person
    assert "Cancelled in the system before on 9 March 2026." in words_of(lead, f"/desk/homes/{cancelled.home}")
    entry = queries.case(cancelled.id, now=now()).timeline[0].id
    assert "When it happened 2 March 2026 When" in words_of(lead, f"/desk/record/{entry}")
    assert "noon" not in paper_of(lead, cancelled.id)


def paper_of(client, repair):
    pdf = pypdf.PdfReader(io.BytesIO(client.get(f"/desk/repairs/{repair}/story").content))
    return " ".join(page.extract_text() for page in pdf.pages)


def test_the_search_box_finds_what_the_system_before_calls_things(scene, desk):
    began = (now() - timedelta(days=400)).date()
    address = ["7 Tallow Lane", "Lampton"]
    bring(homes.import_homes, homes.HomeRow(line=2, reference="PROP/17", address=address, postcode="ZZ2 1CD", uprn="417"))
    bring(people.import_people, people.PersonRow(line=2, reference="90017", name="Wanda Brightwell"))
    bring(
        tenancies.import_tenancies,
        tenancies.TenancyRow(
            line=2, tenancy="TEN-17", home="PROP/17", person="90017", role="tenant", tenure="assured", started_on=began
        ),
    )
    told = {"reported_at": now() - timedelta(days=3), "home": "PROP/17", "person": "90017", "priority": "urgent"}
    bring(import_repairs, RepairRow(line=2, reference="JOB17", state="open", says="Damp on the wall", **told))
    lead = desk("lead")

    def found(text):
        return " ".join(lead.post("/desk/search", {"q": text}).content.decode().split())

    assert "number in the system before: PROP/17" in found("prop/17")
    assert "7 Tallow Lane" in found("prop/17")
    assert "number in the system before: 90017" in found("90017")
    assert "Wanda Brightwell" in found(" 90017 ")
    assert "name: Wanda Brightwell. Lives at 7 Tallow Lane, Lampton, ZZ2 1CD" in found("brightwell")
    assert "(the home&#39;s number in the system before)" in found("prop/17"), found("prop/17")
    assert "tenancy number in the system before: TEN-17" in found("ten-17")
    assert "number in the system before JOB17" in found("job17")
    assert "UPRN: 417" in found("417")
    assert "UPRN" not in found("000000").partition("<main")[2].partition("Find</button>")[2]
    assert "number in the system before" not in found("prop/1")
    [line] = [line for line in queries.queue(now=now()) if line.title == "Damp on the wall"]
    assert "Number in the system before: JOB17" in words_of(lead, f"/desk/repairs/{line.id}")
    home = queries.repair(line.id).home
    assert "number in the system before: PROP/17" in words_of(lead, f"/desk/homes/{home}")
    assert "number in the system before: 90017" in words_of(lead, f"/desk/people/{queries.repair(line.id).reporter}")

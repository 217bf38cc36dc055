"""The queue, the search box, the board, and the bar of troubles."""

from datetime import timedelta

from lamplit.basics.clock import now
from lamplit.complaints import actions as complaints
from lamplit.desk.tests import story
from lamplit.desk.tests.scene import give_reach, words_of
from lamplit.desk.views import queue as queues
from lamplit.messages import actions as messages
from lamplit.people import actions as people
from lamplit.people.facts import PersonNote
from tests import cast


def rows_on(client, path: str = "/desk/") -> list[str]:
    """Return the first words of each line of the queue, page after page."""
    import re

    found = []
    while path:
        page = client.get(path).content.decode()
        found += re.findall(r'lamp-q__what" href="[^"]*">([^<]*)<', page)
        after = re.search(r'href="(/desk/\?f=\w+&amp;after=[^"]+)"', page)
        path = after[1].replace("&amp;", "&") if after else ""
    return found


def test_one_queue_over_repairs_promises_and_complaints_in_the_order_in_which_they_run_out(scene, desk):
    story.open_firm()
    story.report("tap_drips")
    story.report("electric_unsafe", flags=["electric_danger"], room="hall")
    promised = {"channel": "call", "direction": "in", "said": "x", "person": cast.RUTH}
    story.do(messages.record_contact, **promised, promise="Ring today", promise_due_at=now() + timedelta(hours=2))
    story.do(complaints.make_complaint, channel="call", words="Nobody came.", person=cast.RUTH)
    rows = rows_on(desk("lead"))
    assert len(rows) == 4
    assert "electric" in rows[0].lower() or "socket" in rows[0].lower(), rows
    assert rows[1] == "Promise: Ring today"
    assert rows[2].startswith("Acknowledge complaint")
    assert len(rows_on(desk("planner"))) == 3


def test_pages_of_the_queue_show_every_line_once(scene, desk, monkeypatch):
    monkeypatch.setattr(queues, "ROWS", 3)
    story.open_firm()
    at = now() + timedelta(days=1)
    for number in range(8):
        contact = {"channel": "call", "direction": "in", "said": "x", "person": cast.RUTH}
        due = at + timedelta(hours=number // 2)  # two at a time run out together
        story.do(messages.record_contact, **contact, promise=f"Promise {number}", promise_due_at=due)
    for number in range(5):
        story.do(complaints.make_complaint, channel="call", words=f"Nobody came, {number}.", person=cast.RUTH)
    for room in ("kitchen", "hall", "loft"):
        story.report("tap_drips", room=room, separate=True)
    for path, count in (("/desk/", 16), ("/desk/?f=promises", 8), ("/desk/?f=complaints", 5)):
        rows = rows_on(desk("lead"), path)
        assert len(rows) == count, (path, rows)
        assert len(set(rows)) == len(rows) if "complaints" in path or "promises" in path else True


def test_each_filter_counts_what_it_shows(scene, desk):
    story.everything(scene)
    story.report("electric_unsafe", flags=["electric_danger"], room="hall")
    page = desk("lead").get("/desk/").content.decode()
    import re

    counts = dict(re.findall(r"\?f=(\w+)\"[^>]*><span>[^<]*</span> <span class=\"lamp-count\">(\d+)<", page))
    assert set(counts) == {name for name, _ in queues.FILTERS}
    for name, count in counts.items():
        assert len(rows_on(desk("lead"), f"/desk/?f={name}")) == int(count), name
    assert rows_on(desk("lead"), "/desk/?f=nonsense") == rows_on(desk("lead"))
    assert rows_on(desk("lead"), "/desk/?after=nonsense~~~") == rows_on(desk("lead"))


def test_a_line_says_who_is_at_risk_which_clock_and_who_has_it(scene, desk):
    story.open_firm()
    about = PersonNote(what="need", code="oxygen", source="She said so")
    story.do(people.note_person, person=cast.RUTH, about=about)
    story.report("electric_unsafe", flags=["electric_danger"])
    page = words_of(desk("lead"), "/desk/")
    assert "oxygen" in page
    assert "nobody yet" in page


def test_the_queue_does_not_ask_more_questions_for_more_lines(scene, desk):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    story.open_firm()
    story.report("tap_drips")
    client, counts = desk("lead"), []
    client.get("/desk/")
    for rooms in (("hall",), ("loft", "toilet", "bedroom", "outside", "bathroom")):
        for room in rooms:
            story.report("tap_drips", room=room, separate=True)
            contact = {"channel": "call", "direction": "in", "said": "x", "person": cast.RUTH, "home": cast.RUTHS_HOME}
            story.do(messages.record_contact, **contact, promise="Ring", promise_due_at=now() + timedelta(days=1))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get("/desk/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_everybody_begins_where_her_work_is(scene, desk):
    assert desk("planner").get("/desk/").status_code == 200
    assert desk("operative").get("/desk/")["Location"] == "/desk/visits"
    assert desk("contractor").get("/desk/")["Location"] == "/desk/visits"
    assert desk("admin").get("/desk/")["Location"] == "/desk/staff"


def test_the_search_box_finds_by_everything_and_says_why(scene, desk):
    made = story.everything(scene)
    story.do(people.correct_person, person=cast.OTTO, name="Otto Finch", known_as="Birdie", why="He asked")
    give_reach(cast.RUTH, "ruth@home.example", "email")
    reference = words_of(desk("lead"), f"/desk/repairs/{made['repair']}").split("M-", 1)[1][:9]
    complaint = words_of(desk("lead"), f"/desk/complaints/{made['complaint']}").split("Complaint ", 1)[1].split()[0]
    for text, found, why in (
        ("adeyemi", "Ruth Adeyemi", "name"),
        ("birdie", "Otto Finch", "Birdie"),
        ("07700 900005", "Ruth Adeyemi", "telephone number: 07700 900005"),
        ("0005", "Ruth Adeyemi", "telephone number"),
        ("RUTH@home.example", "Ruth Adeyemi", "e-mail address"),
        ("zz11aa", "5 Ember Rise", "postcode"),
        ("5 ember", "Ruth Adeyemi", "Tenant at 5 Ember Rise"),
        ("Ruth Adeyemi 5 Ember Rise", "Ruth Adeyemi", "(name and address)"),
        ("5 ember rise, adeyemi", "Ruth Adeyemi", "(name and address)"),
        ("999000000005", "5 Ember Rise", "UPRN"),
        (f"m {reference.replace('-', '').lower()}", "M-" + reference, "number"),
        (complaint.lower(), complaint, "made on"),
        (cast.RUTH, "Ruth Adeyemi", "number"),
    ):
        page = words_of(desk("lead"), "/desk/search", text)
        assert found in page, text
        assert why in page, text
    assert "Nothing matches" in words_of(desk("lead"), "/desk/search", "zzzzzz")
    assert "Complaint C" not in words_of(desk("planner"), "/desk/search", complaint)


def test_a_search_in_which_one_name_is_wrong_says_so(scene, desk):
    for text, why in (("rut adeyumi", "spelt nearly so: Ruth"), ("rafe adeyemi", "one name is like it, another differs: Ruth"),
                      ("roth adeyami", "Ruth")):  # fmt: skip
        page = words_of(desk("lead"), "/desk/search", text)
        assert "Ruth Adeyemi" in page, text
        assert why in page, text
        assert ("the first name may differ" in page) == ("another differs" in why), text
    assert "Nothing matches" in words_of(desk("lead"), "/desk/search", "zzzz adzzzz")


def test_a_name_and_an_address_that_do_not_belong_together_are_shown_each_alone(scene, desk):
    page = words_of(desk("lead"), "/desk/search", "Tomasz Wolski, 5 Ember Rise")
    assert "Nobody of that name lives at that address by our records." in page
    for found in ("Tomasz Wolski name: tomasz wolski. Lives at 2 Ember Rise", "Ruth Adeyemi Tenant at 5 Ember Rise"):
        assert found.lower() in page.lower(), page
    assert "Nobody of that name" not in words_of(desk("lead"), "/desk/search", "Ruth Adeyemi 5 Ember Rise")
    assert "Nothing matches" in words_of(desk("lead"), "/desk/search", "Zzzz Zzzxq 77 Zzzq Row")


def test_the_board_opens_the_list_behind_each_figure(scene, desk):
    story.open_firm()
    story.report("tap_drips", at=now() - timedelta(days=40))
    page = words_of(desk("lead"), "/desk/board")
    assert "1 open repair by age" in page
    assert "tap" in words_of(desk("lead"), "/desk/board/open?from=28&to=90").lower()
    assert "Our promise: routine" in page
    assert "not yet" in words_of(desk("lead"), "/desk/board/missed?clock=target.routine")
    for wrong in ("open?from=x", "open?from=1&to=-5", "open?from=99999"):
        assert desk("lead").get(f"/desk/board/{wrong}").status_code == 404


def test_a_trouble_or_a_silent_process_stands_on_every_page(scene, desk, landlord):
    def say(name: str, trouble: str, ago: timedelta) -> None:
        with landlord.connect("sealer") as db:
            db.execute(
                "INSERT INTO record.loop (name, alive_at, trouble) VALUES (%s, %s, %s)"
                " ON CONFLICT (name) DO UPDATE SET alive_at = excluded.alive_at, trouble = excluded.trouble",
                [name, now() - ago, trouble],
            )

    assert "The sealer does not run" in words_of(desk("planner"), "/desk/search")
    for name in ("seal", "publish near", "worker"):
        say(name, "", timedelta(seconds=3))
    assert "Trouble behind the scenes" not in desk("planner").get("/desk/").content.decode()
    say("publish near", "The disk is full.", timedelta(seconds=3))
    assert "The publisher (near) is in trouble: The disk is full." in words_of(desk("operative"), "/desk/visits")
    say("worker", "", timedelta(minutes=10))
    assert "The worker was last heard of 10 minutes ago" in words_of(desk("admin"), "/desk/staff")

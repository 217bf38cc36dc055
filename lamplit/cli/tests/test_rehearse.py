"""`lamplit rehearse`, and the page on which a landlord that came back sees what is to be caught up with."""

import json
from datetime import timedelta

import pytest

from lamplit.basics.clock import now
from lamplit.desk.tests.scene import open_scene
from lamplit.desk.tests.story import do, open_firm, report
from lamplit.incidents import actions as incidents
from lamplit.incidents import queries
from lamplit.incidents.models import Comeback, Rehearsal, Rehearsed
from lamplit.messages import actions as messages
from lamplit.reactions import timers
from lamplit.repairs.queries import ran_out_between
from tests import cast
from tests.losing import make_anew


@pytest.fixture
def scene(installed):
    return open_scene()


def test_a_rehearsal_is_a_fact_and_names_what_differs(installed, scene, lamplit):
    open_firm()
    installed.publish()
    code, out, err = lamplit("rehearse", "--json")
    assert code == 0, err
    told = json.loads(out)
    assert (told["how"], told["holds"], told["differences"]) == ("nightly", True, 0)
    assert told["rows"] > 30
    with installed.connect("admin") as db:
        db.execute("UPDATE folded.home SET postcode = 'ZZ9 9ZZ' WHERE id = %s", [cast.RUTHS_HOME])
        db.execute("GRANT DELETE ON folded.home TO lamplit_app")
        code, out, err = lamplit("rehearse")
        assert code == 1
        assert f"home {cast.RUTHS_HOME} was changed" in err
        assert "2 things are not as the record says" in out
        db.execute("REVOKE DELETE ON folded.home FROM lamplit_app")
    assert lamplit("audit", "--repair")[0] == 0
    assert [row.holds for row in queries.rehearsals_of("nightly")] == [False, True]
    assert queries.last_rehearsed("nightly") == queries.rehearsals_of("nightly")[1].at  # a failed one is no success
    page = scene.browser("lead").get("/desk/board").content.decode()
    assert "Something differed" in page
    assert "the last one failed" in page
    installed.publish()


def test_its_absence_rings_once(installed, scene, lamplit):
    assert timers.ring_rehearsals(now() + timedelta(days=999)) == 0  # nothing is overdue before the first
    installed.publish()
    assert lamplit("rehearse")[0] == 0
    later = now() + timedelta(hours=37)
    assert timers.ring_rehearsals(now() + timedelta(hours=35)) == 0
    assert timers.ring_rehearsals(later) == 1
    assert timers.ring_rehearsals(later + timedelta(days=1)) == 0
    assert timers.ring_rehearsals(later + timedelta(days=100)) == 1  # the custodians' own
    assert set(Rehearsed.objects.exclude(rang_at=None).values_list("id", flat=True)) == {"nightly", "custodians"}


def test_what_custodians_did_on_a_clean_machine_counts_if_it_was_this_record(installed, scene, lamplit, back, tmp_path):
    open_firm()
    ago = now() - timedelta(days=25)
    promise = {"promise": "Ring her back", "promise_due_at": now() - timedelta(days=1)}
    call = {"channel": "call", "direction": "in", "said": "When?", "person": cast.RUTH, "home": cast.RUTHS_HOME}
    do(messages.record_contact, at=ago, **call, **promise)
    leak = report(at=ago).repair
    installed.publish()
    make_anew(installed)
    said = back()
    (tmp_path / "said.json").write_text(json.dumps(said))
    assert Comeback.objects.get().last_at is not None
    by = ("--by", f"Ada Brook={tmp_path / 'custodian'}")
    assert lamplit("rehearse", "--report", str(tmp_path / "said.json"))[0] == 2
    assert lamplit("rehearse", "--report", str(tmp_path / "said.json"), *by)[0] == 0
    row = Rehearsal.objects.get()
    assert (row.how, row.who, row.holds) == ("custodians", "Ada Brook", True)
    (tmp_path / "other.json").write_text(json.dumps(said | {"root": "00" * 32}))
    code, _, err = lamplit("rehearse", "--report", str(tmp_path / "other.json"), *by)
    assert (code, "is not this record" in err) == (1, True)
    _page_of_what_ran_out(scene, leak)
    assert lamplit("owed", "--release")[0] == 0
    installed.publish()
    assert any(b'"kind":"owed.released"' in raw for raw in installed.entries())


def _page_of_what_ran_out(scene, leak):
    told = {"says": "Our systems are down.", "kinds": ["services_down"], "drill": False}
    do(incidents.open_incident, next_at=now() + timedelta(hours=2), aware_at=now() - timedelta(days=24), **told)
    rows = ran_out_between(now() - timedelta(days=24), now())
    assert leak in {repair.id for _, repair in rows}
    ours = [clock.code.startswith("target.") for clock, _ in rows]
    assert ours == sorted(ours)
    page = scene.browser("lead").get("/desk/incident/back").content.decode()
    for words in (
        "The record came back",
        "Messages that wait for a person",
        "Normal service",
        "custodians",
        "Ruth Adeyemi",
        "Ring her back",
        "Nobody can say up to when payments are known",
        "What tenants told us of their rent",
    ):
        assert words in page
    assert scene.browser("planner").get("/desk/incident/back").status_code == 403

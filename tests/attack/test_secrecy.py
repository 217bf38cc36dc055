"""Whoever steals the published store and no key reads nobody's words, and cannot list who has a need, a marker or a complaint.

The thief here knows more than a real one: of four pseudonyms in five he is told the truth, and guesses the fifth.
What he may still learn stands in docs/decisions/0004-one-kind-of-note.md, and is measured here too.
"""

import random
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from lamplit.basics import who
from lamplit.cli.seed.plan import cut, make_sites
from lamplit.cli.seed.write import Landlord as MadeUp
from lamplit.cli.seed.write import write_batch
from lamplit.complaints import actions as complaints
from lamplit.complaints.models import Complaint
from lamplit.config.wiring import wiring
from lamplit.messages import actions as messages
from lamplit.people import actions as people
from lamplit.people.facts import PersonNote
from lamplit.people.models import PersonNote as NoteRow
from lamplit.reactions.tests.working import follow
from lamplit.rent import actions as rent
from lamplit.rent import queries as rent_queries
from lamplit.rent.rules.ladder import steps_file
from lamplit.repairs.models import Repair
from lamplit.tenancies.models import Member
from tests.attack import thief
from tests.landlord import Landlord

pytestmark = [pytest.mark.attack, pytest.mark.slow, pytest.mark.timeout(600)]
HOMES, YEARS = 200, 2
NOW = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
STAFF = who.staff("s_desk0000000000000000")
LONG = "He rings at night, and she has asked us to write to her sister's address and never to leave a card. " * 4
HASTE = 0.66  # how well deadlines, which stand in clear, tell a household's needs: known, and said in the decision


class Town:
    """A seeded landlord, and on top of it what people told us yesterday, in no order: some of it worth hiding."""

    def __init__(self, landlord: Landlord) -> None:
        self.landlord = landlord
        made_up = MadeUp(HOMES, YEARS, 1, NOW, NOW - timedelta(days=365 * YEARS + 1))
        batches = cut(make_sites(HOMES, 1))
        for number in range(len(batches)):
            write_batch(made_up, number, batches)
        reporters = sorted({row for row in Repair.objects.values_list("reporter", flat=True) if row})
        dice = random.Random(2)  # noqa: S311 - for tests, never a secret
        dice.shuffle(reporters)
        self.restricted, self.complained, rest = set(reporters[:40]), set(reporters[40:80]), reporters[80:160]
        self._tell(dice, [*reporters[:80], *rest])
        self._look_at_rent(dice)
        self.needy = {row.person for row in NoteRow.objects.all() if row.about["what"] == "need"}
        self.reporters = set(reporters)
        landlord.publish()
        self.log = thief.entries(landlord.store)

    def _tell(self, dice: random.Random, everyone: list[str]) -> None:
        """Each person tells us one thing; what it is, only the content says. Reactions follow as they come."""
        dice.shuffle(everyone)
        for n, person in enumerate(everyone):
            told: dict[str, Any] = {"by": STAFF, "at": NOW + timedelta(seconds=37 * n), "command": f"form:{n:08}"}
            if person in self.restricted:
                about = PersonNote(what="restricted", code="abuse", source="herself", says=LONG, changes="Ask her first")
                people.note_person(person=person, about=about, **told)
            elif person in self.complained:
                made = complaints.make_complaint(channel="call", words=LONG, person=person, **told)
                if n % 2:
                    given = told | {"command": f"form:given:{n:08}"}
                    complaints.assign_complaint(complaint=made.complaint, owner=STAFF.id, **given)
            elif n % 2:
                about = PersonNote(what="preference", code="format", value="large print")
                people.note_person(person=person, about=about, **told)
            else:
                messages.record_contact(channel="call", direction="in", said=LONG, person=person, **told)
            if n % 16 == 0:
                follow(self.landlord, told["at"])

    def _look_at_rent(self, dice: random.Random) -> None:
        """On accounts that are behind somebody considers needs, or looks at what else holds a step."""
        for n, account in enumerate(rent_queries.account_ids()[:60]):
            at = NOW + timedelta(hours=3, seconds=41 * n)
            told: dict[str, Any] = {"account": account, "words": LONG, "by": STAFF, "at": at, "command": f"form:rent:{n:04}"}
            day = at.date() + timedelta(days=dice.randrange(3, 60))
            if n % 2:
                rent.consider_needs(review_on=day, **told)
            else:
                rent.look_at_hold(code=dice.choice(sorted(steps_file().hold)), review_on=day, **told)

    def known(self, letter: str) -> dict[str, thief.Features]:
        return {name: one.features() for name, one in thief.dossiers(self.log, letter).items()}


@pytest.fixture(scope="module")
def town(shared_landlord: Landlord) -> Town:
    return Town(shared_landlord)


def personal_values(landlord: Landlord) -> set[str]:
    """Return every text that any personal column holds, down to the leaves of structured ones."""
    found: set[str] = set()
    with landlord.connect("owner") as db:
        for table in wiring().tables.values():
            for column in table.personal:
                for (value,) in db.execute(f'SELECT DISTINCT "{column.name}" FROM folded.{table.name}'):
                    found.update(_leaves(value, column.type))
    return found


def _leaves(value: str | None, kind: str) -> Iterator[str]:
    if value is None:
        return
    if kind == "json":
        yield from _strings(msgspec.json.decode(value))
    else:
        yield value


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def names_somebody(text: str) -> bool:
    """Whether a text is of somebody: words, a number, an address. Bare codes (`leak_pipe`, `email`) stand in the manual too."""
    return len(text) >= 5 and (" " in text or "@" in text or text.startswith("+") or not text.isascii())


def grep(wanted: set[str], haystack: Path) -> list[str]:
    """Return which of many texts stand in a file, byte for byte or as JSON escapes them."""
    needles = haystack.with_suffix(".needles")
    spelt = {one.split("\n")[0].encode() for one in wanted} | {msgspec.json.encode(one)[1:-1] for one in wanted}
    needles.write_bytes(b"\n".join(sorted(spelt)))
    command = ["grep", "-a", "-o", "-F", "-f", str(needles), str(haystack)]
    done = subprocess.run(command, capture_output=True, env={"LC_ALL": "C"}, check=False)
    assert done.returncode in (0, 1), done.stderr
    return sorted({line.decode(errors="replace") for line in done.stdout.splitlines()})


def test_no_word_of_anybody_can_be_read(town: Town, tmp_path: Path) -> None:
    wanted = {text for text in personal_values(town.landlord) if names_somebody(text)}
    assert len(wanted) > 2_000
    haystack = tmp_path / "haystack"
    with haystack.open("wb") as file:
        for _, data in thief.every_byte(town.landlord.store):
            file.write(data + b"\n")
    assert haystack.stat().st_size > 10_000_000
    assert grep(wanted, haystack) == []
    with haystack.open("ab") as file:  # and it would have been found
        file.write(sorted(wanted)[7].encode())
    assert len(grep(wanted, haystack)) == 1


def test_all_notes_of_people_look_alike(town: Town) -> None:
    noted = [entry for entry in town.log if entry["kind"] == "person.noted"]
    shapes = {
        (given, len(sealed), tuple(entry["body"]), entry["by"].partition(":")[0] in ("cli", "staff"))
        for entry in noted
        for _, given, sealed in entry["sealed"].values()
    }
    assert len(noted) > 400
    assert len(shapes) == 1


def test_that_needs_were_considered_looks_like_any_look_at_a_hold(town: Town) -> None:
    looks = [entry for entry in town.log if entry["kind"] == "hold.looked_at"]
    shapes = {
        (given, len(sealed), tuple(entry["body"]), tuple(entry["subjects"]) == (entry["body"]["account"],), len(entry["command"]))
        for entry in looks
        for _, given, sealed in entry["sealed"].values()
    }
    assert len(looks) == 60
    assert len(shapes) == 1, shapes
    assert not [entry for entry in town.log if entry["kind"] == "needs.considered"]
    days = {(entry["body"]["review_on"], n % 2) for n, entry in enumerate(looks)}
    assert len(days) > 20, "a day that is always so far off would tell"


def test_nothing_about_a_complaint_names_anybody(town: Town) -> None:
    about = set(Complaint.objects.values_list("id", flat=True))
    entries = [entry for entry in town.log if about & {*entry["subjects"], *map(str, entry["body"].values())}]
    kinds = {entry["kind"] for entry in entries}
    assert {"complaint.made", "complaint.assigned", "message.ordered"} <= kinds, kinds
    for entry in entries:
        named = {one[:2] for one in [*entry["subjects"], *map(str, entry["body"].values()), entry["by"].partition(":")[2]]}
        assert not named & {"p_", "h_", "t_", "r_", "b_"}, entry
    commands = defaultdict(set)
    for entry in town.log:
        commands[entry["command"]].add(entry["kind"].partition(".")[0])
    beside = [kinds for command, kinds in commands.items() if "complaint" in kinds and not command.startswith("seed:")]
    assert beside
    assert all(kinds == {"complaint"} for kinds in beside)


def guesses(known: dict[str, thief.Features], marked: Callable[[str], bool]) -> None:
    """He must do no better than chance does in a thousand tries."""
    good = sum(map(marked, known))
    limit = 0.5 + thief.margin(good, len(known) - good)
    found = thief.area(thief.guess(known, marked), marked)
    assert found < limit, (found, limit, thief.most_telling(known, marked))


def test_he_cannot_list_who_has_a_need(town: Town) -> None:
    guesses(town.known("p"), town.needy.__contains__)


def test_he_cannot_list_who_has_a_restricted_marker(town: Town) -> None:
    """Among those of whom something was noted yesterday: that something was noted, he sees."""
    lately = {e["body"]["person"] for e in town.log if e["kind"] == "person.noted" and e["by"] == str(STAFF)}
    guesses({name: told for name, told in town.known("p").items() if name in lately}, town.restricted.__contains__)


def test_he_cannot_list_who_complained(town: Town) -> None:
    """Among those who reported a repair at some time and of whom he saw nothing yesterday: forty of them complained then."""
    seen = {subject for entry in town.log if entry["by"] == str(STAFF) for subject in entry["subjects"]}
    known = {name: told for name, told in town.known("p").items() if name in town.reporters - seen}
    assert town.complained < set(known)
    guesses(known, town.complained.__contains__)


def test_the_moment_does_not_tell_who_complained(town: Town) -> None:
    """Whoever is named next to a complaint, in place or in time, is no likelier to be who made it."""
    places: dict[str, list[tuple[int, str]]] = {
        name: [(idx, entry["at"]) for idx, entry in one.entries] for name, one in thief.dossiers(town.log, "p").items()
    }
    made = {e["body"]["complaint"]: (idx, e["at"]) for idx, e in enumerate(town.log) if e["kind"] == "complaint.made"}
    ranks = []
    for row in Complaint.objects.all():
        idx, at = made[row.id]
        apart = {
            name: (min(_apart(at, then) for _, then in found), min(abs(idx - n) for n, _ in found))
            for name, found in places.items()
        }
        ranks.append(sum(one < apart[row.person] for one in apart.values()) / len(apart))
    mean, stray = sum(ranks) / len(ranks), 3.3 * (1 / 12 / len(ranks)) ** 0.5
    assert abs(mean - 0.5) < stray, (mean, stray)


def _apart(one: str, other: str) -> timedelta:
    return abs(datetime.fromisoformat(one) - datetime.fromisoformat(other))


def test_what_deadlines_tell_of_needs_is_what_we_say_it_is(town: Town) -> None:
    living: dict[str, set[str]] = defaultdict(set)
    for row in Member.objects.all():
        living[row.tenancy].add(row.person)
    scores = thief.haste(town.log)
    found = thief.area(scores, lambda household: bool(living[household] & town.needy))
    assert found < HASTE, found


def test_a_thief_would_see_what_is_not_hidden() -> None:
    """He finds one bit in a thousand that does tell, so that his silence above means something."""
    dice = random.Random(5)  # noqa: S311 - for tests, never a secret
    marked = {f"p_{n}" for n in range(300) if dice.random() < 0.2}
    known = {f"p_{n}": {f"f{k}": str(dice.randrange(3)) for k in range(200)} for n in range(300)}
    for name in marked:
        if dice.random() < 0.5:
            known[name]["size"] = "2"
    with pytest.raises(AssertionError):
        guesses(known, marked.__contains__)

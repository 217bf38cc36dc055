"""An entry's bytes: canonical, complete, sealed where personal; anything else is refused in plain words."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, Any

import msgspec
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lamplit.basics.fact import ERASED, WITHHELD, Clear, Fact, Id, Key, Personal, Unavailable, fact
from lamplit.complaints.facts import ComplaintMade
from lamplit.people.facts import PersonNote, PersonNoted, PersonRecorded
from lamplit.record.crypt import new_key
from lamplit.record.encode import BadEntry, Codec, clean, withhold

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CODEC = Codec("test.example/record")


class Ring:
    """Keys in memory."""

    def __init__(self) -> None:
        self.keys: dict[str, AESGCM | Unavailable] = {}

    def sealing_key(self, subject: str, key_class: str) -> tuple[str, AESGCM]:
        name = f"{subject}.{key_class}"
        key = self.keys.setdefault(name, AESGCM(new_key()))
        assert isinstance(key, AESGCM)
        return name, key

    def opening_key(self, key_id: str) -> AESGCM | Unavailable:
        return self.keys.get(key_id, WITHHELD)


def encode(what: Fact, ring: Ring, codec: Codec = CODEC, by: str = "staff:s_1") -> bytes:
    return codec.encode(what, ring, id="e_1", at=AT, recorded_at=AT, by=by, command="form:1")


def test_it_reads_what_it_wrote() -> None:
    ring, person = Ring(), PersonRecorded(person="p_1", name="Zoë O’Hara", known_as="Zo")
    entry = CODEC.decode(encode(person, ring), ring)
    assert (entry.body, entry.by, entry.at, entry.subjects) == (person, "staff:s_1", AT, ["p_1"])


def test_nothing_personal_stands_in_the_bytes() -> None:
    raw = encode(PersonRecorded(person="p_1", name="Zoë O’Hara"), Ring())
    assert b"Hara" not in raw
    assert b"name" not in raw


def test_without_the_key_only_what_was_given_is_marked() -> None:
    ring = Ring()
    raw = encode(PersonRecorded(person="p_1", name="Zoë"), ring)
    withheld = CODEC.decode(raw, Ring()).body
    assert (withheld.name, withheld.known_as) == (WITHHELD, None)
    ring.keys["p_1.contact"] = ERASED
    assert CODEC.decode(raw, ring).body.name is ERASED
    entry = CODEC.clear(raw)
    withhold(entry)
    assert entry.body.name is WITHHELD


def test_who_complains_is_sealed() -> None:
    ring = Ring()
    made = ComplaintMade(complaint="k_1", reference="M-1", acknowledge_by_on=AT.date(), respond_by_on=AT.date(), person="p_1")
    raw = encode(made, ring, by="person:p_1")
    assert b"p_1" not in raw
    assert CODEC.clear(raw).by == "sealed"
    assert CODEC.decode(raw, ring).by == "person:p_1"
    assert CODEC.decode(raw, Ring()).by is WITHHELD  # type: ignore[comparison-overlap]


def test_a_need_and_a_preference_have_one_length() -> None:
    def size(note: PersonNote) -> int:
        return len(encode(PersonNoted(note="n_1", person="p_1", about=note), Ring()))

    need = PersonNote(what="need", code="oxygen", says="Oxygen at night", changes="Power first", source="told us")
    assert size(need) == size(PersonNote(what="preference", code="channel", value="text"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d.update(kind="person.unrecorded"), "unknown to this release"),
        (lambda d: d.update(version=9), "unknown to this release"),
        (lambda d: d["body"].update(extra=1), "unknown field"),
        (lambda d: d["body"].update(name="Zoë"), "stands in clear"),
        (lambda d: d["body"].pop("person"), "missing required field"),
        (lambda d: d.update(at="2026-11-23T09:00:00"), "times are in UTC"),
        (lambda d: d.update(at="2026-11-23T10:00:00+01:00"), "times are in UTC"),
        (lambda d: d["sealed"]["person.contact"].__setitem__(2, "AAAA"), "cannot be opened"),
        (lambda d: d["sealed"]["person.contact"].__setitem__(0, "p_2.contact"), "cannot be opened"),
        (lambda d: d["sealed"].update({"person.care": d["sealed"].pop("person.contact")}), "unknown field"),
    ],
)
def test_changed_bytes_are_no_entry(change: Any, said: str) -> None:
    ring = Ring()
    ring.sealing_key("p_2", "contact")
    content = msgspec.json.decode(encode(PersonRecorded(person="p_1", name="Zoë"), ring))
    change(content)
    with pytest.raises(BadEntry, match=said):
        CODEC.decode(msgspec.json.encode(content), ring)


@pytest.mark.parametrize(
    "spell",
    [
        lambda raw: raw + b" ",
        lambda raw: raw.replace(b":", b": ", 1),
        lambda raw: raw.replace(b'"p_1"', b'"\\u0070_1"', 1),
        lambda raw: raw.replace(b'"command":"form:1"', b'"command":"form:1","command":"form:1"', 1),
    ],
)
def test_another_spelling_is_no_entry(spell: Any) -> None:
    with pytest.raises(BadEntry):
        CODEC.clear(spell(encode(PersonRecorded(person="p_1", name="Zoë"), Ring())))


def test_a_sealed_part_cannot_move_to_another_log() -> None:
    ring = Ring()
    raw = encode(PersonRecorded(person="p_1", name="Zoë"), ring)
    with pytest.raises(BadEntry, match="cannot be opened"):
        Codec("other.example/record").decode(raw, ring)


@pytest.mark.parametrize("text", ["a\x00b", "a\x01b", "a\rb", "a\x7fb", "e\u0301", "\x01erased"])
def test_text_without_one_form_is_refused_and_can_be_cleaned(text: str) -> None:
    with pytest.raises(BadEntry):
        encode(PersonRecorded(person="p_1", name=text), Ring())
    encode(PersonRecorded(person="p_1", name=clean(text)), Ring())


def test_an_entry_has_a_longest_length() -> None:
    with pytest.raises(BadEntry, match="48,000"):
        encode(PersonRecorded(person="p_1", name="x" * 48_000), Ring())


def test_what_cannot_be_read_cannot_be_written() -> None:
    with pytest.raises(BadEntry, match="cannot be written"):
        encode(PersonRecorded(person="p_1", name=ERASED), Ring())  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [5, ["Zoë"], AT])
def test_a_personal_value_of_another_type_is_never_sealed(value: Any) -> None:
    """Sealed, nobody would see it until a rebuild stops at it."""
    with pytest.raises(BadEntry, match="not of its field's type"):
        encode(PersonRecorded(person="p_1", name=value), Ring())


def test_local_times_are_refused() -> None:
    with pytest.raises((BadEntry, ValueError)):
        CODEC.encode(
            PersonRecorded(person="p_1"),
            Ring(),
            id="e_1",
            at=AT.astimezone(timezone(timedelta(hours=1))),
            recorded_at=AT,
            by="job:x",
            command="form:1",
        )


def test_a_class_that_leaves_something_unsaid_is_refused() -> None:
    def define(**fields: Any) -> None:
        cls = type(
            "Bad", (Fact,), {"__annotations__": {"person": Id, **fields}, "__doc__": "It happened.", **dict.fromkeys(fields)}
        )
        fact("bad.done", 1, subjects=("person",))(cls)

    with pytest.raises(TypeError, match="say Clear"):
        define(name=str | None)
    with pytest.raises(TypeError, match="names one Key"):
        define(name=Personal[str])
    with pytest.raises(TypeError, match="no canonical form"):
        define(size=Annotated[float | None, Clear("why")])
    with pytest.raises(TypeError, match="no clear field"):
        define(name=Annotated[Personal[str], Key("nobody", "care")])

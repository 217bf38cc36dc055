import msgspec

from lamplit.people.facts import Mandate, PersonNote
from lamplit.record.tidy import tidy, tidy_lines, tidy_struct


def test_what_cannot_be_kept_is_left_out():
    assert tidy("  Zoe\u0301\x00\r\n ") == "Zo\u00e9"
    assert tidy(" \x07 ") is None
    assert tidy(None) is None
    assert tidy_lines(["1 Alder Row ", " ", "Harbour"]) == ["1 Alder Row", "Harbour"]


def test_every_text_of_a_structured_value_is_tidied():
    note = tidy_struct(PersonNote(what="alert", code=" dog ", says=" Knock\x01 twice ", source="  "))
    assert note == PersonNote(what="alert", code="dog", says="Knock twice")
    assert tidy_struct(Mandate(name="  ", scope=[" rent "])) == Mandate(name="", scope=["rent"])
    assert msgspec.structs.asdict(note)["source"] is None

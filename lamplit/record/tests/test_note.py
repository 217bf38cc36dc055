"""Signed notes, keys and checkpoints: worked vectors, and everything that the specification refuses."""

import base64
import os
from pathlib import Path

import pytest

from lamplit.record.checkpoint import Checkpoint, CheckpointRejected, open_checkpoint
from lamplit.record.note import (
    COSIGNATURE,
    MAX_SIGNATURES,
    KeyRejected,
    NoteRejected,
    SigningKey,
    Verifier,
    add_line,
    open_note,
    sign_note,
)
from lamplit.record.tiles import EMPTY_ROOT

LOG = SigningKey.from_seed("landlord.example/record", bytes(range(32)))
WITNESS = SigningKey.from_seed("witness.example/w1", bytes(range(32, 64)), COSIGNATURE)
OTHER = SigningKey.from_seed("other.example/log", bytes(range(64, 96)))
AT = 1_790_000_000
TEXT = "landlord.example/record\n7\nmMl/C6MXXNCLAx3QhLncTmSbZNGijm6mlGRlAxc6tYc=\n"
LOG_LINE = (
    "— landlord.example/record 1/urOThrq8L6HI9NW4MowAeqwMq00AEaH4yCQHTxwKWKKgccQpcPS2y0DW3qXd8nCum0KOnVTZKRXjJ40rGzQ+PDqA8=\n"
)
WITNESS_LINE = (
    "— witness.example/w1 "
    "IDJKvgAAAABqsTuAVXBT8SnneKWiJVtMR23FkH/I7cpRGhyBCQiJ9rOIAVL68a7XpCiHpYDwZL0KSxMO2PH0VmTo8LJwcqyBLZw4DA==\n"
)
NOTE = (TEXT + "\n" + LOG_LINE + WITNESS_LINE).encode()


def note(text: str = TEXT, lines: str = LOG_LINE) -> bytes:
    return (text + "\n" + lines).encode()


# Worked vectors ---------------------------------------------------------------------------------------------


def test_public_key_and_key_id_agree_with_other_implementations() -> None:
    assert LOG.verifier.public.hex() == "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
    assert LOG.verifier.id.hex() == "d7fbab39"
    assert LOG.vkey == "landlord.example/record+d7fbab39+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
    assert WITNESS.vkey == "witness.example/w1+20324abe+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X"


def test_a_signed_and_cosigned_checkpoint_agrees_with_other_implementations() -> None:
    signed = LOG.sign(TEXT)
    assert signed == note()
    assert add_line(signed, WITNESS.cosign(TEXT, AT)) == NOTE


def test_the_specification_s_own_example_opens() -> None:
    foo = Verifier.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    line = "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
    assert open_note(note("This is an example message.\n", line), [foo]).text == "This is an example message.\n"


# Opening ----------------------------------------------------------------------------------------------------


def test_it_returns_the_text_and_who_signed_when() -> None:
    opened = open_note(NOTE, [LOG.verifier, WITNESS.verifier])
    assert opened.text == TEXT
    assert [(s.verifier, s.at) for s in opened.signatures] == [(LOG.verifier, None), (WITNESS.verifier, AT)]
    assert opened.times([WITNESS.verifier]) == {"witness.example/w1": AT}


def test_unknown_keys_are_ignored_even_under_a_known_name() -> None:
    namesake = SigningKey.from_seed(LOG.name, bytes(32))
    both = sign_note(TEXT, namesake, LOG, OTHER)
    assert [s.verifier for s in open_note(both, [LOG.verifier]).signatures] == [LOG.verifier]
    with pytest.raises(NoteRejected, match="none of the keys you trust"):
        open_note(namesake.sign(TEXT), [LOG.verifier])


def test_a_known_key_s_bad_signature_rejects_the_note_whatever_else_verifies() -> None:
    spoilt = WITNESS_LINE.replace("w4DA==", "w4DQ==")
    with pytest.raises(NoteRejected, match=r"signature of witness.example/w1 does not verify"):
        open_note(note(lines=LOG_LINE + spoilt), [LOG.verifier, WITNESS.verifier])
    assert open_note(note(lines=LOG_LINE + spoilt), [LOG.verifier]).text == TEXT


def test_a_second_bad_signature_of_the_same_key_rejects_too() -> None:
    wrong = OTHER.line(TEXT).decode().split()[2]
    forged = base64.b64encode(LOG.verifier.id + base64.b64decode(wrong)[4:]).decode()
    with pytest.raises(NoteRejected, match="does not verify"):
        open_note(note(lines=LOG_LINE + f"— {LOG.name} {forged}\n"), [LOG.verifier])


def test_the_latest_of_a_witness_s_cosignatures_counts() -> None:
    twice = add_line(add_line(LOG.sign(TEXT), WITNESS.cosign(TEXT, AT + 60)), WITNESS.cosign(TEXT, AT))
    assert open_note(twice, [WITNESS.verifier]).times([WITNESS.verifier]) == {WITNESS.name: AT + 60}


def test_a_cosignature_does_not_verify_at_another_time() -> None:
    blob = base64.b64decode(WITNESS_LINE.split()[2])
    later = base64.b64encode(blob[:4] + (AT + 1).to_bytes(8, "big") + blob[12:]).decode()
    with pytest.raises(NoteRejected, match="does not verify"):
        open_note(note(lines=f"— {WITNESS.name} {later}\n"), [WITNESS.verifier])


@pytest.mark.parametrize("cut", [5, 11, 12, 71, 75])
def test_a_cosignature_cut_short_does_not_verify(cut: int) -> None:
    blob = base64.b64encode(base64.b64decode(WITNESS_LINE.split()[2])[:cut]).decode()
    with pytest.raises(NoteRejected, match="does not verify"):
        open_note(note(lines=f"— {WITNESS.name} {blob}\n"), [WITNESS.verifier])


def test_a_cosignature_s_time_stays_below_2_to_the_63() -> None:
    blob = base64.b64encode(WITNESS.verifier.id + (2**63).to_bytes(8, "big") + bytes(64)).decode()
    with pytest.raises(NoteRejected, match="does not verify"):
        open_note(note(lines=f"— {WITNESS.name} {blob}\n"), [WITNESS.verifier])
    with pytest.raises(ValueError, match="Unix seconds"):
        WITNESS.cosign(TEXT, 2**63)


def test_a_plain_signature_is_no_cosignature_of_the_same_seed() -> None:
    as_log = SigningKey.from_seed(WITNESS.name, bytes(range(32, 64)))
    assert as_log.verifier.public == WITNESS.verifier.public
    assert as_log.verifier.id != WITNESS.verifier.id
    with pytest.raises(NoteRejected, match="none of the keys"):
        open_note(as_log.sign(TEXT), [WITNESS.verifier])


def test_the_last_empty_line_divides_text_and_signatures() -> None:
    text = "one\n\n\ntwo\n\n"
    assert open_note(LOG.sign(text), [LOG.verifier]).text == text


def test_a_line_ends_at_a_newline_and_at_nothing_else() -> None:
    text = "one\u2028two\u0085three\n"
    assert open_note(LOG.sign(text), [LOG.verifier]).text == text


def test_sixteen_signatures_are_accepted_and_a_flood_is_not() -> None:
    others = [SigningKey.generate(f"log{i}.example") for i in range(MAX_SIGNATURES)]
    assert open_note(sign_note(TEXT, *others[:15], LOG), [LOG.verifier]).text == TEXT
    with pytest.raises(NoteRejected, match="at most"):
        open_note(sign_note(TEXT, *others, LOG), [LOG.verifier])


MALFORMED = {
    "nothing": b"",
    "no signature": TEXT.encode(),
    "no empty line": (TEXT + LOG_LINE).encode(),
    "no last newline": note()[:-1],
    "an empty line at the end": note() + b"\n",
    "a carriage return": note().replace(b"\n7\n", b"\r\n7\n"),
    "a tab": note().replace(b"\n7\n", b"\n7\t\n"),
    "a NUL": note().replace(b"\n7\n", b"\n7\0\n"),
    "not UTF-8": note().replace("—".encode(), b"\xe2\x80"),
    "a hyphen for the dash": note().replace("—".encode(), b"-"),
    "no space after the dash": note().replace("— ".encode(), "—".encode()),
    "two spaces": note().replace(b"record 1", b"record  1"),
    "no name": note().replace("— landlord.example/record ".encode(), "—  ".encode()),
    "a plus in the name": note().replace("— landlord".encode(), "— land+lord".encode()),
    "a Unicode space in the name": note().replace("— landlord".encode(), "— land\u00a0lord".encode()),
    "text that is not base64": note().replace(b"qA8=", b"q*8="),
    "base64 without padding": note().replace(b"qA8=", b"qA8"),
    "base64 with stray last bits": note().replace(b"qA8=", b"qA9="),
    "base64 with a space behind": note().replace(b"qA8=", b"qA8= "),
    "an unknown line that is malformed": note() + "— other.example AAAA\n".encode(),
    "too long": note("a" * 1_000_001 + "\n"),
}


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_note_is_rejected(data: bytes) -> None:
    with pytest.raises(NoteRejected):
        open_note(data, [LOG.verifier])


def test_two_keys_with_one_name_and_id_are_refused() -> None:
    class Colliding(Verifier):
        @property
        def id(self) -> bytes:
            return LOG.verifier.id

    with pytest.raises(KeyRejected, match="share"):
        open_note(NOTE, [LOG.verifier, Colliding(LOG.name, 1, bytes(32))])


def test_text_that_cannot_stand_in_a_note_is_not_signed() -> None:
    for text in ("no newline", "a\r\n", "a\0\n"):
        with pytest.raises(ValueError, match="newline"):
            LOG.sign(text)


@pytest.mark.parametrize("line", [b"", b"\n", LOG_LINE.encode()[:-1], LOG_LINE.encode() * 2, b"evil\n\n", b"x y z\n"])
def test_only_one_well_formed_line_can_be_added(line: bytes) -> None:
    with pytest.raises(NoteRejected):
        add_line(note(), line)


# Keys -------------------------------------------------------------------------------------------------------

VKEY = LOG.vkey


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "landlord.example/record",
        VKEY.replace("record+", "records+"),
        VKEY.replace("d7fbab39", "d7fbab38"),
        VKEY.replace("d7fbab39", "D7FBAB39"),
        VKEY.replace("VTG4", "VTG5"),
        VKEY[:-4],
        VKEY + "\n",
        VKEY + "AAAA",
        VKEY.replace("+AQ", "+Ag"),
        VKEY.replace("landlord", "land lord"),
        "+d7fbab39+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
    ],
)
def test_a_key_that_is_off_by_anything_is_rejected(vkey: str) -> None:
    with pytest.raises(KeyRejected):
        Verifier.parse(vkey)


def test_a_vkey_may_hold_a_plus_in_its_base64() -> None:
    assert LOG.vkey.count("+") > 2
    assert Verifier.parse(LOG.vkey) == LOG.verifier


def test_a_log_s_key_does_not_cosign_nor_a_witness_s_key_sign() -> None:
    with pytest.raises(KeyRejected):
        LOG.cosign(TEXT, AT)
    with pytest.raises(KeyRejected):
        WITNESS.sign(TEXT)


def test_generated_keys_differ() -> None:
    assert SigningKey.generate("a").vkey != SigningKey.generate("a").vkey


@pytest.mark.parametrize("key", [LOG, WITNESS], ids=["log", "witness"])
def test_a_key_file_is_private_and_reads_back(tmp_path: Path, key: SigningKey) -> None:
    path = tmp_path / "log.key"
    key.write(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert SigningKey.read(path).vkey == key.vkey
    with pytest.raises(FileExistsError):
        OTHER.write(path)
    assert SigningKey.read(path).vkey == key.vkey


def test_a_key_file_has_the_form_of_go_s_note_package(tmp_path: Path) -> None:
    LOG.write(tmp_path / "log.key")
    seed = base64.b64encode(b"\x01" + bytes(range(32))).decode()
    assert (tmp_path / "log.key").read_text() == f"PRIVATE+KEY+landlord.example/record+d7fbab39+{seed}\n"


def test_a_key_file_that_others_may_read_is_refused_with_the_cure(tmp_path: Path) -> None:
    LOG.write(tmp_path / "log.key")
    os.chmod(tmp_path / "log.key", 0o640)
    with pytest.raises(KeyRejected, match="chmod 600"):
        SigningKey.read(tmp_path / "log.key")


@pytest.mark.parametrize("change", [("PRIVATE+KEY+", ""), ("d7fbab39", "d7fbab30"), ("record", "other"), ("AQAB", "AQAC")])
def test_a_damaged_key_file_is_refused(tmp_path: Path, change: tuple[str, str]) -> None:
    path = tmp_path / "log.key"
    LOG.write(path)
    path.write_text(path.read_text().replace(*change))
    with pytest.raises(KeyRejected):
        SigningKey.read(path)


def test_a_private_key_does_not_show_itself() -> None:
    seed = bytes(range(32))
    for shown in (repr(LOG), str(LOG), f"{LOG}"):
        assert seed.hex() not in shown
        assert base64.b64encode(seed).decode() not in shown
        assert LOG.vkey in shown


# Checkpoints ------------------------------------------------------------------------------------------------


def test_a_checkpoint_parses_and_formats_back() -> None:
    checkpoint = Checkpoint.parse(TEXT)
    assert (checkpoint.origin, checkpoint.size) == ("landlord.example/record", 7)
    assert checkpoint.root.hex() == "98c97f0ba3175cd08b031dd084b9dc4e649b64d1a28e6ea694646503173ab587"
    assert checkpoint.format() == TEXT
    assert Checkpoint.parse(TEXT + "more\n").format() == TEXT + "more\n"


def test_the_empty_tree_has_one_root() -> None:
    empty = Checkpoint("o", 0, EMPTY_ROOT)
    assert Checkpoint.parse(empty.format()) == empty
    with pytest.raises(CheckpointRejected, match="empty tree"):
        Checkpoint.parse(Checkpoint("o", 0, bytes(32)).format())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        TEXT[:-1],
        TEXT + "\n",
        "\n" + TEXT,
        "o\n7\n",
        TEXT.replace("\n7\n", "\n07\n"),
        TEXT.replace("\n7\n", "\n-7\n"),
        TEXT.replace("\n7\n", "\n+7\n"),
        TEXT.replace("\n7\n", "\n7 \n"),
        TEXT.replace("\n7\n", "\n0x7\n"),
        TEXT.replace("\n7\n", "\n٧\n"),
        TEXT.replace("\n7\n", f"\n{2**63}\n"),
        TEXT.replace("tYc=", "tYc"),
        TEXT.replace("tYc=", "tYd="),
        "o\n7\nAAAA\n",
    ],
)
def test_a_malformed_checkpoint_is_rejected(text: str) -> None:
    with pytest.raises(CheckpointRejected):
        Checkpoint.parse(text)


def test_a_checkpoint_opens_under_its_log_s_key() -> None:
    checkpoint, opened = open_checkpoint(NOTE, LOG.verifier, [WITNESS.verifier])
    assert checkpoint.size == 7
    assert opened.by(WITNESS.verifier) is not None


def test_a_witness_alone_does_not_make_a_checkpoint() -> None:
    with pytest.raises(NoteRejected, match="log itself has not signed"):
        open_checkpoint(note(lines=WITNESS_LINE), LOG.verifier, [WITNESS.verifier])


def test_a_checkpoint_of_another_origin_is_rejected() -> None:
    with pytest.raises(NoteRejected, match=r"checkpoint of landlord.example/record, not of other.example/log"):
        open_checkpoint(OTHER.sign(TEXT), OTHER.verifier)

"""add-checkpoint, byte for byte, with a log and a witness whose vectors other implementations agree on."""

from datetime import UTC, datetime
from typing import Any

import pytest

from lamplit.continuity import state, witness
from lamplit.continuity.witness import Answer, add_checkpoint
from lamplit.record.checkpoint import Checkpoint
from lamplit.record.note import SigningKey, encode_base64, open_note
from lamplit.record.proof import consistency_proof
from lamplit.record.store import FolderStore, tile_reader
from lamplit.record.tiles import EMPTY_ROOT
from tests.attack.log_builder import COSIGNED_AT, LOG, WITNESS, LogBuilder

AT = datetime.fromtimestamp(COSIGNED_AT, UTC)
ROOT_3 = "94fbd0dd836f50301692e6d0eade728ee19ec52bfff1606ed807c8575d5aaa19"
PROOF_3_TO_7 = b"""V8efTzGuApxdS9MLBzwnyU35NDiytGl+Hh7vW8A5SkE=
YcoROfaBWEHVuvLQ0tm9nf7pfImN1ve6DAqpQe5sAes=
WkdmL9ijF9lgSaP59HxV3GfKZgUbqjaD27GbL+CaB7A=
lK+4osoFHAVFjqOdzRmxvWjn4zUp8QtDnSphWlH2NuI=
"""
SIGNED_7 = """landlord.example/record
7
mMl/C6MXXNCLAx3QhLncTmSbZNGijm6mlGRlAxc6tYc=

— landlord.example/record 1/urOThrq8L6HI9NW4MowAeqwMq00AEaH4yCQHTxwKWKKgccQpcPS2y0DW3qXd8nCum0KOnVTZKRXjJ40rGzQ+PDqA8=
"""
COSIGNED_7 = (
    "— witness.example/w1 IDJKvgAAAABqsTuAVXBT8SnneKWiJVtMR23FkH/I7cpRGhyBCQiJ9rOIAVL"
    "68a7XpCiHpYDwZL0KSxMO2PH0VmTo8LJwcqyBLZw4DA==\n"
)


@pytest.fixture
def door(make_standby: Any) -> Any:
    """A standby that mirrors one log and witnesses the specification's."""
    made = make_standby(SigningKey.from_seed("main.example/record", bytes(32)).verifier)
    state.start(made.owner, LOG.verifier, mirrored=False)
    made.web = made.connect("app")
    yield made
    made.web.close()


def note(size: int, root: bytes, key: SigningKey = LOG) -> bytes:
    return key.sign(Checkpoint(key.name, size, root).format())


def ask(door: Any, old: object, body: bytes, proof: bytes = b"") -> Answer:
    return add_checkpoint(door.web, WITNESS, f"old {old}\n".encode() + proof + b"\n" + body, AT)


def first_three(door: Any) -> Answer:
    return ask(door, 0, note(3, bytes.fromhex(ROOT_3)))


def test_the_vectors(door):
    answer = first_three(door)
    assert (answer.status, answer.kind) == (200, witness.TEXT)
    assert open_note(note(3, bytes.fromhex(ROOT_3)) + answer.body, [WITNESS.verifier]).by(WITNESS.verifier).at == COSIGNED_AT
    assert ask(door, 3, SIGNED_7.encode(), PROOF_3_TO_7) == Answer(200, COSIGNED_7.encode())
    held = state.held_under(door.web, "c997531283f7db024946caa8d9af6799614c52072a756c1611459c4b81fe3205")
    assert held.note == (SIGNED_7 + COSIGNED_7).encode()
    assert ask(door, 7, SIGNED_7.encode()) == Answer(200, COSIGNED_7.encode())  # asked again, at the same time


def test_each_refusal_has_its_status_and_changes_nothing(door):
    seven, root_7 = SIGNED_7.encode(), Checkpoint.parse(SIGNED_7.partition("\n\n")[0] + "\n").root
    thief = SigningKey.from_seed(LOG.name, bytes(32))
    spoilt = seven.replace(b"1/urOThr", b"1/urOThs")
    first_three(door)
    wrong = PROOF_3_TO_7.replace(b"V8ef", b"V8eg")
    asked = [
        (404, 0, note(3, bytes.fromhex(ROOT_3), SigningKey.from_seed("unknown.example/log", bytes(32))), b""),
        (404, 0, note(0, EMPTY_ROOT, SigningKey.from_seed("main.example/record", bytes(32))), b""),  # the one that we mirror
        (403, 3, note(7, root_7, thief), PROOF_3_TO_7),
        (403, 3, spoilt, PROOF_3_TO_7),
        (403, 3, seven.partition(b"\n\n")[0] + b"\n\n" + COSIGNED_7.encode(), PROOF_3_TO_7),
        (400, 8, seven, b""),
        (400, "03", seven, PROOF_3_TO_7),
        (400, -1, seven, PROOF_3_TO_7),
        (400, 3, b"no note at all", PROOF_3_TO_7),
        (400, 3, seven, b"not base64\n"),
        (400, 3, seven, PROOF_3_TO_7 * 16),
        (400, 3, LOG.sign(f"{LOG.name}\n07\n{encode_base64(root_7)}\n"), PROOF_3_TO_7),
        (409, 0, seven, b""),
        (409, 2, seven, PROOF_3_TO_7),
        (422, 3, seven, wrong),
        (422, 3, seven, b""),
        (422, 3, note(3, root_7), b""),
        (422, 3, note(3, bytes.fromhex(ROOT_3)), PROOF_3_TO_7),
    ]
    before = state.held(door.web, LOG.name)
    for number, (status, old, body, proof) in enumerate(asked):
        answer = ask(door, old, body, proof)
        assert answer.status == status, (number, answer)
        assert state.held(door.web, LOG.name) == before
        if status == 409:
            assert answer == Answer(409, b"3\n", "text/x.tlog.size")
    assert ask(door, 0, LOG.sign(f"{LOG.name}\n0\n{encode_base64(root_7)}\n")).status == 422


def test_from_nothing_no_proof_may_be_given(door):
    assert ask(door, 0, SIGNED_7.encode(), PROOF_3_TO_7).status == 422
    assert ask(door, 3, SIGNED_7.encode(), PROOF_3_TO_7) == Answer(409, b"0\n", "text/x.tlog.size")
    assert ask(door, 0, LOG.sign(f"{LOG.name}\n0\n{encode_base64(EMPTY_ROOT)}\n")).status == 200
    assert first_three(door).status == 200


def test_of_two_at_once_one_is_told_to_ask_again(door, monkeypatch):
    """The race of the specification: a smaller tree must not roll a larger one back."""
    first_three(door)
    advance, raced = state.advance, list[Answer | None]()

    def between(*given: Any) -> bool:
        if not raced:
            raced.append(None)
            raced[0] = ask(door, 3, SIGNED_7.encode(), PROOF_3_TO_7)
        return advance(*given)

    monkeypatch.setattr(state, "advance", between)
    again = ask(door, 3, note(3, bytes.fromhex(ROOT_3)))
    assert raced[0].status == 200
    assert again == Answer(409, b"7\n", "text/x.tlog.size")
    assert state.held(door.web, LOG.name).size == 7


def test_it_is_on_the_disk_before_it_is_answered(door, monkeypatch):
    def cut(*given: Any) -> bool:
        raise ZeroDivisionError

    monkeypatch.setattr(state, "advance", cut)
    with pytest.raises(ZeroDivisionError):
        first_three(door)
    assert state.held(door.web, LOG.name).note is None


def test_another_log_grows_through_it(door, tmp_path):
    log = LogBuilder(FolderStore(tmp_path / "log", durable=False))
    size = 0
    for count in (1, 5, 250, 300, 1):
        body = log.add([f"{count} {n}".encode() for n in range(count)])
        proof = consistency_proof(size, log.frontier.size, tile_reader(log.store))
        lines = "".join(f"{encode_base64(value)}\n" for value in proof).encode()
        assert ask(door, size, body, lines).status == 200
        size = log.frontier.size
    assert state.held(door.web, LOG.name).root == log.frontier.root()

"""A standby of a real landlord: its tables are main's without the keys, it rings, and main's promises wait for it."""

import threading
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from psycopg import sql

from lamplit.basics.fact import SealedAt
from lamplit.cli import tables
from lamplit.config import place, proofs, receipts
from lamplit.config.status import picture
from lamplit.config.wiring import wiring
from lamplit.continuity import state
from lamplit.continuity.asking import Asker, together
from lamplit.continuity.state import Alarm
from lamplit.desk import troubles
from lamplit.record import loop, seal
from lamplit.record.encode import Codec
from lamplit.record.keyfiles import KEEP
from lamplit.record.note import COSIGNATURE, SigningKey, only_lines_of
from lamplit.record.publish import RefusesStore
from lamplit.record.rebuild import Source, rebuild
from lamplit.record.store import StoreUnavailable
from lamplit.record.verify import check_proof_file
from tests import cast, losing
from tests.standby import BEGUN, COSIGNER

TODAY = BEGUN


def rows(standby: Any, schema: str) -> dict[str, list[Any]]:
    with standby.connect("admin") as db:
        return {
            name: sorted(db.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(schema, name))).fetchall(), key=repr)
            for name in wiring().by_name
        }


def rebuilt(standby: Any) -> dict[str, list[Any]]:
    """The tables that a rebuild without keys makes of the mirror."""
    owner = standby.conninfo("owner")
    source = Source(standby.mirror, standby.log, Codec(standby.log.name), {}, wiring(), sealed=True)
    rebuild(source, owner, "anew", tables.table_maker(owner), processes=1)
    try:
        return rows(standby, "anew")
    finally:
        standby.owner.execute("DROP SCHEMA anew CASCADE")


def test_its_tables_are_mains_without_the_keys(landlord, standby):
    losing.story(landlord)
    assert standby.follow(landlord.store) == len(landlord.entries())
    held = standby.held().size
    folding = standby.folding()
    cut, real = [], state.move_folded

    def killed(*given: Any) -> bool:
        cut.append(real(*given))
        raise ZeroDivisionError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(state, "move_folded", killed)
        with pytest.raises(ZeroDivisionError):
            folding.step(standby.owner)
    assert cut == [True]
    assert state.folded_size(standby.owner) == 0  # cursor and tables go together or not at all
    assert standby.fold() == held
    first = rows(standby, "folded")
    assert any(str(value).startswith(SealedAt.MARK) for found in first.values() for row in found for value in row)
    losing.new_home(77)
    landlord.erase(cast.RUTH, "contact")
    landlord.publish()
    standby.follow(landlord.store)
    folded = standby.folding()
    with standby.connect("owner") as other:
        state.move_folded(other, held, held)  # another one at the same cursor changes nothing
        while folded.step(standby.owner):
            pass
        assert not folded.step(other)
    right = rebuilt(standby)
    assert rows(standby, "folded") == right != first
    with standby.connect("admin") as db:
        assert db.execute("SELECT count(*) FROM record.key").fetchone() == (0,)
    owner = standby.conninfo("owner")
    with standby.connect("owner") as db:
        db.execute("DELETE FROM folded.home")
    standby.folding().anew(owner, tables.table_maker(owner), tables.grant, processes=1)
    assert rows(standby, "folded") == right
    assert state.folded_size(standby.owner) == standby.held().size


def test_a_fact_that_it_does_not_know_is_kept_cosigned_and_rings(landlord, standby):
    losing.new_home(1)
    raw = landlord_entry(landlord).replace(b'"kind":"home.recorded"', b'"kind":"home.painted"')
    with landlord.connect("admin") as db:
        db.execute("INSERT INTO record.intake (bytes) VALUES (%s)", [raw])
    losing.new_home(2)
    landlord.publish()
    landlord.holds = False
    assert standby.follow(landlord.store) == len(landlord.entries())
    known = landlord.entries().index(raw)
    with pytest.raises(Alarm, match="Upgrade the standby"):
        standby.fold()
    assert state.folded_size(standby.owner) == known > 0
    with pytest.raises(Alarm, match="Upgrade the standby"):
        standby.fold()


def landlord_entry(landlord: Any) -> bytes:
    with landlord.connect("reader") as db:
        return bytes(db.execute("SELECT bytes FROM record.intake ORDER BY id LIMIT 1").fetchone()[0])


def test_blobs_and_sealed_keys_come_first_and_go_in_their_time(landlord, standby):
    losing.story(landlord)
    standby.follow(landlord.store)
    keys = set(landlord.store.list("keys"))
    assert keys
    assert set(standby.mirror.list("keys")) == keys
    assert set(standby.mirror.list("blobs")) == set(landlord.store.list("blobs"))
    watch = standby.watch(landlord.store)
    watch.step()
    lost = {path: landlord.store.get(path) for path in keys}
    for path in keys:  # the ransom: every key file is deleted at main
        landlord.store.delete(path)
    standby.wait(hours=2)
    state.saw_life(standby.sealer, standby.now)
    with pytest.raises(Alarm, match="before their time"):
        watch.step()
    standby.wait(days=KEEP.days)
    state.saw_life(standby.sealer, standby.now)
    watch.step()
    assert set(standby.mirror.list("keys")) == keys  # no generation of ours covers them, so they stay
    for path, data in lost.items():
        landlord.store.create(path, data)
    generation = f"keys/contact/generation-{standby.held().size}.age"
    landlord.store.create(generation, b"every key that lives")
    losing.new_home(9)
    landlord.publish(generations=[generation])
    standby.follow(landlord.store)
    gone = {path for path in keys if path.startswith("keys/contact/")}
    for path in gone:
        landlord.store.delete(path)
    standby.wait(hours=2)
    state.saw_life(standby.sealer, standby.now)
    watch.step()
    assert gone.isdisjoint(standby.mirror.list("keys"))
    assert {*keys, generation} - gone < set(standby.mirror.list("keys"))
    for path in gone:
        landlord.store.create(path, lost[path])
    landlord.store.delete(generation)


def test_it_rings_when_main_is_quiet_and_when_its_files_change(landlord, standby, monkeypatch):
    cast.settle()
    landlord.publish()
    standby.follow(landlord.store)
    watch = standby.watch(landlord.store)
    watch.step()
    standby.wait(minutes=4)
    watch.step()
    standby.wait(minutes=2)
    with pytest.raises(Alarm, match="has been quiet since 26 November 2026, 9am"):
        watch.step()
    with landlord.connect("sealer") as db:  # nothing comes, and it says once a minute that it lives
        seal.sign_of_life(db, landlord.key, standby.clock)
    landlord.publish()
    standby.follow(landlord.store)
    watch.step()
    assert landlord.store.get("checkpoint").count(b"\n\xe2\x80\x94 ") == 2
    standby.wait(minutes=10)
    with landlord.connect("sealer") as db:
        seal.sign_of_life(db, landlord.key, lambda: standby.now - timedelta(minutes=9))  # an old one, shown again
    landlord.publish()
    standby.follow(landlord.store)
    with pytest.raises(Alarm, match="quiet"):
        watch.step()
    state.saw_life(standby.sealer, standby.now)
    path = next(path for path in landlord.store.list("tile/entries"))
    data = landlord.store.get(path)
    landlord.store.replace(path, data[:-1] + b"!")
    look(watch, 4)
    with pytest.raises(Alarm, match="is not what it signed"):
        watch.step()
    landlord.store.delete(path)
    with pytest.raises(Alarm, match="is missing in the main system's store"):
        watch.step()
    landlord.store.create(path, data)
    watch.step()
    for ours in (path, path.replace("tile/entries", "tile/0")):  # it was our own disk, and we accuse nobody
        right = standby.mirror.get(ours)
        standby.mirror.replace(ours, right[:-1] + bytes([right[-1] ^ 1]))
        look(watch, 4)
        with pytest.raises(Alarm, match="our own copy is damaged"):
            watch.step()
        standby.mirror.replace(ours, right)
        watch.step()
    assert set(standby.alarms()) == {"quiet", "altered", "missing", "own copy"}
    assert standby.alarms().count("quiet") == 2


def look(watch: Any, times: int) -> None:
    for _ in range(times):
        with suppress(Alarm):
            watch.step()


def test_an_alarm_is_the_loops_trouble_and_does_not_end_it(landlord, standby):
    def step(db: Any) -> bool:
        raise Alarm("quiet", "Main is quiet.")

    running = loop.Loop("watch", lambda: standby.connect("sealer"), step, waits=(*loop.WAITS, Alarm))
    assert running.once() == 1.0
    running.close()
    assert standby.sealer.execute("SELECT trouble FROM record.loop WHERE name = 'watch'").fetchone() == ("Main is quiet.",)


# Main's side ----------------------------------------------------------------------------------------------


@pytest.fixture
def served() -> Any:
    """A web server that answers what the test gives it. `say` is the body, None for 404."""

    class Page(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            server.asked.append(self.path)
            body = server.say
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *args: Any) -> None: ...

    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    server.asked, server.say = [], None
    server.where = f"http://127.0.0.1:{server.server_port}/standby"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_desk_and_status_page_say_when_no_standby_signs(landlord, monkeypatch):
    at = BEGUN
    running = dict.fromkeys(("seal", "publish near", "worker"), (at, ""))

    def reports(known: dict[str, Any]) -> str:
        seen = picture.seen_of(known, at).get("repairs")
        return seen.state if seen is not None else "working"

    assert reports(running) == "working"
    monkeypatch.setenv("LAMPLIT_STANDBYS", f"https://a.example {COSIGNER.vkey} https://b.example {stranger().vkey}")
    assert reports(running) == "limited"
    name = f"standby {COSIGNER.name}"
    assert reports(running | {name: (at, "It does not answer.")}) == "limited"
    assert reports(running | {name: (at, "")}) == "working"  # one is enough
    with landlord.connect("sealer") as db:
        for loop_name, trouble in (("standby gone.example/x", "It does not answer."), (name, "It does not answer.")):
            db.execute(
                "INSERT INTO record.loop (name, alive_at, trouble, since_at) VALUES (%s, %s, %s, %s)",
                [loop_name, at, trouble, at],
            )
    assert "in trouble" not in " ".join(troubles.troubles(at)), "it may still be starting"
    at += timedelta(minutes=1)
    said = " ".join(troubles.troubles(at))
    assert f"The standby ({COSIGNER.name}) is in trouble: It does not answer." in said
    assert f"The standby ({stranger().name}) does not run." in said
    assert "gone.example" not in said


def kept(command: str) -> bool:
    return receipts.kept([command]) == {command}


def test_a_promise_waits_for_the_cosignature_and_the_receipt_carries_it(landlord, standby, served, monkeypatch, settings_of_main):
    settings_of_main(served.where)
    cast.settle()
    landlord.publish()
    assert not kept("cast:opening")
    with landlord.connect("sealer") as db:
        asker = Asker(db, served.where, COSIGNER.verifier, standby.clock)
        with pytest.raises(StoreUnavailable, match="cosigned nothing"):
            asker.ask_once()
        standby.follow(landlord.store)
        served.say = standby.held().note
        assert asker.ask_once() == standby.held().size
        assert served.asked[-1] == f"/standby/{state.origin_hash(landlord.key.name)}/checkpoint"
        assert kept("cast:opening")
        losing.new_home(1)
        landlord.publish()
        assert not kept("test:home:1")
        standby.follow(landlord.store)
        served.say = standby.held().note
        asker.ask_once()
        assert kept("test:home:1")
        receipt_carries_it(landlord, standby)
        asker.close()


def receipt_carries_it(landlord: Any, standby: Any) -> None:
    home = cast.RUTHS_HOME
    shown = proofs.proof_of(home, ("home.recorded",), cast.AT, standby.now)
    file = shown.proved.file.format()
    told = check_proof_file(file, landlord.key.vkey, cosigners=[COSIGNER.vkey])
    assert told.ok, told.words
    assert told.cosigned == {COSIGNER.name: int(BEGUN.timestamp())}
    assert not check_proof_file(file, landlord.key.vkey, cosigners=[stranger().vkey]).ok
    assert shown.cosigned == [(COSIGNER.verifier, BEGUN)]
    several = proofs.several([(shown.header.id, cast.AT)])
    assert check_proof_file(several.files[0]["text"].encode(), landlord.key.vkey, cosigners=[COSIGNER.vkey]).ok


def stranger() -> SigningKey:
    return SigningKey.from_seed("stranger.example/w", bytes(32), COSIGNATURE)


@pytest.fixture
def settings_of_main(monkeypatch: pytest.MonkeyPatch, landlord: Any) -> Any:
    """Let this installation ask a standby."""
    from django.test import override_settings

    with override_settings(KEPT_BY="cosigned"):

        def ask(where: str) -> None:
            monkeypatch.setenv("LAMPLIT_STANDBYS", f"{where} {COSIGNER.vkey}")
            monkeypatch.setattr(proofs, "near_store", lambda: landlord.store)

        yield ask


def test_main_believes_nothing_unseen(landlord, standby, served):
    cast.settle()
    landlord.publish()
    standby.follow(landlord.store)
    held = standby.held()
    plain = only_lines_of(held.note, [landlord.key.verifier])
    with landlord.connect("sealer") as db:
        asker = Asker(db, served.where, COSIGNER.verifier, standby.clock)
        other = Asker(db, served.where, stranger().verifier, standby.clock)
        for said, words in ((plain, "not signed by the key"), (held.note[:-9] + b"AAAAAAA=\n", "cannot be believed")):
            served.say = said
            with pytest.raises(StoreUnavailable, match=words):
                asker.ask_once()
        served.say = held.note
        with pytest.raises(StoreUnavailable, match="not signed by the key"):
            other.ask_once()
        ahead = landlord.key.sign(f"{landlord.key.name}\n999\n{'A' * 43}=\n")
        behind = landlord.key.sign(f"{landlord.key.name}\n1\n{'A' * 43}=\n")
        for note, words in ((ahead, "holds 999 entries"), (behind, "different histories up to entry 1")):
            served.say = note + COSIGNER.cosign(note.partition(b"\n\n")[0].decode() + "\n", 1)
            with pytest.raises(RefusesStore, match=words):
                asker.ask_once()
        assert db.execute("SELECT count(*) FROM record.cosigned").fetchone() == (0,)
        served.say = held.note
        asker.ask_once()
        standby.wait(minutes=4)
        with pytest.raises(StoreUnavailable, match="has not cosigned since 26 November 2026 09:00"):
            asker.ask_once()
        for one in (asker, other):
            one.close()
        with pytest.raises(StoreUnavailable, match="does not answer: nothing runs there"):
            Asker(db, "http://127.0.0.1:1", COSIGNER.verifier).ask_once()
    text = held.note.partition(b"\n\n")[0].decode() + "\n"
    second = only_lines_of(held.note, [landlord.key.verifier]) + stranger().cosign(text, 5)
    assert together([held.note, second]).count(b"\xe2\x80\x94 ") == 3


def test_the_addresses_of_standbys_are_read_or_refused_in_words(monkeypatch):
    assert place.standbys() == []
    monkeypatch.setenv("LAMPLIT_STANDBYS", f"https://a.example {COSIGNER.vkey}  https://b.example/x {stranger().vkey}")
    assert [where for where, _ in place.standbys()] == ["https://a.example", "https://b.example/x"]
    log = SigningKey.from_seed("log.example/record", bytes(32))
    for wrong, words in (
        ("https://a.example", "a space between"),
        (f"a.example {COSIGNER.vkey}", "begins with https"),
        (f"https://a.example {log.vkey}", "key of a log"),
        ("https://a.example x", "is no key"),
    ):
        monkeypatch.setenv("LAMPLIT_STANDBYS", wrong)
        with pytest.raises(ValueError, match=words):
            place.standbys()

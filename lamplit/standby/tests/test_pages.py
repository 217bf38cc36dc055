"""The standby's own pages: what they show, and what they give to nobody."""

from typing import Any

import pytest
from django.test import Client, override_settings

from lamplit.config import place
from lamplit.config.audience import audience_of
from lamplit.continuity import state
from lamplit.continuity.state import Alarm
from lamplit.record.note import SigningKey, open_note
from lamplit.record.store import FolderStore
from lamplit.record.tiles import EMPTY_ROOT
from lamplit.standby import standing, urls, views
from tests import brackets
from tests.attack.log_builder import LOG, LogBuilder, entries
from tests.landlord import connected
from tests.standby import COSIGNER

ORIGIN = "c997531283f7db024946caa8d9af6799614c52072a756c1611459c4b81fe3205"
FOREIGN = SigningKey.from_seed("other.example/log", bytes(32))


@pytest.fixture
def pages(make_standby: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A standby with 300 entries of a made-up log, a witnessed log, and its web."""
    made = make_standby(LOG.verifier)
    main = LogBuilder(FolderStore(tmp_path / "main", durable=False))
    main.add(entries(300))
    main.store.create("blobs/" + "ab" * 32, b"x")
    made.follow(main.store)
    state.start(made.owner, FOREIGN.verifier, mirrored=False)
    monkeypatch.setattr(views, "mirror", lambda: made.mirror)
    monkeypatch.setattr(views, "cosigner", lambda: COSIGNER)
    monkeypatch.setattr("lamplit.config.middleware.now", made.clock)
    with override_settings(ROOT_URLCONF="lamplit.standby.urls"), connected(made.cluster, made.name):
        made.client = Client(raise_request_exception=False)
        made.main = main
        yield made


def loops(standby: Any, **troubles: str) -> None:
    for name in standing.NEEDED:
        standby.sealer.execute(
            "INSERT INTO record.loop (name, alive_at, trouble) VALUES (%s, %s, %s)"
            " ON CONFLICT (name) DO UPDATE SET alive_at = excluded.alive_at, trouble = excluded.trouble",
            [name, standby.now, troubles.get(name, "")],
        )


def words(standby: Any) -> str:
    answer = standby.client.get("/standby")
    assert answer.status_code == 200
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    return " ".join(answer.content.decode().split())


def test_the_page_says_what_it_holds_until_when_and_whether_main_is_quiet(pages):
    assert "The copying does not run" in words(pages)
    loops(pages)
    pages.owner.execute("UPDATE continuity.folded SET size = 300")
    page = words(pages)
    assert "All is well" in page
    assert "We hold 300 entries of landlord.example/record" in page
    assert "just now, on Thursday 26 November, 9am" in page
    assert COSIGNER.vkey.replace("+", "&#43;") in page or COSIGNER.vkey in page
    pages.wait(minutes=7)
    loops(pages, watch="Main's record has been quiet since 26 November 2026, 9am.")
    page = words(pages)
    assert "Our main system is quiet" in page
    assert "We last heard from it 7 minutes ago" in page
    assert "Not everything is as it should be" in page
    state.ring(pages.sealer, Alarm("forked", "Main's record was rewritten.", b"note"), pages.now)
    loops(pages, follow="Main's record was rewritten.")
    page = words(pages)
    assert page.count("Main&#39;s record was rewritten.") == 2
    assert "What we saw in the last 30 days" in page


def test_hashes_and_checkpoints_are_for_everybody_and_entries_for_nobody(pages):
    client = pages.client
    newest = client.get(f"/{ORIGIN}/checkpoint")
    assert newest["Content-Type"] == "text/plain; charset=utf-8"
    assert open_note(newest.content, [LOG.verifier, COSIGNER.verifier]).by(COSIGNER.verifier)
    assert client.get(f"/{ORIGIN}/checkpoints/300").content == pages.main.store.get("checkpoints/300")
    tile = client.get(f"/{ORIGIN}/tile/0/001.p/44")
    assert tile.content == pages.main.store.get("tile/0/001.p/44")
    assert "immutable" in tile["Cache-Control"]
    there = set(pages.mirror.list())
    assert {"tile/entries/000", "blobs/" + "ab" * 32} & there == {"tile/entries/000"}
    given = {path for path in there if client.get(f"/{ORIGIN}/{path}").status_code == 200}
    assert given == {path for path in there if path.startswith(("checkpoint", "tile/0", "tile/1"))}
    foreign = state.origin_hash(FOREIGN.name)
    for path in (
        f"/{foreign}/checkpoint",
        f"/{ORIGIN[:-1]}0/checkpoint",
        f"/{foreign}/tile/0/000",
        f"/{ORIGIN}/tile/0/%2e%2e/x",
        f"/{ORIGIN}/checkpoints/7",
    ):
        assert client.get(path).status_code == 404, path
    assert client.post("/standby").status_code == 405


def test_a_log_comes_in_with_its_signature_and_no_token(pages):
    client = Client(enforce_csrf_checks=True)
    note = FOREIGN.sign("other.example/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")
    assert EMPTY_ROOT.hex().startswith("e3b0c442")
    answer = client.post("/add-checkpoint", b"old 0\n\n" + note, content_type="text/plain")
    assert answer.status_code == 200
    assert open_note(note + answer.content, [COSIGNER.verifier])
    again = client.post("/add-checkpoint", b"old 4\n\n" + note, content_type="application/octet-stream")
    assert again.status_code == 400
    assert client.get(f"/{state.origin_hash(FOREIGN.name)}/checkpoint").status_code == 200
    assert client.get("/add-checkpoint").status_code == 405


def test_every_address_says_whom_it_is_for():
    assert all(audience_of(one.callback).kind == "everyone" for one in urls.urlpatterns)


def test_a_home_says_what_it_follows_and_names_its_own_record(tmp_path, monkeypatch):
    monkeypatch.setenv("LAMPLIT_HOME", str(tmp_path))
    assert place.standby() is None
    assert place.origin() == "lamplit.example/record"
    place.standby_file().write_text(f'name = "standby.example"\nmain = "/srv/store"\nlog_key = "{LOG.vkey}"\n')
    assert place.standby() == place.Standby("standby.example", "/srv/store", LOG.vkey)
    assert place.origin() == "standby.example/record"


@override_settings(ROOT_URLCONF="lamplit.standby.urls")
def test_a_page_that_only_main_has_says_where_she_is_and_what_she_can_do():
    def said(answer):
        assert answer.status_code == 404
        return answer.content.decode()

    page = said(Client().get("/repairs"))
    assert "You are on our standby service" in page
    assert "the page may have moved" not in page
    assert "we do not have it" not in page, "she sent nothing"
    sent = said(Client().post("/report/check", {"nonce": "x"}))
    assert "If you sent us something just now, we do not have it." in sent
    desk = said(Client().get("/desk/incident"))
    assert "The desk opens here once this service has taken over" in desk
    assert 'href="/desk/"' not in desk, "that would lead to the same page again"


@pytest.mark.parametrize("path", ["/standby", "/report/rent"])
def test_every_word_can_be_said_in_another_language(pages: Any, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    brackets.used(monkeypatch)
    state.ring(pages.sealer, Alarm("forked", "Zz.", b"note"), pages.now)
    pages.wait(minutes=7)
    loops(pages, watch="Zz.")
    page = pages.client.get(path, headers={"Accept-Language": "cy"}).content.decode()
    ours = {"Zz", "Harbour", "Heath", "Homes", "English", "Cymraeg", "Polski", "Tachwedd", "landlord", "example", "record"}
    wrong = [piece for piece in brackets.unsaid(page) if set(brackets.WORD.findall(piece)) - ours]
    assert not wrong


def test_at_its_foot_a_page_says_once_that_some_of_it_is_english_and_only_where_it_is_so(pages: Any) -> None:
    def foot(path: str, code: str) -> str:
        page: str = pages.client.get(path, headers={"Accept-Language": code}).content.decode()
        return page[page.index("<footer") :]

    said = "r dudalen hon yn Saesneg o hyd."
    assert foot("/standby", "cy").count(said) == 1
    assert said not in foot("/standby", "en-GB")
    assert said not in foot("/check", "cy"), "that page is whole"

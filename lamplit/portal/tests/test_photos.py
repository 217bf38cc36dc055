"""A tenant's photos: sent with her report once it was received or later, seen by her and by nobody whose home it is not."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lamplit.basics import who
from lamplit.basics.clock import now
from lamplit.basics.picture import Picture
from lamplit.config.forms import new_nonce
from lamplit.portal.tests.scene import come_in, tomasz_comes_in
from lamplit.portal.tests.test_pages import report
from lamplit.portal.tests.test_report import answer_questions, post
from lamplit.repairs import actions, queries
from lamplit.repairs.actions import Said
from tests import cast
from tests.pictures import opened, photo, place_in

PICTURE = Picture(kind="jpeg", original=b"as it came", large=b"for showing", small=b"for a list")


def file(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("IMG_0001.HEIC", data, "image/heic")


def send(client: Client, path: str, data: bytes, shows: str = "", **more: str) -> object:
    return client.post(path, {"nonce": new_nonce(), "photo": file(data), "shows": shows}, **more)


def photos() -> list[Any]:
    """Return every photo of the repairs in Ruth's home."""
    open_here = queries.open_of_homes([cast.RUTHS_HOME]).get(cast.RUTHS_HOME, [])
    return [photo for one in open_here for photo in queries.case(one.id, now=now(), restricted=True).photos]


def text_of(client: Client, path: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(path).content.decode()).split())


def reported_by_a_visitor() -> Client:
    """Send a report as somebody does who never signed in."""
    client = Client()
    answer_questions(client, ["none", "other"])
    post(client, "/report/3", answer="A crack in the wall")
    post(client, "/report/4", answer="kitchen")
    while (path := client.post("/report")["Location"]) not in ("/report/words", "/report/check"):
        page = client.get(path).content.decode()
        post(client, path, answer=page.split('name="answer"')[1].split('value="')[1].split('"')[0])
    post(client, "/report/words", words="")
    post(client, "/report/whom", whom="me")
    post(client, "/report/postcode", postcode="ZZ1 1AA")
    post(client, "/report/address", home=cast.RUTHS_HOME)
    post(client, "/report/name", name="Wanda Wren", phone="07700 900555", email="")
    post(client, "/report/household", needs="none")
    assert post(client, "/report/check") == "/report/received"
    return client


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "heic"])
def test_she_adds_a_photo_to_her_repair_and_sees_it(portal, kind):
    made, client = report(), come_in()
    path = f"/repairs/{made.leads}"
    answer = send(client, f"{path}/photo", photo(kind, turned=6), "The ceiling over the bath")
    assert answer["Location"] == f"{path}?done=photo"
    page = client.get(f"{path}?done=photo").content.decode()
    assert "We have your photo" in page
    assert 'alt="The ceiling over the bath"' in page
    kept = photos()[0]
    shown = client.get(f"{path}/photos/{kept.id}/large")
    assert opened(shown.content).size == (300, 400)
    assert not place_in(shown.content)
    assert (shown["Content-Type"], shown["Cache-Control"]) == ("image/jpeg", "private, no-store")
    assert (kept.voice, kept.household, kept.by) == (cast.RUTH, cast.RUTHS_TENANCY, f"person:{cast.RUTH}")
    assert "You added a photo" in text_of(client, path)


def test_words_are_not_asked_of_somebody_who_has_none(portal):
    made, client = report(), come_in()
    send(client, f"/repairs/{made.leads}/photo", photo())
    assert 'alt="Photo 1, without words"' in client.get(f"/repairs/{made.leads}").content.decode()


def test_sent_twice_it_stands_there_once(portal):
    made, client = report(), come_in()
    nonce = new_nonce()
    for _ in range(2):
        answer = client.post(f"/repairs/{made.leads}/photo", {"nonce": nonce, "photo": file(photo()), "shows": "Mould"})
        assert answer.status_code == 303
    assert len(photos()) == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "This file is empty"),
        (b"hello", "We cannot read this kind of file"),
        (photo()[:400], "We cannot open this photo"),
        (b"\0\0\0\x14ftypqt  ", "We cannot open this video"),
        (b"\xff\xd8\xff" + b"\0" * (15 << 20), "larger than 15 MB"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_words_and_her_words_stay(portal, data, words):
    made, client = report(), come_in()
    answer = send(client, f"/repairs/{made.leads}/photo", data, "The ceiling")
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert 'value="The ceiling"' in answer.content.decode()
    assert photos() == []


@pytest.mark.material
def test_no_hostile_image_breaks_the_page(portal, material):
    made, client = report(), come_in()
    for path in sorted((material / "hostile" / "images").iterdir()):
        answer = send(client, f"/repairs/{made.leads}/photo", path.read_bytes(), "The ceiling")
        taken = path.suffix == ".jpg"
        assert answer.status_code == (303 if taken else 200), path.name
        assert taken or 'value="The ceiling"' in answer.content.decode()
    shown = [queries.picture_of(one, "large") for one in photos()]
    assert len(shown) > 4
    assert not any(place_in(data) or opened(data).getexif() for data in shown)


def test_her_neighbour_sees_neither_the_page_nor_the_picture(portal):
    made, client = report(), come_in()
    send(client, f"/repairs/{made.leads}/photo", photo(), "Mine")
    kept, neighbour = photos()[0], tomasz_comes_in()
    path = f"/repairs/{made.leads}"
    for one in (f"{path}/photo", f"{path}/photos/{kept.id}/large", f"{path}/photos/{kept.id}/small"):
        assert neighbour.get(one).status_code == 404
        assert Client().get(one)["Location"].startswith("/sign-in")
    assert send(neighbour, f"{path}/photo", photo()).status_code == 404
    assert len(photos()) == 1


def test_a_neighbours_photo_is_sealed_with_his_own_key(portal):
    made, neighbour = report(), tomasz_comes_in()
    given = {"by": cast.BY_PRIYA, "at": now()}
    below = actions.report_repair(
        home=cast.TOMASZS_HOME, reporter=cast.TOMASZ, said=Said(fault="tap_drips", room="kitchen"), channel="phone",
        command="test:below", **given,
    )  # fmt: skip
    for work in queries.case(below.leads, now=now()).works:
        actions.cancel_work(work=work.id, why="The same", command="test:cancel", **given)
    actions.join_repair(repair=below.leads, into=made.leads, why="The same", command="test:join", **given)
    assert send(neighbour, f"/repairs/{made.leads}/photo", photo(), "Mine").status_code == 303
    kept = photos()[0]
    assert (kept.voice, kept.household) == (cast.TOMASZ, cast.TOMASZS_TENANCY)
    assert neighbour.get(f"/repairs/{made.leads}/photos/{kept.id}/small").status_code == 200
    hers = come_in()
    assert hers.get(f"/repairs/{made.leads}/photos/{kept.id}/small").status_code == 404
    assert "Mine" not in text_of(hers, f"/repairs/{made.leads}")


def test_she_is_shown_what_our_people_took_for_her_and_nothing_for_staff_alone(portal):
    made, client = report(), come_in()
    ids = {}
    for audience in ("all", "staff", "restricted"):
        given = {"repair": made.leads, "picture": PICTURE, "shows": f"For {audience}", "audience": audience}
        ids[audience] = actions.add_photo(**given, by=cast.BY_PRIYA, at=now(), command=f"test:{audience}")
    page = text_of(client, f"/repairs/{made.leads}")
    assert "We added a photo For all" in page
    assert "For staff" not in page
    assert "For restricted" not in page
    found = {one: client.get(f"/repairs/{made.leads}/photos/{ident}/small").status_code for one, ident in ids.items()}
    assert found == {"all": 200, "staff": 404, "restricted": 404}


def test_what_somebody_else_took_is_not_shown_to_her(portal):
    made, client = report(), come_in()
    given = {"repair": made.leads, "picture": PICTURE, "shows": "Who knows what"}
    kept = actions.add_photo(**given, by=who.visitor(), at=now(), command="test:visitor")
    page = text_of(client, f"/repairs/{made.leads}")
    assert "Somebody added a photo" in page
    assert "Who knows what" not in page
    assert client.get(f"/repairs/{made.leads}/photos/{kept}/small").status_code == 404


def test_there_is_no_other_size_and_no_original(portal):
    made, client = report(), come_in()
    send(client, f"/repairs/{made.leads}/photo", photo())
    for size in ("original", "file", "huge"):
        assert client.get(f"/repairs/{made.leads}/photos/{photos()[0].id}/{size}").status_code == 404


def test_after_an_erasure_her_page_says_so(portal):
    made, client = report(), come_in()
    send(client, f"/repairs/{made.leads}/photo", photo(), "The ceiling")
    kept = photos()[0]
    portal.erase(cast.RUTHS_TENANCY, "case")
    assert "This photo was erased" in text_of(client, f"/repairs/{made.leads}")
    assert client.get(f"/repairs/{made.leads}/photos/{kept.id}/large").status_code == 404


def test_without_signing_in_a_photo_goes_with_the_report_and_is_shown_to_nobody_there(portal):
    client = reported_by_a_visitor()
    portal.publish()
    assert "/report/received/photo" in client.get("/report/received").content.decode()
    answer = send(client, "/report/received/photo", photo(), "The crack")
    assert answer["Location"] == "/report/received?done=photo"
    assert "We have your photo" in text_of(client, "/report/received?done=photo")
    kept = photos()[0]
    assert (kept.by, kept.voice) == ("visitor", kept.repair)
    assert client.get(f"/repairs/{kept.repair}/photos/{kept.id}/large")["Location"].startswith("/sign-in")


def test_who_sent_no_report_adds_no_photo(portal):
    assert Client().get("/report/received/photo")["Location"] == "/report"
    assert send(Client(), "/report/received/photo", photo())["Location"] == "/report"
    assert photos() == []


def test_whoever_sends_photos_without_end_has_to_wait(portal, monkeypatch):
    from lamplit.config import limits
    from lamplit.config.photos import form

    monkeypatch.setattr(form, "PHOTOS_PER_TENANT", limits.PHOTOS_PER_TENANT._replace(most=2))
    made, client = report(), come_in()
    answers = [send(client, f"/repairs/{made.leads}/photo", b"x").status_code for _ in range(3)]
    assert answers == [200, 200, 429]

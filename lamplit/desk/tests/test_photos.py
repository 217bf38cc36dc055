"""Photos at the desk: added by staff and by whoever goes there, seen by those who may, each time asked anew."""

import hashlib
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lamplit.basics import who
from lamplit.basics.clock import now
from lamplit.basics.refusal import Refused
from lamplit.config.forms import new_nonce
from lamplit.config.photos import spool
from lamplit.desk.tests import story
from lamplit.desk.tests.scene import refused, restrict, send, sent, words_of
from lamplit.repairs import actions, queries
from tests import cast
from tests.pictures import opened, photo, place_in, video


def file(data: bytes, name: str = "holiday.exe") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "text/html")


def photos(made: dict[str, str]) -> Any:
    return queries.case(made["repair"], now=now(), restricted=True).photos


def latest(made: dict[str, str]) -> Any:
    return photos(made)[-1]


@pytest.fixture
def made(scene: Any) -> dict[str, str]:
    return story.everything(scene)


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "heic"])
def test_staff_add_a_photo_and_see_it(made, desk, kind):
    path = f"/desk/repairs/{made['repair']}"
    sent(desk("planner"), f"{path}/photo", photo=file(photo(kind)), shows="Mould & damp <above> the bed", audience="all")
    kept = latest(made)
    assert "Mould & damp <above> the bed" in words_of(desk("planner"), path)
    page = desk("planner").get(path).content.decode()
    assert 'alt="Mould &amp; damp &lt;above&gt; the bed"' in page
    for size, longest in (("large", 400), ("small", 320)):
        answer = desk("planner").get(f"{path}/photos/{kept.id}/{size}")
        assert max(opened(answer.content).size) == longest
        assert not place_in(answer.content)
    assert kept.file["kind"] == kind


def test_a_picture_is_handed_out_so_that_nothing_else_can_be_made_of_it(made, desk):
    answer = desk("planner").get(f"/desk/repairs/{made['repair']}/photos/{made['photo']}/large")
    assert answer.content == story.PICTURE.large
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


def test_the_firm_that_comes_adds_what_it_found_and_did(made, desk):
    job = f"/desk/jobs/{made['work']}"
    for stage in ("before", "after"):
        sent(desk("operative"), f"{job}/photo", photo=file(photo()), shows=f"The joint {stage}", stage=stage)
    page = words_of(desk("contractor"), job)
    assert "The joint before" in page
    assert "After the work." in page
    assert "The tenant" in page  # people from outside are not told who lives there
    assert "Ruth" not in page
    kept = next(one for one in photos(made) if one.stage == "after")
    assert (kept.work, kept.visit) == (made["work"], made["visit"])
    assert desk("operative").get(f"{job}/photos/{kept.id}/small").status_code == 200
    assert "The joint after" in words_of(desk("planner"), f"/desk/repairs/{made['repair']}")


def test_another_firm_sees_and_adds_nothing(made, desk):
    job = f"/desk/jobs/{made['work']}"
    for path in (f"{job}/photo", f"{job}/photos/{made['photo']}/large"):
        assert desk("stranger").get(path).status_code == 404
        assert desk("stranger").post(path, {"photo": file(photo())}).status_code in (403, 404)
    for role in ("stranger", "operative", "contractor"):
        assert desk(role).get(f"/desk/repairs/{made['repair']}/photos/{made['photo']}/large").status_code == 403
    assert len(photos(made)) == 1


def test_a_photo_is_found_under_its_own_repair_alone(made, desk):
    other = story.report(fault="damp_mould", room="bedroom")
    work = story.works(other.leads)[0].id
    for path in (f"/desk/repairs/{other.leads}", f"/desk/jobs/{work}"):
        assert desk("lead").get(f"{path}/photos/{made['photo']}/large").status_code == 404
    for size in ("original", "huge", "file"):
        assert desk("lead").get(f"/desk/repairs/{made['repair']}/photos/{made['photo']}/{size}").status_code == 404


def test_restricted_photos_and_those_of_restricted_people_are_for_few(made, desk):
    path = f"/desk/repairs/{made['repair']}"
    answer = send(desk("planner"), f"{path}/photo", photo=file(photo()), shows="A door", audience="restricted")
    assert answer.status_code == 200  # nobody hides what she could not see herself
    sent(desk("lead"), f"{path}/photo", photo=file(photo()), shows="A broken door", audience="restricted")
    hidden = latest(made).id
    assert "A broken door" not in words_of(desk("planner"), path)
    assert desk("planner").get(f"{path}/photos/{hidden}/large").status_code == 404
    assert desk("lead").get(f"{path}/photos/{hidden}/large").status_code == 200
    restrict(cast.RUTH)
    for role, status in (("planner", 404), ("lead", 200)):
        assert desk(role).get(f"{path}/photos/{made['photo']}/large").status_code == status
    assert desk("operative").get(f"/desk/jobs/{made['work']}/photos/{made['photo']}/large").status_code == 404


def test_after_an_erasure_the_page_says_so(landlord, made, desk):
    path = f"/desk/repairs/{made['repair']}"
    landlord.erase(cast.RUTHS_TENANCY, "case")
    assert "This photo was erased" in words_of(desk("planner"), path)
    assert f"/photos/{made['photo']}" not in desk("planner").get(path).content.decode()
    assert desk("planner").get(f"{path}/photos/{made['photo']}/large").status_code == 404


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "This file is empty"),
        (b"MZ hello", "We cannot read this kind of file"),
        (b"\xff\xd8\xff broken", "We cannot open this photo"),
        (b"\0\0\0\x18ftypmp42" + b"\0" * 999, "We cannot open this video"),
        (b"\xff\xd8\xff" + b"\0" * (15 << 20), "larger than 15 MB"),
        (b"\0\0\0\x18ftypisom" + b"\0" * (61 << 20), "larger than 60 MB"),
        (b"RIFF\x10\0\0\0AVI LIST", "We cannot read this kind of video"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_words_and_what_was_typed_stays(made, desk, data, words):
    path = f"/desk/repairs/{made['repair']}/photo"
    said = refused(desk("planner"), path, photo=file(data), shows="Mould", audience="all")
    assert words in said
    answer = send(desk("planner"), path, photo=file(data), shows="Mould over the bed", audience="staff")
    assert 'value="Mould over the bed"' in answer.content.decode()
    assert len(photos(made)) == 1


def test_without_a_photo_or_words_it_says_what_is_missing(made, desk):
    path = f"/desk/repairs/{made['repair']}/photo"
    assert "Choose a photo" in refused(desk("planner"), path, shows="Mould", audience="all")
    said = refused(desk("planner"), path, photo=file(photo()), shows="", audience="all")
    assert "Choose the photo or video again" in said


def test_a_request_larger_than_any_page_takes_is_turned_away(made, desk):
    browser = desk("planner")
    path = f"/desk/repairs/{made['repair']}"
    for name, size in (("photo", 1025 << 20), ("note", 4 << 20)):
        answer = browser.post(f"{path}/{name}", b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(size))
        assert answer.status_code == 413
        assert "too large to send" in answer.content.decode()


def test_a_page_that_takes_no_file_sees_none(made, desk, monkeypatch):
    seen = []
    monkeypatch.setattr("lamplit.config.photos.uploads.PhotoUpload.receive_data_chunk", lambda *given: seen.append(given))
    send(desk("planner"), f"/desk/repairs/{made['repair']}/note", says="Hello", audience="all", photo=file(photo()))
    assert seen == []
    assert queries.case(made["repair"], now=now()).timeline[-1].said == "Hello"


def test_of_what_is_too_large_no_more_is_kept_in_memory_than_a_photo_may_have(made, desk, monkeypatch):
    kept = []
    monkeypatch.setattr("lamplit.config.photos.form.read", lambda data, size: kept.append((len(data), size)) or story.PICTURE)
    send(desk("planner"), f"/desk/repairs/{made['repair']}/photo", photo=file(bytes(40 << 20)), shows="x", audience="all")
    assert kept[0][0] < 16 << 20
    assert kept[0][1] == 40 << 20


def test_whoever_sends_photos_without_end_has_to_wait(made, desk, monkeypatch):
    from lamplit.config import limits
    from lamplit.config.photos import form

    monkeypatch.setattr(form, "PHOTOS_PER_STAFF", limits.PHOTOS_PER_STAFF._replace(most=2))
    path = f"/desk/repairs/{made['repair']}/photo"
    answers = [desk("planner").post(path, {"photo": file(b"x")}).status_code for _ in range(3)]
    assert answers == [200, 200, 429]


def test_her_own_photo_stays_with_a_repair_that_was_joined(made, desk):
    other = story.report(fault="damp_mould", room="bedroom")
    for visit in queries.case(made["repair"], now=now()).visits:
        story.do(actions.cancel_visit, visit=visit.id, ours=True, why="The same")
    for work in story.works(made["repair"]):
        story.do(actions.cancel_work, work=work.id, why="The same")
    story.do(actions.join_repair, who.staff(cast.PRIYA), repair=made["repair"], into=other.leads, why="The same")
    assert desk("planner").get(f"/desk/repairs/{other.leads}/photos/{made['photo']}/large").status_code == 200


def test_photos_taken_on_the_job_are_the_evidence_and_need_no_words(made, desk):
    job, browser = f"/desk/jobs/{made['work']}", desk("operative")
    said = {"did": "A new joint", "cause": "Worn", "electrics": "tested", "made_good": "on"}
    assert "Say what shows that it is done" in refused(browser, f"{job}/outcome/mended", **said)
    sent(browser, f"{job}/photo", photo=file(photo()), shows="The joint", stage="before")
    assert "Say what shows that it is done" in refused(browser, f"{job}/outcome/mended", **said)  # it shows no mended joint
    sent(browser, f"{job}/photo", photo=file(photo("png")), shows="The new joint", stage="after")
    assert "2 photos of this job go with it." in words_of(browser, f"{job}/outcome/mended")
    fields = {"nonce": new_nonce(), **said}
    for _ in range(2):  # the answer to the first was lost on its way
        assert browser.post(f"{job}/outcome/mended", fields).status_code == 303
    case = queries.case(made["repair"], now=now())
    visit = next(one for one in case.visits if one.id == made["visit"])
    assert visit.evidence == [f"blob:{one.original}" for one in case.photos if one.work == made["work"]]
    assert len(visit.evidence) == 2
    assert "Evidence: 2 photos" in words_of(desk("planner"), f"/desk/repairs/{made['repair']}")
    missing = queries.what_is_missing(made["repair"], "confirmed", at=now(), by=cast.BY_DELE)
    assert made["work"] not in [one.work for one in missing]


def test_a_photo_that_comes_after_the_outcome_still_shows_it(made, desk):
    def missing() -> set[str]:
        return {one.code for one in queries.what_is_missing(made["repair"], "confirmed", at=now(), by=cast.BY_DELE)}

    told = {"outcome": "mended", "did": "A new joint", "cause": "Worn", "electrics": "tested", "evidence": ["note: kept"]}
    story.do(actions.attend_visit, work=made["work"], visit=made["visit"], arrived_at=now(), **told)
    assert "evidence" in missing()
    sent(desk("operative"), f"/desk/jobs/{made['work']}/photo", photo=file(photo()), shows="The new joint", stage="after")
    assert "evidence" not in missing()


def test_the_file_as_it_came_is_saved_for_a_reason_that_stands_in_the_record(made, desk):
    data = photo("heic", turned=6)
    sent(desk("planner"), f"/desk/repairs/{made['repair']}/photo", photo=file(data), shows="Mould", audience="all")
    kept = latest(made)
    path = f"/desk/repairs/{made['repair']}/original/{kept.id}"
    assert path in desk("records").get(f"/desk/repairs/{made['repair']}").content.decode()
    assert hashlib.sha256(data).hexdigest() in words_of(desk("records"), path)
    assert refused(desk("records"), path, why="")
    answer = send(desk("records"), path, why="The date is disputed")
    assert b"".join(answer.streaming_content) == data
    assert place_in(data)  # with all that the camera wrote
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    page = words_of(desk("planner"), f"/desk/repairs/{made['repair']}")
    assert "was taken as it came" in page
    assert "The date is disputed" in page
    for role in ("operative", "contractor", "contact_centre", "surveyor"):
        assert desk(role).get(path).status_code == 403
        assert desk(role).post(path, {"nonce": new_nonce(), "why": "I want it"}).status_code == 403
    other = story.report(fault="damp_mould", room="bedroom")
    assert desk("records").get(f"/desk/repairs/{other.leads}/original/{kept.id}").status_code == 404
    restrict(cast.RUTH)
    assert desk("records").get(f"/desk/repairs/{made['repair']}/original/{made['photo']}").status_code == 404


def test_of_an_erased_photo_nobody_takes_the_file(landlord, made, desk):
    landlord.erase(cast.RUTHS_TENANCY, "case")
    path = f"/desk/repairs/{made['repair']}/original/{made['photo']}"
    assert desk("records").get(path).status_code == 404
    with pytest.raises(Refused, match="no_such_photo"):
        story.do(actions.take_original, photo=made["photo"], why="To see it")


@pytest.mark.parametrize("kind", ["mp4", "webm"])
def test_a_video_is_kept_whole_shown_as_a_film_and_erased_with_its_key(landlord, made, desk, monkeypatch, kind):
    monkeypatch.setattr(spool, "PART", 500)  # so that it is kept in more parts than one
    data, job = video(kind, seconds=2), f"/desk/jobs/{made['work']}"
    sent(desk("operative"), f"{job}/photo", photo=file(data), shows="The joint drips", stage="after")
    kept = latest(made)
    assert kept.film
    assert kept.rest
    path = f"/desk/repairs/{made['repair']}"
    page = desk("planner").get(path).content.decode()
    assert 'aria-label="The joint drips"' in page
    assert "Video added, after the work" in words_of(desk("planner"), path)
    assert "media-src 'self'" in desk("planner").get(path)["Content-Security-Policy"]
    film = desk("operative").get(f"{job}/photos/{kept.id}/film")
    assert (film["Content-Type"], film["X-Content-Type-Options"]) == ("video/mp4", "nosniff")
    assert b"Ember" not in film.content
    piece = desk("planner").get(f"{path}/photos/{kept.id}/film", headers={"Range": "bytes=4-11"})
    assert (piece.status_code, piece.content) == (206, b"ftypisom")
    assert piece["Content-Range"] == f"bytes 4-11/{len(film.content)}"
    beyond = desk("planner").get(f"{path}/photos/{kept.id}/film", headers={"Range": "bytes=999999999-"})
    assert beyond.status_code == 416
    assert opened(desk("planner").get(f"{path}/photos/{kept.id}/small").content).format == "JPEG"
    answer = send(desk("records"), f"{path}/original/{kept.id}", why="To hear it")
    assert b"".join(answer.streaming_content) == data
    assert f"{kept.file['sha256'][:8]}.{kind}" in answer["Content-Disposition"]
    assert desk("stranger").get(f"{job}/photos/{kept.id}/film").status_code == 404
    assert desk("planner").get(f"{path}/photos/{made['photo']}/film").status_code == 404  # a photo is no video
    landlord.erase(cast.RUTHS_TENANCY, "case")
    assert desk("planner").get(f"{path}/photos/{kept.id}/film").status_code == 404
    assert "This video was erased" in words_of(desk("planner"), path)


def test_a_repair_takes_only_so_many_videos(made, desk, monkeypatch):
    from lamplit.repairs.actions import photos as limits

    monkeypatch.setattr(limits, "MOST_VIDEOS", 1)
    path = f"/desk/repairs/{made['repair']}/photo"
    sent(desk("planner"), path, photo=file(video()), shows="x", audience="all")
    assert "That is as many as one repair takes" in refused(
        desk("planner"), path, photo=file(video("mov")), shows="x", audience="all"
    )
    sent(desk("planner"), path, photo=file(photo()), shows="x", audience="all")


def test_what_waited_on_a_device_comes_once_and_only_from_whoever_put_it_there(made, desk):
    """As the page's script sends it: nothing but `kept` says that we have it."""
    path, browser = f"/desk/jobs/{made['work']}/photo", desk("operative")
    shown = browser.get(path).content.decode()
    sender = re.search(r'data-outbox-sender="([0-9a-f]{32})"', shown)[1]
    told = {"nonce": new_nonce(), "shows": "The joint", "stage": "after", "sender": sender}

    def post(client: Any, data: bytes, each: str, **more: str) -> Any:
        fields = {**told, **more, "each": each, "photo": file(data)}
        return client.post(path, fields, headers={"Accept": "application/json"})

    before = len(photos(made))
    for each in ("a" * 32, "b" * 32, "a" * 32):  # chosen together; the answer to the first was lost
        answer = post(browser, photo("png") if each[0] == "b" else photo(), each)
        assert (answer.status_code, answer.json()["kept"]) == (200, True)
    assert len(photos(made)) == before + 2
    wrong = post(browser, b"MZ hello", "c" * 32)
    assert (wrong.status_code, wrong.json()["kept"]) == (422, False)
    assert "We cannot read this kind of file" in wrong.json()["why"][0]
    for client, whose in ((desk("contractor"), sender), (browser, ""), (browser, "0" * 32)):
        other = post(client, photo(), "d" * 32, sender=whose)
        assert (other.status_code, other.json()) == (409, {"kept": False})
    assert post(Client(), photo(), "e" * 32).status_code == 302  # to sign in: it goes on waiting
    assert len(photos(made)) == before + 2

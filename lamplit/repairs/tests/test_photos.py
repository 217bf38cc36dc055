"""Photos of repairs: kept sealed beside the record, seen by those whose they are to see, gone with their key."""

import hashlib

import pytest

from lamplit.basics import who
from lamplit.basics.picture import Picture
from lamplit.basics.refusal import Refused
from lamplit.basics.working_days import london_date
from lamplit.record.blobs import read_blob
from lamplit.repairs import actions, queries
from lamplit.repairs.actions import photos as limits
from lamplit.repairs.models import Photo
from lamplit.repairs.tests import story
from lamplit.repairs.tests.story import AT, DAY, do
from tests import cast
from tests.landlord import Landlord

NOW, ON = AT + DAY, london_date(AT + DAY)
PICTURE = Picture(kind="jpeg", original=b"as it came, with where it was taken", large=b"for showing", small=b"for a list")


@pytest.fixture(autouse=True)
def begun(landlord: Landlord) -> Landlord:
    story.begin()
    return landlord


def add(repair: str, **kwargs: object) -> str:
    return do(actions.add_photo, repair=repair, **{"picture": PICTURE, "shows": "Black mould above the bed", **kwargs})


def of(repair: str, **kwargs: object) -> set[str]:
    return {photo.id for photo in queries.case(repair, now=NOW, **kwargs).photos}


def of_tenant(repair: str, person: str) -> set[str]:
    return {photo.id for photo in queries.tenant_case(repair, person, now=NOW, on=ON).photos}


def test_it_is_kept_sealed_and_published_with_its_entry(begun):
    made = story.report()
    photo = Photo.objects.get(id=add(made.leads))
    assert [queries.picture_of(photo, size) for size in ("large", "small")] == [b"for showing", b"for a list"]
    assert photo.file["sha256"] == hashlib.sha256(PICTURE.original).hexdigest()
    begun.publish()
    for name, plain in ((photo.original, PICTURE.original), (photo.large, PICTURE.large), (photo.small, PICTURE.small)):
        stored = begun.store.get(f"blobs/{name}")
        assert hashlib.sha256(stored).hexdigest() == name
        assert plain not in stored
    entries = b"".join(begun.entries())
    assert b"photo.added" in entries
    assert photo.file["sha256"].encode() not in entries


def test_the_original_comes_back_byte_for_byte():
    photo = Photo.objects.get(id=add(story.report().leads))
    from lamplit.record.blobs import read_sealed

    assert read_sealed(photo.original, queries.blob_of(photo.id, "original")) == PICTURE.original


def test_sent_twice_it_is_kept_once():
    made = story.report()
    twice = [
        actions.add_photo(repair=made.leads, picture=PICTURE, shows="Mould", by=cast.BY_PRIYA, at=AT, command="form:twice")
        for _ in range(2)
    ]
    assert twice[0] == twice[1]
    assert of(made.leads) == {twice[0]}


def test_another_photo_is_another_command():
    made = story.report()
    given = {"repair": made.leads, "by": cast.BY_PRIYA, "at": AT, "command": "form:once"}
    actions.add_photo(picture=PICTURE, **given)
    other = Picture(kind="jpeg", original=b"another", large=b"for showing", small=b"for a list")
    with pytest.raises(Refused, match="command_reused"):
        actions.add_photo(picture=other, **given)


def test_after_an_erasure_nothing_of_it_can_be_read(begun):
    made = story.report()
    photo = add(made.leads, person=cast.RUTH, by=who.person(cast.RUTH))
    begun.erase(cast.RUTHS_TENANCY, "case")
    kept = Photo.objects.get(id=photo)
    assert not queries.can_be_shown(kept)
    assert queries.picture_of(kept, "large") is None
    assert read_blob(kept.large)  # the ciphertext stays: the record never loses anything
    assert of_tenant(made.leads, cast.RUTH) == {photo}  # so that her page can say so


def test_whose_words_are_erased_her_picture_is_shown_no_more(begun):
    made = story.report()
    photo = add(made.leads, person=cast.RUTH, by=who.person(cast.RUTH), audience="restricted")
    begun.erase(cast.RUTH, "case")
    assert queries.picture_of(Photo.objects.get(id=photo), "small") is None


def test_a_tenant_sees_her_own_and_what_our_people_took_for_her():
    made = story.report()
    hers = add(made.leads, person=cast.RUTH, by=who.person(cast.RUTH))
    ours = add(made.leads)
    add(made.leads, audience="staff")
    add(made.leads, audience="restricted")
    add(made.leads, by=who.visitor())
    add(made.leads, person=cast.TOMASZ, by=who.person(cast.TOMASZ))
    assert of_tenant(made.leads, cast.RUTH) == {hers, ours}


def test_her_timeline_tells_of_no_photo_that_is_not_for_her():
    made = story.report()
    add(made.leads, audience="staff")
    case = queries.tenant_case(made.leads, cast.RUTH, now=NOW, on=ON)
    assert [line.kind for line in case.timeline].count("photo.added") == 0


def test_a_neighbour_who_joined_sees_nothing_of_another_home():
    made = story.report()
    from lamplit.repairs.actions import Said

    below = story.report(Said(fault="leak_fitting", room="kitchen"), home=cast.TOMASZS_HOME, reporter=cast.TOMASZ)
    if below.leads != made.leads:
        for work in story.works(below):
            do(actions.cancel_work, work=work.id, why="The same leak")
        do(actions.join_repair, repair=below.leads, into=made.leads, why="The same leak")
    ours, his = add(made.leads), add(below.repair, person=cast.TOMASZ, by=who.person(cast.TOMASZ))
    assert of_tenant(made.leads, cast.TOMASZ) == {his}
    assert of_tenant(made.leads, cast.RUTH) == {ours}
    assert of(made.leads) == {ours, his}


def test_restricted_photos_are_for_few():
    made = story.report()
    hidden, seen = add(made.leads, audience="restricted"), add(made.leads)
    assert of(made.leads) == {seen}
    assert of(made.leads, restricted=True) == {hidden, seen}


def test_who_does_a_work_sees_the_photos_of_that_home_for_everybody():
    made = story.report()
    work = story.works(made)[0]
    seen = {add(made.leads), add(made.leads, work=work.id, stage="before", by=cast.BY_COL)}
    add(made.leads, audience="staff")
    job = queries.job(work.id, staff=cast.COL, contractor=None, every=True)
    assert {photo.id for photo in queries.photos_for_job(job)} == seen


def test_a_repair_that_is_over_still_takes_photos():
    made = story.report()
    story.mend_all(made, at=AT + DAY)
    do(actions.close_repair, at=AT + 2 * DAY, repair=made.leads, how="not_ours", why="It is the council's")
    assert not story.row(made).live
    photo = add(made.leads, at=AT + 2 * DAY)
    assert of(made.leads) == {photo}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"repair": "r_00000000000000000000"}, "no_such_repair"),
        ({"work": "w_00000000000000000000"}, "no_such_work"),
        ({"audience": "everybody"}, "no_such_choice"),
        ({"shows": "x" * 9_000}, "too_long"),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_kept(wrong, code):
    made = story.report()
    with pytest.raises(Refused, match=code):
        add(**{"repair": made.leads, **wrong})
    assert not Photo.objects.exists()


def test_another_repairs_work_is_refused():
    from lamplit.repairs.actions import Said

    made, other = story.report(), story.report(Said(fault="damp_mould", room="bedroom"))
    with pytest.raises(Refused, match="no_such_work"):
        add(made.leads, work=story.works(other)[0].id)


def test_a_repair_takes_only_so_many(monkeypatch):
    monkeypatch.setattr(limits, "MOST", 2)
    made = story.report()
    add(made.leads)
    add(made.leads)
    with pytest.raises(Refused, match="too_many_photos"):
        add(made.leads)

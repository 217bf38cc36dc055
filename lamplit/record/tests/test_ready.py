"""A ready query answers as the query set does from which it was made, with whatever values it is asked."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from lamplit.homes.models import Home
from lamplit.people.models import Person
from lamplit.record.ready import Ready, ReadyColumns, counted
from lamplit.tenancies.models import Tenancy
from tests import cast


@pytest.fixture(autouse=True)
def _cast(shared_landlord):
    if not Home.objects.exists():
        cast.settle(cast.AT)


def test_it_gives_the_rows_that_django_gives():
    ready = Ready(lambda home: Home.objects.filter(id=home))
    for row in Home.objects.all():
        assert vars(ready.first(home=row.id)).keys() == vars(row).keys()
        assert [(f.name, getattr(ready.first(home=row.id), f.name)) for f in Home._meta.fields] == [
            (f.name, getattr(row, f.name)) for f in Home._meta.fields
        ]
    assert ready.first(home="h_nowhere") is None


def test_it_gives_columns_as_their_fields_read_them():
    ready = ReadyColumns(lambda homes: Home.objects.filter(id__any=homes).order_by("id"), "id", "address")
    ids = sorted(Home.objects.values_list("id", flat=True))
    for wanted in (ids, ids[:1], []):
        expected = list(Home.objects.filter(id__in=wanted).order_by("id").values_list("id", "address"))
        assert [tuple(row) for row in ready.all(homes=wanted)] == expected
    assert ready.column(homes=ids) == ids


def test_it_takes_days_and_what_never_changes_stays():
    ready = Ready(lambda on: Tenancy.objects.filter(models.Q(ended_on=None) | models.Q(ended_on__gt=on), started_on__lte=on))
    for on in (date(1990, 1, 1), cast.AT.date(), date(2050, 1, 1)):
        ended_later = models.Q(ended_on=None) | models.Q(ended_on__gt=on)
        assert {row.id for row in ready.all(on=on)} == set(
            Tenancy.objects.filter(ended_later, started_on__lte=on).values_list("id", flat=True)
        )


def test_it_takes_numbers_and_moments():
    near = ReadyColumns(lambda low, high: Home.objects.filter(storey__range=(low, high)), "id")
    assert set(near.column(low=0, high=3)) == set(Home.objects.filter(storey__range=(0, 3)).values_list("id", flat=True))
    assert near.column(low=98, high=99) == []
    moment = ReadyColumns(lambda at: Person.objects.annotate(at=models.Value(at)).filter(id="p_nobody", at=at), "id")
    assert moment.column(at=datetime(2026, 1, 1, tzinfo=UTC)) == []


def test_none_and_a_limit_are_spelt_on_their_own():
    asked = []

    def build(block):
        asked.append(block)
        found = Home.objects.order_by("id")
        return found if block is None else found.filter(block=block)

    ready, every = ReadyColumns(build, "id"), list(Home.objects.order_by("id").values_list("id", flat=True))
    for _ in range(2):
        assert ready.column(block=None) == every
        assert ready.column(block="b_nowhere") == []
        assert ready.all(block=None, limit=1) == [(every[0],)]
    assert len(asked) == 3


def test_it_counts_each_filter_in_one_pass():
    ready = ReadyColumns(
        lambda home: counted(Home.objects.all(), every=models.Q(), one=models.Q(id=home), none=models.Q(id="")),
        "every",
        "one",
        "none",
    )
    some = Home.objects.first()
    assert ready.all(home=some.id) == [(Home.objects.count(), 1, 0)]
    assert ready.all(home="h_nowhere") == [(Home.objects.count(), 0, 0)]


def test_django_spells_it_once():
    asked = []

    def build(home):
        asked.append(home)
        return Home.objects.filter(id=home)

    ready = Ready(build)
    with CaptureQueriesContext(connection) as sent:
        ready.all(home="h_one")
        ready.all(home="it's 100% \\ of \x01 two")
    assert len(asked) == 1
    assert len(sent) == 2


@pytest.mark.parametrize(
    ("build", "value"),
    [
        (lambda text: Home.objects.filter(words__contains=text), "ember"),
        (lambda text: Home.objects.filter(id=text.upper() + "!"), "h_ember"),
        (lambda text: Home.objects.filter(id=text), True),
    ],
)
def test_it_refuses_a_value_that_is_more_than_a_value(build, value):
    with pytest.raises(TypeError):
        Ready(build).all(text=value)


def test_the_server_keeps_what_is_asked_again_and_reads_it_anew_when_the_table_has_changed(shared_landlord):
    ready = ReadyColumns(lambda home, uprn: Home.objects.filter(id=home).exclude(uprn=uprn), "id")
    expected = [Home.objects.order_by("id").values_list("id", flat=True)[0]]
    kept = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%NOT%%uprn%%'"
    with shared_landlord.connect("owner") as db, connection.cursor() as cursor:
        for change in (None, "ADD COLUMN beside text", "DROP COLUMN beside"):
            if change is not None:
                db.execute(f"ALTER TABLE folded.home {change}")
                db.commit()
            for _ in range(7):  # from the sixth time on PostgreSQL may keep its plan too
                assert ready.column(home=expected[0], uprn="1") == expected
            cursor.execute(kept)
            assert cursor.fetchone() == (1,)

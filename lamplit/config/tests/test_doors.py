"""What all doors share: limits, forms that are sent once, error pages, logs, plain tables."""

import logging
import select
import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, connections
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings

from lamplit.basics.refusal import Refused
from lamplit.config import errors, limits
from lamplit.config.forms import SentOnce, new_nonce
from lamplit.config.limits import Limit, TooManyError
from lamplit.config.logs import WithoutWords
from lamplit.config.photos import uploads
from lamplit.config.plain_tables import PLAIN_TABLES
from lamplit.config.postgres.base import ASK_EVERY
from lamplit.config.sessions import SessionStore
from lamplit.config.setup import plain_apps

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TWICE = Limit("tests", 2, timedelta(hours=1))


def test_it_lets_as_many_through_as_the_limit_says_and_tells_when_to_come_back(landlord):
    for _ in range(2):
        limits.count(TWICE, "una", AT)
    with pytest.raises(TooManyError) as told:
        limits.count(TWICE, "una", AT + timedelta(minutes=20))
    assert told.value.wait == timedelta(minutes=40)


def test_it_counts_each_by_herself_and_each_limit_by_itself(landlord):
    for whom in ("una", "una", "otto", "otto"):
        limits.count(TWICE, whom, AT)
    limits.count(Limit("others", 2, timedelta(hours=1)), "una", AT)


def test_it_begins_anew_when_the_time_is_over(landlord):
    for hours in (0, 0, 1, 1):
        limits.count(TWICE, "una", AT + timedelta(hours=hours))


def test_it_keeps_nobodys_name_and_forgets_what_is_over(landlord):
    limits.count(TWICE, "una@home.example", AT)
    limits.count(TWICE, "otto", AT + timedelta(days=3))
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM counted")
        keys = [key for (key,) in cursor.fetchall()]
    assert len(keys) == 1
    assert "otto" not in keys[0]


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "address"),
    [
        (0, "192.0.2.7", "", "192.0.2.7"),
        (0, "192.0.2.7", "203.0.113.9", "192.0.2.7"),
        (1, "10.0.0.1", "203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "10.0.0.1", "198.51.100.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (1, "10.0.0.1", "", "10.0.0.1"),
        (1, "10.0.0.1", "nonsense", "unreadable"),
        (0, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
    ],
)
def test_the_address_is_the_one_that_nobody_else_can_write(proxies, remote, forwarded, address):
    request = RequestFactory().get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded)
    with override_settings(PROXIES=proxies):
        assert limits.address_of(request) == address


def test_a_form_gives_a_command_of_its_own_and_one_for_each_part():
    nonce = new_nonce()
    form, again, other = SentOnce({"nonce": nonce}), SentOnce({"nonce": nonce}), SentOnce({"nonce": new_nonce()})
    assert form.is_valid()
    assert again.is_valid()
    assert other.is_valid()
    assert form.command() == again.command() != other.command()
    assert form.command("note") == f"{form.command()}.note"
    assert form.command().startswith("form:")


@pytest.mark.parametrize("nonce", [None, "", "mine", "mine:and-a-wrong-signature", "\x00"])
def test_a_nonce_that_we_did_not_sign_is_refused_at_the_top_of_the_page(nonce):
    form = SentOnce({} if nonce is None else {"nonce": nonce})
    assert form.non_field_errors() == ["This page is out of date. Load it again, then send it once more."]


def test_an_unknown_page_says_so_and_whom_to_ring(landlord):
    page = Client().get("/no/such/page")
    assert page.status_code == 404
    assert b"We cannot find that page" in page.content
    assert b"0303 100 0100" in page.content


def test_a_page_left_open_too_long_says_that_nothing_was_sent(landlord):
    page = Client(enforce_csrf_checks=True).post("/sign-in", {"contact": "07700 900005"})
    assert page.status_code == 403
    assert b"Nothing was sent" in page.content


@pytest.mark.parametrize(
    ("show", "status"),
    [(errors.bad_request, 400), (errors.forbidden, 403), (errors.missing, 404), (errors.broken, 500), (errors.stale, 403)],
)
def test_error_pages_need_no_database_and_blame_nobody(show, status):
    page = show(RequestFactory().get("/"))
    assert page.status_code == status
    words = page.content.decode()
    assert "0303 100 0100" in words
    for blame in ("invalid", "illegal", "forbidden", "your mistake"):
        assert blame not in words.lower()


def test_asking_too_often_says_how_long_to_wait():
    page = errors.too_many(RequestFactory().get("/"), TooManyError(timedelta(minutes=14, seconds=1)))
    assert (page.status_code, page["Retry-After"]) == (429, "841")
    assert b"Please wait 15 minutes" in page.content


def test_a_refusal_that_no_form_shows_is_a_page_with_its_words():
    page = errors.refused(RequestFactory().get("/"), Refused("repairs.no_such_repair", repair="r_1"))
    assert page.status_code == 400
    assert b"We cannot find that repair" in page.content


def test_a_log_says_where_and_what_kind_and_never_the_words():
    try:
        try:
            raise ValueError("Ruth Adeyemi")
        except ValueError as inner:
            raise DatabaseError("Key (name)=(Ruth Adeyemi)") from inner
    except DatabaseError as error:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "broke", None, (type(error), error, error.__traceback__))
    said = WithoutWords("{message}", style="{").format(record)
    assert "DatabaseError from ValueError" in said
    assert "test_doors.py" in said
    assert "raise DatabaseError(" not in said.splitlines()[-1]
    assert "Ruth Adeyemi" not in "\n".join(line for line in said.splitlines() if not line.startswith("    "))


def test_every_table_that_does_not_follow_from_the_record_is_listed_by_name():
    tables = {
        model._meta.db_table
        for label in plain_apps()
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    }
    assert tables == set(PLAIN_TABLES)


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites():
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"


def test_whether_a_connection_stands_is_asked_seldom_and_one_that_was_ended_is_never_used(landlord, monkeypatch):
    asked, here = [], connections["default"]
    usable = here.is_usable
    monkeypatch.setattr(here, "is_usable", lambda: asked.append(1) or usable())
    here._asked_at = float("-inf")

    def request() -> int:
        here.close_if_unusable_or_obsolete()
        with here.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return cursor.fetchone()[0]

    first = {request() for _ in range(4)}
    assert len(first) == len(asked) == 1
    here._asked_at = time.monotonic() - ASK_EVERY
    assert {request()} == first
    assert len(asked) == 2
    with landlord.connect("admin") as db:
        db.execute("SELECT pg_terminate_backend(%s)", [*first])
    assert select.select([here.connection], [], [], 10)[0]
    assert request() not in first


def test_only_what_is_more_than_words_makes_a_web_process_give_its_memory_back(monkeypatch):
    given = []
    monkeypatch.setattr(uploads, "give_back", lambda: given.append(1))
    guard = uploads.BodyLimit(lambda _: HttpResponse())
    match = SimpleNamespace(func=uploads.takes_file(lambda _: None))
    for size in (2_000, uploads.WORDS_BODY + 1):
        request = RequestFactory().post("/report", b"x" * size, content_type="application/octet-stream")
        request.resolver_match = match
        guard(request)
    assert len(given) == 1


def test_a_session_is_found_for_as_long_as_it_lives(landlord):
    begun = SessionStore()
    begun["person"] = "p_1"
    begun.save()
    assert SessionStore(begun.session_key)["person"] == "p_1"
    begun.set_expiry(-1)
    begun.save()
    over = SessionStore(begun.session_key)
    assert "person" not in over
    assert over.session_key is None

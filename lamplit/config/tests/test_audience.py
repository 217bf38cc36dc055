"""Every address says whom it is for, and nobody else gets in."""

import re
from collections.abc import Iterator
from functools import partial

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from lamplit.config.audience import ANY_STAFF, Audience, audience_of, for_everyone, for_staff, for_system, for_tenant
from lamplit.config.middleware import Audience as Gate
from lamplit.staff.rules import PERMISSIONS

SAMPLES = ("1", "x_none", "r_01m84tqzhft06zqezybt", "2026-03-02")


def nothing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("a secret")


def addresses(resolver: URLResolver, prefix: str = "/") -> Iterator[tuple[str, URLPattern]]:
    """Every view with a path that leads to it: each part is filled with something of its kind."""
    for one in resolver.url_patterns:
        path = prefix + filled(one)
        if isinstance(one, URLResolver):
            yield from addresses(one, path)
        else:
            yield path, one


def filled(one: URLResolver | URLPattern) -> str:
    kinds = one.pattern.converters

    def fits(part: re.Match[str]) -> str:
        return next(sample for sample in SAMPLES if re.fullmatch(kinds[part[1]].regex, sample))

    return re.sub(r"<(?:\w+:)?(\w+)>", fits, str(one.pattern))


def every_address() -> list[tuple[str, URLPattern]]:
    return list(addresses(get_resolver()))


def test_every_address_says_whom_it_is_for():
    silent = [path for path, one in every_address() if audience_of(one.callback) is None]
    assert silent == []


def test_every_permission_that_an_address_asks_for_is_one_that_staff_can_have():
    declared = [audience_of(one.callback) for _, one in every_address()]
    wanted = {one.permission for one in declared if one is not None and one.kind == "staff"}
    assert wanted <= set(PERMISSIONS)


def test_a_stranger_is_led_to_sign_in_or_turned_away_from_every_page_that_is_not_for_everyone(landlord):
    stranger, let_in, closed = Client(), [], 0
    for path, one in every_address():
        declared = audience_of(one.callback)
        if declared is None or declared.kind == "everyone":
            continue
        closed += 1
        for ask in (stranger.get, stranger.post):
            answer = ask(path)
            led = answer.status_code == 302 and re.match(r"/(desk/)?sign-in\b", answer["Location"])
            if not led and answer.status_code not in ((401,) if declared.kind == "system" else (403,)):
                let_in.append((path, answer.status_code))
    assert let_in == []
    assert closed > 10


def test_a_page_that_declares_nothing_is_shown_to_nobody(landlord):
    answer = Gate(nothing).process_view(RequestFactory().get("/x"), nothing, (), {})  # type: ignore[arg-type]
    assert answer is not None
    assert answer.status_code == 403
    assert b"a secret" not in answer.content


@pytest.mark.parametrize(
    ("mark", "audience"),
    [
        (for_everyone, Audience("everyone")),
        (for_tenant, Audience("tenant")),
        (for_system, Audience("system")),
        (for_staff("search"), Audience("staff", "search")),
        (for_staff(), Audience("staff", ANY_STAFF)),
    ],
)
def test_a_mark_is_what_it_says(mark, audience):
    assert audience_of(mark(partial(nothing))) == audience


def test_a_page_that_shows_a_person_is_kept_by_no_browser(landlord):
    assert Client().get("/")["Cache-Control"] == "no-store"

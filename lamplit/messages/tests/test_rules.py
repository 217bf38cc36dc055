"""What may be said and sent."""

from datetime import UTC, datetime, timedelta

import pytest

from lamplit.basics.refusal import Refused
from lamplit.messages import rules
from lamplit.messages.rules import Way, Wishes
from tests.cast import AT

TEXT, EMAIL = Way(channel="text", to="+447700900005"), Way(channel="email", to="ruth@example.org")


@pytest.mark.parametrize(
    "words",
    ["See https://pay.example", "Go to WWW.pay.example now", "http://x"],
)
def test_it_refuses_a_link(words: str) -> None:
    with pytest.raises(Refused, match=r"messages\.has_link"):
        rules.check_body("Your rent", words)


@pytest.mark.parametrize(
    "words",
    [
        "Pay to 12-34-56",
        "Pay to 12 34 56 now",
        "Account 12345678.",
        "Card 4111 1111 1111 1111",
        "Card 4111111111111111",
        "IBAN GB29 NWBK 6016 1331 9268 19",
    ],
)
def test_it_refuses_a_number_to_pay_to(words: str) -> None:
    with pytest.raises(Refused, match=r"messages\.asks_for_money"):
        rules.check_body("Your rent", words)


@pytest.mark.parametrize(
    "words",
    [
        "Call 0300 111 3000 or 0303 100 0100",
        "Call 01632 960005, or +447700900005, or 07700900005",
        "Report M-1234-5678 of 1 December 2026 at 2:40pm",
        "By 12-12-2026",
    ],
)
def test_it_lets_telephone_numbers_dates_and_references_through(words: str) -> None:
    rules.check_body("Your repair", words)


def test_it_refuses_to_say_nothing_or_too_much() -> None:
    with pytest.raises(Refused, match=r"messages\.nothing_said"):
        rules.check_contact("call", "in", "  \n", "all")
    with pytest.raises(Refused, match=r"messages\.too_long"):
        rules.check_contact("call", "in", "x" * (rules.LONGEST + 1), "all")
    with pytest.raises(Refused, match=r"messages\.no_such_choice"):
        rules.check_contact("pigeon", "in", "Coo", "all")


def test_a_promise_has_words_and_a_time_to_come() -> None:
    with pytest.raises(Refused, match=r"messages\.nothing_promised"):
        rules.check_promise(" ", AT + timedelta(hours=1), AT)
    with pytest.raises(Refused, match=r"messages\.promise_without_time"):
        rules.check_promise("Ring back", None, AT)
    with pytest.raises(Refused, match=r"messages\.promise_in_the_past"):
        rules.check_promise("Ring back", AT, AT)
    assert rules.check_promise("Ring back", AT + timedelta(hours=1), AT) == AT + timedelta(hours=1)


def test_the_code_is_the_very_end() -> None:
    assert rules.with_code("Hello.\n\n", "7KDQ42").endswith("\n\nCheck this message: code 7KDQ42")


def test_it_takes_the_asked_channel_if_there_is_one_else_the_best() -> None:
    assert rules.best_way([TEXT, EMAIL], "email") == EMAIL
    assert rules.best_way([TEXT, EMAIL], "post") == TEXT
    assert rules.best_way([], "post") is None


def test_the_next_way_was_not_tried() -> None:
    assert rules.next_way([TEXT, EMAIL], [TEXT]) == EMAIL
    assert rules.next_way([TEXT, EMAIL], [EMAIL, TEXT]) is None


def test_a_message_ends_when_the_provider_says_so_or_after_the_last_try() -> None:
    for pace in (rules.pace(clock=False), rules.pace(clock=True)):
        assert rules.is_final(1, True, pace)
        assert not rules.is_final(len(pace.waits), False, pace)
        assert rules.is_final(len(pace.waits) + 1, False, pace)


def test_where_a_clock_runs_silence_counts_on_the_same_day():
    morning, evening = datetime(2026, 3, 2, 9, 0, tzinfo=UTC), datetime(2026, 3, 2, 19, 30, tzinfo=UTC)
    clock, usual = rules.pace(clock=True), rules.pace(clock=False)
    assert rules.is_late(morning, morning + timedelta(hours=4), clock)
    assert not rules.is_late(morning, morning + timedelta(hours=3), clock)
    assert rules.is_late(evening, evening + timedelta(hours=1), clock)
    assert not rules.is_late(evening, evening + timedelta(minutes=50), clock)
    assert not rules.is_late(evening, evening + timedelta(hours=71), usual)
    assert rules.is_late(evening, evening + timedelta(hours=72), usual)


def test_what_a_provider_calls_a_message_says_which_attempt_it_is():
    message = "m_0q9s0000000000000000"
    assert rules.read_key(rules.key_of(message, 0)) == (message, 0)
    assert rules.read_key(rules.key_of(message, 3)) == (message, 3)
    for bad in ("", "m_short", f"{message}.0", f"{message}.12345", f"p{message[1:]}", f"{message}\n"):
        assert rules.read_key(bad) is None
    assert rules.is_of_now(0, "ordered", 0)
    assert rules.is_of_now(0, "sent", 1)
    assert not rules.is_of_now(0, "ordered", 1)
    assert not rules.is_of_now(0, "sent", 2)


PHONE = "0303 100 0100"


def test_whoever_reads_another_language_finds_in_it_how_to_get_help():
    done = rules.convey(Wishes(language="Polish"), PHONE)
    assert done.first == "Polski: Jeśli potrzebują Państwo pomocy w języku polskim, prosimy zadzwonić pod numer 0303 100 0100."
    assert done.by_hand == ()
    assert rules.convey(Wishes(language=" POLSKI "), PHONE) == rules.convey(Wishes(language="pl"), PHONE) == done


@pytest.mark.parametrize("language", ["Somali", "Klingon", "bsl"])
def test_without_a_sentence_it_goes_to_a_person_and_is_never_english_alone(language):
    done = rules.convey(Wishes(language=language), PHONE)
    assert done.first is None
    assert "interpreter" in done.by_hand[0]
    assert (language == "bsl") == ("British Sign Language interpreter" in done.by_hand[0])


@pytest.mark.parametrize("language", [None, "", "English", "en"])
def test_who_reads_english_gets_the_message_as_it_is(language):
    assert rules.convey(Wishes(language=language), PHONE) == rules.Conveyed()


def test_a_need_of_an_interpreter_alone_goes_to_a_person():
    assert "ask which language" in rules.convey(Wishes(interpreter=True), PHONE).by_hand[0]


def test_a_printer_makes_large_print_and_a_person_makes_what_else_was_asked_for():
    assert rules.convey(Wishes(format="large_print"), PHONE) == rules.Conveyed(format="large print")
    easy = rules.convey(Wishes(format="Easy read"), PHONE)
    assert (easy.format, easy.by_hand) == ("easy read", ("in easy read",))
    assert rules.convey(Wishes(format="standard"), PHONE) == rules.Conveyed()


def test_whoever_wants_to_be_rung_is_rung():
    assert rules.convey(Wishes(channel="phone"), PHONE).by_hand == ("by ringing them, as they asked",)
    assert rules.convey(Wishes(channel="email"), PHONE).by_hand == ()


def test_every_sentence_names_the_number_and_no_language_is_there_twice():
    known = rules.languages()
    assert all("{phone}" in one.sentence for one in known if one.sentence)
    spelt = [name for one in known for name in {one.name.lower(), one.own_name.lower(), *one.also}]
    assert len(spelt) == len(set(spelt))
    assert sum(one.sentence is not None for one in known) >= 5

"""Standard 18: what is written reads back the same, and what was changed on the way is found."""

from datetime import date

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from lamplit.exchange.bacs.standard18 import Control, Item, NotWritable, Origin, Submission, control, write, written_as
from lamplit.exchange.bacs.written import NotAsExpected, check_written, read

OURS = Origin(
    user_number="612345", user_name="Elm & Ash Homes", sort_code="100001", account="87654321", account_name="Elm & Ash Rents"
)
FILE = Submission(serial="A00001", created_on=date(2026, 11, 26), expires_on=date(2027, 1, 31))
MONDAY, TUESDAY = date(2026, 11, 30), date(2026, 12, 1)


def item(**changes):
    whole = {"sort_code": "200002", "account": "12345678", "code": "17", "pence": 1999, "reference": "RENT0001"}
    return Item(**{**whole, "name": "Amina Khan", "processing_on": MONDAY, **changes})


def test_a_file_of_one_day_by_its_positions():
    long = "Zoë O’Brien-Featherstonehaugh"
    items = [item(), item(code="01", pence=50_000, name=long, reference="RENT/0002"), item(code="0N", pence=0)]
    lines = write(OURS, FILE, items).decode().split("\r\n")
    assert [len(line) for line in lines] == [80] * 4 + [100] * 4 + [80] * 3 + [0]
    vol, hdr1, hdr2, uhl, first, second, lodged, contra, eof1, eof2, utl = lines[:-1]
    assert (vol[:10], vol[41:47], vol[79]) == ("VOL1A00001", "612345", "1")
    assert hdr1.rstrip() == "HDR1A612345S  1612345A0000100010001       26330 27031"
    assert hdr2.rstrip() == "HDR2F0200000100"
    assert uhl.rstrip() == "UHL1 26334999999    000000001 DAILY  001"
    assert first == f"20000212345678017{'10000187654321'}    00000001999ELM & ASH HOMES   RENT0001          AMINA KHAN        "
    assert second[82:] == "ZOE O BRIEN-FEATHE"
    assert lodged[15:17] + lodged[35:46] == "0N00000000000"
    assert (
        contra == f"{'10000187654321'}099{'10000187654321'}    00000051999ELM & ASH HOMES   CONTRA            ELM & ASH RENTS   "
    )
    assert (eof1[3:], eof2[3:], eof1[:3]) == (hdr1[3:], hdr2[3:], "EOF")
    assert utl.rstrip() == "UTL10000000051999000000005199900000020000001"
    assert control(items) == Control(debit_pence=51_999, credit_pence=51_999, debits=2, credits=1, instructions=1)


def test_a_file_of_many_days_has_a_contra_for_each():
    items = [item(processing_on=TUESDAY, pence=1), item(pence=2), item(pence=3), item(code="0C", pence=0, processing_on=TUESDAY)]
    data = write(OURS, FILE, items)
    lines = data.decode().split("\r\n")
    assert [len(line) for line in lines] == [80] * 4 + [106] * 6 + [80] * 3 + [0]
    assert lines[2][10:15] == "00106"
    assert lines[3][4:10] + lines[3][28:37] == "      4 MULTI  "
    assert [line[100:] for line in lines[4:10]] == [" 26334", " 26334", " 26335", " 26335", " 26334", " 26335"]
    assert check_written(data, control(items)).contras == {MONDAY: 5, TUESDAY: 1}


def test_a_file_of_payments_out():
    items = [item(code="99", reference="REFUND 1", pence=1250), item(code="99", reference="", pence=1)]
    data = write(OURS, FILE, items)
    found = check_written(data, Control(debit_pence=1251, credit_pence=1251, debits=1, credits=2, instructions=0))
    assert [one.pence for one in found.items] == [1250, 1]
    assert data.decode().split("\r\n")[6][15:17] == "17"


ITEMS = some.builds(
    item,
    sort_code=some.integers(0, 999_999).map("{:06}".format),
    account=some.integers(0, 99_999_999).map("{:08}".format),
    code=some.sampled_from(["01", "17", "18", "19", "0N", "0C", "0S"]),
    pence=some.integers(1, 99_999_999),
    reference=some.text("AZ09.&/ -", min_size=4, max_size=16).map("R{}9".format),
    name=some.text(min_size=1, max_size=24).map(lambda text: f"A{text}"),
    processing_on=some.sampled_from([MONDAY, TUESDAY, date(2026, 12, 24)]),
).map(lambda made: msgspec.structs.replace(made, pence=0) if made.code.startswith("0") and made.code != "01" else made)


@settings(max_examples=50, deadline=None)
@given(some.lists(ITEMS, min_size=1, max_size=6))
def test_whatever_is_written_reads_back_the_same(items):
    data = write(OURS, FILE, items)
    found = check_written(data, control(items))
    assert sorted(map(written_as, found.items)) == sorted(map(written_as, items))
    assert sum(found.contras.values()) == sum(one.pence for one in items)
    lengths = {len(line) for line in data.decode("ascii").split("\r\n")[4:-4]}
    assert lengths == {106 if len({one.processing_on for one in items}) > 1 else 100}


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (lambda data: data.replace(b"00000001999", b"00000001998", 1), "trailer says 51999 and the records make 51998"),
        (lambda data: data.replace(b"HDR2", b"HDR3"), "labels"),
        (lambda data: data[:-2], "cut short"),
        (lambda data: data.replace(b"20000212345678017", b"2000021234567801", 1), "not 100 characters"),
        (lambda data: data.replace(b"EOF1A6", b"EOF1A7"), "not those at the beginning"),
        (lambda data: data.replace(b"VOL1A00001", b"VOL1A00002"), "two serials"),
        (lambda data: data.replace(b"00000001999", b"0000000199X", 1), "cannot be read"),
        (lambda data: b"\r\n".join(data.split(b"\r\n")[:4] + data.split(b"\r\n")[5:]), "not the sum of its day"),
        (lambda _: b"<xml/>", "cut short"),
    ],
)
def test_a_file_that_was_changed_on_the_way_is_found(changed, says):
    items = [item(), item(pence=50_000)]
    with pytest.raises(NotAsExpected, match=says):
        check_written(changed(write(OURS, FILE, items)), control(items))


def test_a_contra_on_the_wrong_side_is_found():
    items = [item(), item(pence=50_000)]
    text = write(OURS, FILE, items).decode()
    text = text.replace("10000187654321099", "10000187654321017")
    text = text.replace(f"{51_999:013}{51_999:013}{2:07}{1:07}", f"{103_998:013}{0:013}{3:07}{0:07}")
    with pytest.raises(NotAsExpected, match="Debits and credits are not the same sum"):
        check_written(text.encode(), control(items))


def test_a_file_that_is_whole_but_not_what_was_to_be_sent_is_found():
    data = write(OURS, FILE, [item(), item(pence=50_000)])
    assert read(data).problems == ()
    with pytest.raises(NotAsExpected, match="line 0, debits: The file has 2 where 1 was to be sent"):
        check_written(data, control([item()]))


@pytest.mark.parametrize(
    ("changes", "column", "says"),
    [
        ({"sort_code": "20-00-02"}, "sort_code", "six digits"),
        ({"account": "١٢٣٤٥٦٧٨"}, "account", "eight digits"),
        ({"code": "0N"}, "pence", "carries no money"),
        ({"code": "77"}, "code", "not one that we may send"),
        ({"pence": 0}, "pence", "more than nothing"),
        ({"pence": 100_000_000_000}, "pence", "eleven digits"),
        ({"reference": "DDIC0001"}, "reference", "DDIC"),
        ({"name": "李"}, "name", "no letter that Bacs knows"),
        ({"code": "99", "reference": "lower"}, "reference", "capital letters"),
    ],
)
def test_an_item_that_cannot_be_sent_is_named(changes, column, says):
    with pytest.raises(NotWritable) as caught:
        write(OURS, FILE, [item(), item(**changes)])
    named = [problem for problem in caught.value.problems if problem.line == 2]
    assert [problem.column for problem in named] == [column]
    assert says in named[0].words


def test_a_file_that_cannot_be_sent_says_why():
    def words(items, origin=OURS, submission=FILE):
        with pytest.raises(NotWritable) as caught:
            write(origin, submission, items)
        return [problem.words for problem in caught.value.problems if problem.line == 0]

    assert words([]) == ["There is nothing to send."]
    assert words([item(processing_on=date(2026, 12, 25))]) == ["2026-12-25 is no working day."]
    assert "too near" in words([item(processing_on=FILE.created_on)])[0]
    assert words([item(processing_on=date(2026, 12, 29))]) == ["2026-12-29 is too far ahead: send it from 2026-11-29 on."]
    assert words([item(), item(code="99", reference="A")]) == ["Payments out (99) go into a file of their own."]
    assert words([item(pence=99_999_999_999), item()]) == ["One day adds up to more than a contra can hold. Make two files."]
    wrong = msgspec.structs.replace(OURS, user_number="61234", user_name="李", receiver="")
    assert len(words([item()], wrong, msgspec.structs.replace(FILE, serial="000000", expires_on=FILE.created_on))) == 5


def test_nothing_that_is_logged_shows_an_account_number():
    assert "12345" not in repr(item())
    assert "Amina" not in repr(item())
    assert "87654" not in repr(OURS)

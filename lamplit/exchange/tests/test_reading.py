"""Files as people really hand them over: read, or refused in words."""

from datetime import date

import pytest

from lamplit.exchange import cells
from lamplit.exchange.cells import CellWrong
from lamplit.exchange.columns import HOMES, PEOPLE
from lamplit.exchange.reading import Mapping, NoCsv, open_sheet

HEAD = "PropertyReference,AddressLine1,PostalCode\r\n"


@pytest.fixture
def rows(tmp_path):
    def read(content, encoding="utf-8", kind=HOMES):
        path = tmp_path / "file.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        sheet = open_sheet(path, kind, encoding)
        mapping = Mapping(kind, sheet.heading)
        return [mapping.read(line, "") for line in sheet.lines()]

    return read


def good(read):
    assert [problems for _, problems in read if problems] == []
    return [row for row, _ in read]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["without", "with"])
def test_utf8_with_and_without_its_mark(rows, mark):
    [row] = good(rows(mark + (HEAD + "P1,1 Siân’s Court,ZZ1 1AA\r\n").encode()))
    assert (row.reference, row.address, row.postcode) == ("P1", ["1 Siân’s Court"], "ZZ1 1AA")


@pytest.mark.parametrize("ends", ["\r\n", "\n", "\r"], ids=["crlf", "lf", "cr"])
def test_any_ends_of_lines_and_newlines_inside_quotes(rows, ends):
    text = HEAD.replace("\r\n", ends) + f'P1,"The Flat{ends}Above, ""Shop""",ZZ1 1AA{ends}P2,2 Low Row,{ends}'
    one, two = good(rows(text))
    assert one.address == ['The Flat\nAbove, "Shop"']
    assert (one.line, two.line) == (2, 4)  # as an editor counts them


def test_lines_with_nothing_in_them_are_no_rows(rows):
    assert len(good(rows(HEAD + "\r\n,,\r\nP1,1 Low Row,\r\n,,\r\n"))) == 1


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators(rows, separator):
    [row] = good(rows((HEAD + "P1,1 Low Row,ZZ1 1AA\r\n").replace(",", separator)))
    assert row.postcode == "ZZ1 1AA"


def test_headings_are_known_whatever_their_letters_and_spaces(rows):
    [row] = good(rows("property reference,ADDRESS_LINE_1,Postcode\nP1,1 Low Row,ZZ1 1AA\n"))
    assert row.postcode == "ZZ1 1AA"


def test_windows_letters_are_refused_with_their_line_and_taken_when_said(rows):
    content = (HEAD + "P1,1 Low Row,\r\nP2,2 Café Row,\r\n").encode("windows-1252")
    with pytest.raises(NoCsv, match=r"Line 3 has letters that are not utf-8.*--encoding windows-1252"):
        rows(content)
    assert good(rows(content, "windows-1252"))[1].address == ["2 Café Row"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04rest", "is a spreadsheet"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel"),
        (b"%PDF-1.7", "is a PDF"),
        ((HEAD + "P1,x,\n").encode("utf-16"), "UTF-16"),
        (HEAD.encode() + b"P1,\x00\x01,\n", "characters that no text has"),
        (b"", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        ((HEAD + 'P1,"1 Low Row,\nP2,2 Low Row,\n').encode(), r"begins on line 2 has a quote"),
        ((HEAD + 'P1,"1 Low" Row,\n').encode(), "begins on line 2 has a quote"),
        ((HEAD + "P1," + "x" * 200_000 + ",\n").encode(), "line 2"),
        (b"PropertyReference,PostalCode\nP1,\n", "no column AddressLine1"),
        (b"PropertyReference,AddressLine1,Postcode,PostalCode\nP1,,,\n", "PostalCode twice"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(rows, content, words):
    with pytest.raises(NoCsv, match=words):
        rows(content)


def test_every_cell_that_is_wrong_is_named(rows):
    head = "PropertyReference,AddressLine1,Bedrooms,Storey\n"
    assert [
        list(map(str, problems)) for _, problems in rows(head + ",1 Low Row,two,0\nP2,2 Low Row,1\nP3,3 Low Row,1,0,5\n")
    ] == [
        ["line 2, PropertyReference: This is needed.", "line 2, Bedrooms: That is no whole number."],
        ["line 3: The row has 3 cells and the heading has 4."],
        ["line 4: The row has 5 cells and the heading has 4."],
    ]


def test_a_name_comes_whole_or_in_parts_and_must_be_there(rows):
    read = rows("PersonReference,FullName,Forename,Surname\nC1,Ruth Adeyemi,,\nC2,,Tomasz,Wolski\nC3,,,\n", kind=PEOPLE)
    assert [row.name for row, _ in read if row] == ["Ruth Adeyemi", "Tomasz Wolski"]
    assert "There is no name" in str(read[2][1][0])


@pytest.mark.parametrize(
    "cell", ["2026-11-03", "03/11/2026", "3/11/2026", "03.11.2026", "2026-11-03T00:00:00Z", "03/11/2026 00:00:00"]
)
def test_dates(cell):
    assert cells.day(cell) == date(2026, 11, 3)


@pytest.mark.parametrize("cell", ["11/2026", "31/02/2026", "3 Nov 2026", "03/11/26", "46329", "٠٣/١١/٢٠٢٦", "2026-13-01"])
def test_no_dates(cell):
    with pytest.raises(CellWrong, match="Write it like"):
        cells.day(cell)


def test_numbers_and_words():
    assert [cells.number(cell) for cell in ("0", "-1", "2.0")] == [0, -1, 2]
    assert [cells.yes_no(cell) for cell in ("Yes", "y", "TRUE", "no", "0")] == [True, True, True, False, False]
    assert cells.one_of({"assured shorthold": "x"})("Assured-Shorthold") == "x"
    for reads, cell in ((cells.number, "²"), (cells.number, "1e3"), (cells.yes_no, "perhaps"), (cells.one_of({"a": "a"}), "b")):
        with pytest.raises(CellWrong):
            reads(cell)

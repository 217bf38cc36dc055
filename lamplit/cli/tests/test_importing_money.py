"""`lamplit import bank`: what is said of a file by how far it is in the books."""

from lamplit.exchange.tests.test_money import ALLPAY, COUNCIL, FIVE, card, entry, statement


def test_what_is_said_of_a_file_goes_by_whether_it_is_in_the_books(lamplit, installed, tmp_path):
    def taken(text, *more):
        path = tmp_path / "statement.xml"
        path.write_text(text)
        return lamplit("import", "bank", str(path), *more)

    full = statement(*FIVE, closing="480.00")
    code, said, _ = taken(full, "--dry-run")
    assert (code, "would be in suspense" in said) == (0, True)
    assert "in the books already" not in said
    assert taken(full)[0] == 0
    for more in ((), ("--dry-run",)):
        assert "serial 7: all of it is in the books already. Nothing was changed." in taken(full, *more)[1]
    # A day without a line, and one that is missing before it: that is said, though nothing goes into the books.
    code, said, wrong = taken(statement(serial=9, opening="480.00", closing="480.00"))
    assert code == 1
    assert "serial 9: no lines, £0.00 in" in said
    assert "A file is missing before this one: its serial is 9, and 8 should come next." in wrong
    assert taken(statement(entry("1.00"), serial=8, opening="480.00", closing="481.00"))[0] == 0


def test_a_dry_run_shows_the_first_lines_as_the_description_reads_them(lamplit, installed, tmp_path):
    def tried(kind, text, layout):
        (tmp_path / "paid_0041.csv").write_text(text)
        (tmp_path / "layout.toml").write_text(layout)
        code, said, _ = lamplit(
            "import", kind, str(tmp_path / "paid_0041.csv"), "--layout", str(tmp_path / "layout.toml"), "--dry-run"
        )
        assert code == 0, said
        return said

    said = tried("allpay", card("20/11/2026,20.00,0070012345,CASH", "21/11/2026,5.00,0070099991,REV"), ALLPAY)
    assert "as card daily reads them:\n  line 2: £20.00, 20/11/2026, 0070012345\n  line 3: -£5.00, 21/11/2026, 0070099991" in said
    text = "Claim,Yours,Amount,From,To,Kind\nHB/7,0070012345,40.00,26/10/2026,22/11/2026,"
    assert "line 2: £40.00, 26/10/2026, 22/11/2026, 0070012345, HB/7" in tried("hb", text, COUNCIL)

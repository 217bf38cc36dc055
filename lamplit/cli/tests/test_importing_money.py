"""`lamplit import bank`: what is said of a file by how far it is in the books."""

from lamplit.exchange.tests.test_money import FIVE, entry, statement


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

"""Late papers say when they were written down: once for those that came together."""

from lamplit.config.written import say_once

MAY, JUNE = "2 May 2026", "3 June 2026"


def line(written=None, **more):
    return {"what": "Something happened", "written": written, **more}


def bys(*items):
    return [item.get("by") for item in say_once(list(items))]


def test_what_was_written_down_at_once_says_nothing_of_it():
    assert bys(line(), line(by="By Dele")) == [None, "By Dele"]


def test_a_late_line_says_when_it_was_written_down_after_who_did_it():
    assert bys(line(), line(MAY, by="By Dele"), line()) == [None, "By Dele. Written down on 2 May 2026", None]


def test_lines_that_came_together_say_it_once_under_the_last():
    said = bys(line(MAY), line(MAY, by="By Dele"), line(MAY), line(JUNE), line(JUNE), line())
    assert said == [
        None, "By Dele", "This and the 2 lines before it were written down on 2 May 2026",
        None, "This and the line before it were written down on 3 June 2026", None,
    ]  # fmt: skip


def test_the_lines_keep_everything_else_and_their_order():
    items = [line(MAY, at="1"), line(at="2")]
    assert [(item["at"], "written" in item) for item in say_once(items)] == [("1", False), ("2", False)]

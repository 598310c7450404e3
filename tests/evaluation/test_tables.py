from __future__ import annotations

import csv
import io

from diarist.evaluation.tables import Table, csv_text, decimal, percent

TABLE = Table("title", ("name", "DER %"), (("a", "1.00"), ("日本", "10.00")))


def test_text_is_aligned_by_what_a_terminal_shows() -> None:
    assert TABLE.text() == "title\nname  DER %\na      1.00\n日本  10.00\n"


def test_a_name_cannot_steer_a_terminal() -> None:
    assert "\x1b" not in Table("t", ("name",), (("\x1b[2J",),)).text()


def test_markdown_keeps_names_from_being_markup() -> None:
    table = Table("t", ("name", "x"), (("a|b_c*<i>`", "1"),)).markdown()
    assert table.splitlines()[2:] == ["| name | x |", "| --- | ---: |", "| a\\|b\\_c\\*\\<i>\\` | 1 |"]


def test_csv_comes_back_whatever_a_name_holds() -> None:
    rows = [["a,b", '"quoted"', None, 0.5], ["two\nlines", "", 1, 2]]
    text = csv_text(["one", "two", "three", "four"], rows)
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        ["one", "two", "three", "four"],
        ["a,b", '"quoted"', "", "0.5"],
        ["two\nlines", "", "1", "2"],
    ]


def test_numbers() -> None:
    assert (percent(0.22425), percent(None), percent(1.5, 1)) == ("22.43", "–", "150.0")
    assert (decimal(0.12345), decimal(None), decimal(2.0, 1)) == ("0.123", "–", "2.0")

"""The page of the shipped cases' convergence: tables written one by one, the others kept."""

from pathlib import Path

from benchmarks.convergence_tables import PAGE, STUDIES, marks, page
from solver.case.shipped import shipped_cases

FIRST, SECOND = (wanted.name for wanted in STUDIES[:2])


def test_a_table_is_written_and_the_others_are_kept() -> None:
    empty = page("", {})
    assert empty.count("Not run yet.") == len(STUDIES)
    one = page(empty, {FIRST: f"## {FIRST}\n\nnumbers"})
    assert one.count("Not run yet.") == len(STUDIES) - 1
    two = page(
        one, {SECOND: f"## {SECOND}\n\nmore", "core_shell_liquid_3d": "## core_shell_liquid_3d\n\nbig"}
    )
    assert [two.count(words) for words in ("numbers", "more", "big")] == [1, 1, 1]
    # One that is not among the usual studies stays too.
    assert page(two, {}) == two
    assert page(two, {FIRST: "## new"}).count("numbers") == 0


def test_the_shipped_page_has_a_place_for_every_study() -> None:
    text = Path(PAGE).read_text(encoding="utf-8")
    for wanted in STUDIES:
        assert wanted.name in shipped_cases()
        assert [text.count(mark) for mark in marks(wanted.name)] == [1, 1]
    assert page(text, {}) == text

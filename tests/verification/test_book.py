"""The short form of every page of the verification book, and the book's own power to say no."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.verification.book import in_own_process
from benchmarks.verification.computing import Computed, complaints, compute, read, save
from benchmarks.verification.contents import load, names
from benchmarks.verification.headlines import headlines
from benchmarks.verification.page import Findings, Line, Panel
from benchmarks.verification.writing import write_index, write_page

ONE_RANK = [name for name in names() if not load(name).starts_ranks]


@pytest.mark.parametrize("name", ONE_RANK)
def test_short_form_holds(name: str, tmp_path: Path) -> None:
    computed = compute(name, short=True)
    assert not complaints(computed)
    save(computed, tmp_path / "page.json")
    save(read(tmp_path / "page.json"), tmp_path / "again.json")  # sequences come back as lists
    assert (tmp_path / "again.json").read_text() == (tmp_path / "page.json").read_text()


@pytest.mark.mpi
@pytest.mark.parametrize("name", sorted(set(names()) - set(ONE_RANK)))
def test_short_form_on_ranks_holds(name: str, tmp_path: Path) -> None:
    assert not complaints(in_own_process(name, True, tmp_path))


def test_a_page_that_starts_ranks_has_no_headline() -> None:
    others = sorted(set(names()) - set(ONE_RANK))
    assert others == ["parallel/ranks"]
    assert headlines([*others, "mechanics/uniform_body"]).keys() == {"mechanics/uniform_body"}


def made_up(error: float = 1e-4, order: float = 2.0) -> Computed:
    found = Findings(panels=[Panel("t", "x [m]", "y [1]", (Line("", (0.0, 1.0), (0.0, 1.0)),))])
    found.compare("law", "spherical", "stress [Pa]", 1e6 * (1.0 + error), 1e6, 1e-3)
    found.refine("law", "3d", "u [1]", (0.4, 0.2, 0.1), [h**order for h in (0.4, 0.2, 0.1)], 2.0)
    return Computed("mechanics/core_shell_misfit", found, "", 1.0)


def test_a_page_says_what_does_not_hold() -> None:
    assert made_up().holds
    assert not complaints(made_up())
    for broken, words in ((made_up(error=2e-3), "error 2.00e-03"), (made_up(order=1.5), "order 1.50")):
        assert not broken.holds
        assert len(complaints(broken)) == 1
        assert words in complaints(broken)[0]
    assert not made_up(error=float("nan")).holds
    assert not made_up(order=float("nan")).holds


def test_a_page_that_checks_nothing_or_ends_early_does_not_hold() -> None:
    assert not Computed("a/b", Findings(), "", 1.0).holds
    whole = made_up()
    assert not Computed(whole.name, whole.findings, "ValueError: x", 1.0).holds


def test_an_error_in_a_page_is_part_of_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.verification.computing.load", lambda name: 1 / 0)
    assert compute("mechanics/core_shell_misfit", short=True).failure == "ZeroDivisionError: division by zero"


def test_pages_and_index_on_paper(tmp_path: Path) -> None:
    name = "mechanics/core_shell_misfit"
    for computed, verdict in ((made_up(), "Holds: 2 of 2 checks."), (made_up(error=1.0), "Does not hold:")):
        write_page(tmp_path, name, load(name), computed)
        write_index(tmp_path, {name: "Title"}, {name: computed})
        text, index = (tmp_path / f"{name}.md").read_text(), (tmp_path / "index.md").read_text()
        assert verdict in text
        assert (tmp_path / f"{name}.png").stat().st_size > 1000
        assert "| law | exact solution | [" in index
        assert "[order 2.0](mechanics/core_shell_misfit.md)" in index
        assert ("**!**" in index) != computed.holds
        assert (tmp_path / "numbers.csv").read_text().count("\n") == 3


def test_maths_is_written_where_markdown_does_not_read_it(tmp_path: Path) -> None:
    name = "mechanics/core_shell_misfit"
    page = replace(
        load(name),
        equation="With $a^*\\,b^*$\n\n$$c = d\n- e$$\n\nand so on",
        setup="no maths",
        claim="$x$, it is",
    )
    write_page(tmp_path, name, page, made_up())
    text = (tmp_path / f"{name}.md").read_text()
    assert "With $`a^*\\,b^*`$\n\n```math\nc = d\n- e\n```\n\nand so on" in text
    assert "\n$`x`$, it is\n" in text
    assert "$$" not in text


def test_an_unknown_page_is_named() -> None:
    with pytest.raises(KeyError, match="no page 'mechanics/nothing'"):
        load("mechanics/nothing")

"""The harness of the performance page on made-up rows, and one real measurement of a few seconds."""

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.performance.contents import NAMES, load
from benchmarks.performance.crank import rise_under_flux
from benchmarks.performance.equal_error import (
    SLACK,
    Point,
    common_error,
    ratio_at_equal_error,
    time_at,
)
from benchmarks.performance.families.elasticity import MISFIT, SHELL, SOLIDS, exact_displacement
from benchmarks.performance.halo import halo
from benchmarks.performance.job import Family, Job, Values
from benchmarks.performance.network import Measured, Network, iteration
from benchmarks.performance.page import write
from benchmarks.performance.plain_mesh import LAYERED, ROCK_SALT
from benchmarks.performance.rows import GIVEN_UP, Row, Rows, gather, path_of
from benchmarks.performance.running import in_own_process, measure_all
from benchmarks.performance.sample import Sample, combined, ratio
from benchmarks.performance.section import Section, Table, Target, panel, shares
from benchmarks.verification.exact import closed_forms, diffusion_series


def _tell(rows: Rows) -> Section:
    found = rows.sample("made", "a", "seconds")
    target = Target("a", 2.0, found, profile="all of it waiting")
    curves = {"a": ([1.0, 10.0], [2.0, 3.0])}
    rows_of_table = (("a", str(found)),) if found else ()
    table = Table(("job", "seconds"), rows_of_table)
    return Section("Made up", ("Words.",), (target,), (table,), (panel("p", "x", "y", curves),))


def _never(given: Mapping[str, Any], prepared: Path) -> Values:
    raise AssertionError((given, prepared))


MADE = Family("made", lambda quick: [], _never, _tell)
JOBS = [Job("a", {"size": 3}, repeats=3), Job("b", {"size": 4}, repeats=2)]


class Clock:
    """Gives rows and remembers what it was asked for."""

    def __init__(self, failures: Mapping[str, str] | None = None) -> None:
        self.asked: list[str] = []
        self.failures = dict(failures or {})

    def __call__(self, family: Family, job: Job, prepared: Path) -> Row:
        self.asked.append(job.name)
        failure = self.failures.get(job.name, "")
        values: Values = {} if failure else {"seconds": 10.0 + len(self.asked)}
        return Row(job.name, 0, job.given, job.ranks, values, failure)


def _measure(clock: Clock, folder: Path, jobs: list[Job] = JOBS, fresh: bool = False) -> list[str]:
    return measure_all({"made": (MADE, jobs)}, folder, fresh, clock)


def test_rounds_go_through_all_jobs_before_any_is_repeated(tmp_path: Path) -> None:
    clock = Clock()
    assert _measure(clock, tmp_path) == []
    assert clock.asked == ["a", "b", "a", "b", "a"]


def test_only_what_is_missing_is_measured_again(tmp_path: Path) -> None:
    _measure(Clock(), tmp_path)
    again = Clock()
    _measure(again, tmp_path)
    assert again.asked == []
    path_of(tmp_path, "made", JOBS[1], 1).unlink()
    _measure(again, tmp_path)
    assert again.asked == ["b"]
    _measure(again, tmp_path, fresh=True)
    assert again.asked[1:] == ["a", "b", "a", "b", "a"]


@pytest.mark.parametrize("job", [Job("a", {"size": 5}, repeats=3), Job("a", {"size": 3}, ranks=2, repeats=3)])
def test_another_question_under_the_same_name_is_asked(job: Job, tmp_path: Path) -> None:
    _measure(Clock(), tmp_path)
    clock = Clock()
    _measure(clock, tmp_path, [job])
    assert clock.asked == ["a"] * 3


def test_a_failure_is_told_and_tried_again_unless_it_took_too_long(tmp_path: Path) -> None:
    failed = _measure(Clock({"a": "ended with 1: no memory", "b": f"{GIVEN_UP} 5 s"}), tmp_path)
    assert len(failed) == 5
    rows = gather(tmp_path, {"made": JOBS})
    assert rows.of("made") == []
    assert rows.failures("made")[0] == "a: ended with 1: no memory"
    clock = Clock()
    _measure(clock, tmp_path)
    assert clock.asked == ["a"] * 3


def test_rows_come_back_as_medians_with_their_range(tmp_path: Path) -> None:
    _measure(Clock(), tmp_path)
    found = gather(tmp_path, {"made": JOBS}).sample("made", "a", "seconds")
    assert found == Sample((11.0, 13.0, 15.0))
    assert (found.median, found.low, found.high) == (13.0, 11.0, 15.0)
    assert str(found) == "13 (11 to 15)"


def test_ratios_are_taken_repeat_by_repeat() -> None:
    one, two = Sample((2.0, 9.0, 4.0)), Sample((1.0, 3.0, 4.0))
    assert ratio(one, two) == Sample((2.0, 3.0, 1.0))
    assert ratio(one, None) is None
    assert combined([one, two], min) == Sample((1.0, 3.0, 4.0))
    assert combined([one, None], min) is None


@pytest.mark.parametrize(
    ("found", "at_least", "met"),
    [
        (Sample((1.9, 5.0, 1.0)), False, True),
        (Sample((2.1,)), False, False),
        (Sample((2.1,)), True, True),
        (None, False, None),
    ],
)
def test_verdicts(found: Sample | None, at_least: bool, met: bool | None) -> None:
    target = Target("w", 2.0, found, at_least, "profile")
    assert target.met is met
    assert target.cells[4] == {True: "met", False: "**missed**", None: "not measured"}[met]
    assert (target.cells[5] == "profile") is (met is False)


def test_the_page_says_what_the_rows_say(tmp_path: Path) -> None:
    _measure(Clock({"b": "ended with 1: no memory"}), tmp_path)
    rows, page = gather(tmp_path, {"made": JOBS}), tmp_path / "performance.md"
    write(page, {"made": MADE.tell(rows)}, rows, quick=True)
    text = page.read_text()
    assert "| a | at most 2 | 13 (11 to 15) | 3 | **missed** | all of it waiting |" in text
    assert "- b: ended with 1: no memory" in text
    assert "![Made up](performance/made.png)" in text
    assert (tmp_path / "performance" / "made.png").stat().st_size > 1000
    with (tmp_path / "performance" / "made.csv").open(newline="") as stream:
        lines = list(csv.DictReader(stream))
    assert [line["seconds"] for line in lines if line["job"] == "a"] == ["11.0", "13.0", "15.0"]
    assert {line["size"] for line in lines if line["job"] == "b"} == {"4"}


def test_every_family_tells_of_nothing_and_names_its_jobs_apart(tmp_path: Path) -> None:
    sections = {name: load(name).tell(Rows()) for name in NAMES}
    write(tmp_path / "page.md", sections, Rows(), quick=False)
    assert "**missed**" not in (tmp_path / "page.md").read_text()
    for name in NAMES:
        for quick in (True, False):
            jobs = load(name).jobs(quick)
            assert jobs
            assert len({job.name for job in jobs}) == len(jobs)
            json.dumps([dict(job.given) for job in jobs])
    with pytest.raises(KeyError, match="no family"):
        load("speed")


def test_times_at_equal_error_lie_between_the_points() -> None:
    curve = [Point(1.0, 1e-1), Point(3.0, 2e-1), Point(4.0, 1e-3)]  # the second is slower and worse
    assert time_at(curve, 1e-2) == pytest.approx(2.0)  # half-way on both logarithmic scales
    assert time_at(curve, 0.5) == 1.0
    assert time_at(curve, 1e-4) is None
    other = [Point(2.0, 5e-2)]
    assert common_error(curve, other) == pytest.approx(SLACK * 5e-2)
    assert common_error(curve, []) is None


def test_programs_are_compared_at_the_error_that_both_reach() -> None:
    coarse = [Point(1.0, 1e-1), Point(4.0, 1e-2)]
    fine = [Point(3.0, 1e-2 * SLACK), Point(50.0, 1e-6)]
    found = ratio_at_equal_error([coarse, coarse], [fine, [Point(1.5, 1e-2 * SLACK)], fine])
    assert found is not None
    between = time_at(coarse, 1e-2 * SLACK)
    assert between is not None
    assert found.values == pytest.approx((between / 3.0, time_at(coarse, 1e-2 * SLACK**2) / 1.5))
    assert ratio_at_equal_error([coarse], []) is None


def test_shares_leave_out_what_does_not_count() -> None:
    assert shares({"few": 0.001, "some": 1.0, "most": 3.0}, 4.0) == "most 75 %, some 25 %"


def test_crank_without_scipy() -> None:
    x = np.array([0.0, 0.3, 0.77, 1.0])
    for time in (0.01, 0.1):
        wanted = diffusion_series.crank_flux(x, time)
        np.testing.assert_allclose(rise_under_flux(x, time), wanted, atol=1e-12)


def test_lame_by_a_system_of_equations() -> None:
    core, shell = (closed_forms.Solid(*SOLIDS[tag]) for tag in (LAYERED, ROCK_SALT))
    inner = 1.0 - SHELL
    state = closed_forms.coated_sphere(core, shell, (inner, 1.0), MISFIT, 0.0)
    points = np.array([[0.1, 0.2, 0.05], [0.0, inner, 0.0], [0.0, 0.0, 1.0]])
    found = np.linalg.norm(exact_displacement(points), axis=1)
    inside = state.core / (3.0 * core.bulk)
    outside = state.hoop_surface * (1.0 - shell.poisson) / shell.young + MISFIT
    radius = np.linalg.norm(points, axis=1)
    np.testing.assert_allclose(found, [inside * radius[0], inside * inner, outside], rtol=1e-12)


def test_halos_of_two_tetrahedra_and_of_a_part_between_others() -> None:
    cells = np.array([[0, 1, 2, 3], [1, 2, 3, 4], [2, 3, 4, 5]])
    two = halo(cells[:2], np.array([0, 1]))
    assert (two.parts, two.shared, two.neighbours) == (2, 6, 1)  # a face: three vertices, three edges
    assert two.owned == (10 + 4) / 2
    three = halo(cells, np.array([0, 1, 2]))
    assert (three.parts, three.neighbours, three.balance) == (3, 2, 1.0)


def test_an_iteration_waits_for_memory_alone_on_one_rank() -> None:
    known = Measured(80.0, 1.2, 4.0, 1e5, 1e10, 3.0, 12.0)
    alone = iteration(known, 1, 5e4, Network())
    assert alone.efficiency == 1.0
    assert iteration(known, 1, 1e5, Network()).memory == pytest.approx(2.0 * alone.memory)
    many = [iteration(known, 2**k, 5e4, Network()).efficiency for k in (1, 6, 12)]
    assert many == sorted(many, reverse=True)
    doubling = [iteration(known, ranks, 5e4, Network()).reductions for ranks in (2, 4, 8)]
    assert doubling[2] - doubling[1] == pytest.approx(doubling[1] - doubling[0])  # a tree: a level a doubling
    slower = iteration(known, 64, 5e4, Network(latency=15e-6))
    assert slower.reductions == pytest.approx(10.0 * iteration(known, 64, 5e4, Network()).reductions)


def test_one_real_measurement(tmp_path: Path) -> None:
    family = load("past")
    row = in_own_process(family, Job("triad", {"triad": 100_000}), tmp_path)
    assert row.failure == ""
    assert float(row.values["bandwidth_bytes_s"]) > 1e8


def test_what_goes_wrong_in_a_process_is_the_failure_of_its_row(tmp_path: Path) -> None:
    family = load("past")
    row = in_own_process(family, Job("triad", {"triad": "many"}), tmp_path)
    assert row.values == {}
    assert row.failure.startswith("ended with 1: TypeError")
    late = in_own_process(family, Job("triad", {"triad": 100_000}, longest=0.01), tmp_path)
    assert late.failure.startswith(GIVEN_UP)
    elsewhere = in_own_process(family, Job("triad", {"triad": 1}, environment=".venv-nowhere"), tmp_path)
    assert elsewhere.failure == "no environment .venv-nowhere"

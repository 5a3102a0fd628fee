"""What became of each case, as the folder tells it."""

import json
from pathlib import Path

import pytest

from solver.sweep.rows import SweepReadError, read_rows
from solver.sweep.store import Store
from tests.sweep.made_sweep import hash_of, make_sweep, summary_of, write_failed, write_run

THICKNESSES = [("20 nm",), ("40 nm",), ("80 nm",)]


def three(tmp_path: Path) -> Path:
    return make_sweep(
        tmp_path / "sweep", ["geometry.shell_thickness"], THICKNESSES, lambda n: summary_of(100.0 + n)
    )


def test_every_way_a_case_can_end_is_a_row_in_the_order_of_the_table(tmp_path: Path) -> None:
    names = ["done", "early", "failed_run", "bad", "given_up", "lost", "running", "left", "waiting"]
    ends = {
        0: summary_of(120.5),
        1: {**summary_of(60.5), "status": "ended_early", "ended_by": "surface_depleted"},
        2: {**summary_of(6.5), "status": "failed", "ended_by": "newton did not converge"},
    }
    problems = {3: "sweep.yaml:3:1: geometry.radius: out of range\nand more"}
    sweep = make_sweep(tmp_path / "s", ["label"], [(n,) for n in names], ends.get, problems=problems)
    write_failed(sweep, hash_of(["given_up"]), "failed", "the mesh\nis bad")
    write_failed(sweep, hash_of(["lost"]), "lost", "the worker died 3 times")
    write_failed(sweep, hash_of(["done"]), "failed", "an earlier attempt")
    for name in ("running", "left"):
        (sweep / "running" / hash_of([name])).mkdir(parents=True)
    with Store(sweep).claiming(hash_of(["running"]), "this", 1.0):
        rows = read_rows(sweep).rows
    assert [(row.number, row.status, row.reason) for row in rows] == [
        (1, "done", ""),
        (2, "ended_early", "surface depleted"),
        (3, "failed", "newton did not converge"),
        (4, "invalid", "sweep.yaml:3:1: geometry.radius: out of range; and more"),
        (5, "failed", "the mesh; is bad"),
        (6, "lost", "the worker died 3 times"),
        (7, "running", ""),
        (8, "waiting", "begun and left; a later run takes it up"),
        (9, "waiting", ""),
    ]
    assert [bool(row.folder) for row in rows] == [True] * 3 + [False] * 6
    assert (sweep / rows[2].folder / "log.txt").is_file()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'{"status": "do', "not valid JSON"),
        (b"\xff\xfe\x00garbage", "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
        (b"[1, 2]", "no JSON object"),
        (b"{}", "status None"),
        (b'{"status": "done"}', "steps"),
        (b'{"status": "done", "steps": [{"reason": "because"}]}', "'because'"),
        (None, "is missing"),
    ],
)
def test_a_damaged_summary_is_a_row_that_says_so(tmp_path: Path, content: bytes | None, told: str) -> None:
    sweep = three(tmp_path)
    summary = sweep / "cases" / hash_of(THICKNESSES[1]) / "summary.json"
    summary.unlink()
    if content is not None:
        summary.write_bytes(content)
    rows = read_rows(sweep).rows
    assert [row.status for row in rows] == ["done", "damaged", "done"]
    assert told in rows[1].reason
    assert f"cases/{rows[1].hash}/summary.json" in rows[1].reason
    assert rows[1].summary == {}
    assert rows[1].folder == f"cases/{rows[1].hash}"


def test_a_summary_that_cannot_be_opened_is_a_row_that_says_so(tmp_path: Path) -> None:
    sweep = three(tmp_path)
    summary = sweep / "cases" / hash_of(THICKNESSES[0]) / "summary.json"
    summary.unlink()
    summary.mkdir()
    assert read_rows(sweep).rows[0].status == "damaged"


def test_the_run_of_another_case_under_this_name_is_told(tmp_path: Path) -> None:
    sweep = three(tmp_path)
    first, second = (sweep / "cases" / hash_of(line) for line in THICKNESSES[:2])
    first.rename(tmp_path / "aside")
    second.rename(first)
    rows = read_rows(sweep).rows
    assert [row.status for row in rows] == ["damaged", "waiting", "done"]
    assert f"belongs to another case, {second.name}" in rows[0].reason


@pytest.mark.parametrize("content", [b"", b"{}", b'{"status": "splendid"}', b'{"status": "done"}', b"7"])
def test_a_damaged_word_of_failure_is_a_row_that_says_so(tmp_path: Path, content: bytes) -> None:
    sweep = make_sweep(tmp_path / "s", ["label"], [("a",)], lambda n: None)
    write_failed(sweep, hash_of(["a"]), "failed", "")
    (sweep / "failed" / f"{hash_of(['a'])}.json").write_bytes(content)
    (row,) = read_rows(sweep).rows
    assert row.status == "damaged"
    assert row.reason.startswith(f"failed/{row.hash}.json: ")


def test_a_hash_that_is_a_path_is_not_followed(tmp_path: Path) -> None:
    sweep = three(tmp_path)
    write_run(tmp_path / "outside", summary_of(1.0))
    (sweep / "table.csv").write_text(
        "number,hash,geometry.shell_thickness,problem\n1,../../outside,20 nm,\n2,,20 nm,\n"
    )
    rows = read_rows(sweep).rows
    assert [row.status for row in rows] == ["damaged", "damaged"]
    assert {row.reason for row in rows} == {"table.csv: the line names no hash"}
    assert not any(row.folder or row.summary for row in rows)


def test_a_line_of_the_table_that_is_cut_short_is_a_row_that_says_so(tmp_path: Path) -> None:
    sweep = three(tmp_path)
    table = sweep / "table.csv"
    table.write_text(table.read_text().rstrip()[:-8])
    rows = read_rows(sweep).rows
    assert [row.status for row in rows] == ["done", "done", "damaged"]
    assert rows[2].number == 3
    assert "under 4 columns" in rows[2].reason


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"number,hash,x,x,problem\n", b'number,"ha'])
def test_what_is_no_table_of_cases_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "table.csv").write_bytes(content)
    with pytest.raises(SweepReadError, match=r"table\.csv"):
        read_rows(tmp_path)


def test_a_folder_without_a_sweep_is_refused_with_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(SweepReadError, match=r"no folder of a sweep \(table.csv is missing\)"):
        read_rows(tmp_path)
    with pytest.raises(SweepReadError, match="no such folder"):
        read_rows(tmp_path / "nowhere")


def test_name_base_and_ensemble_come_from_the_sweep_file_and_are_not_needed(tmp_path: Path) -> None:
    text = "name: seeds\nbase: quick/dispersed_solid\nrepeat: {count: 3, field: geometry.seed}\n"
    sweep = make_sweep(tmp_path / "folder", ["geometry.seed"], [("1",)], lambda n: None, text)
    read = read_rows(sweep)
    assert (read.name, read.base, read.repeat, read.text) == (
        "seeds", "quick/dispersed_solid", "geometry.seed", text,
    )  # fmt: skip
    for damage in ("name: [", "- 1\n", ""):
        (sweep / "sweep.yaml").write_text(damage)
        assert (read_rows(sweep).name, read_rows(sweep).repeat) == ("folder", "")
    (sweep / "sweep.yaml").unlink()
    assert read_rows(sweep).name == "folder"


def test_equal_cases_are_a_row_each(tmp_path: Path) -> None:
    sweep = make_sweep(tmp_path / "s", ["label"], [("a",), ("b",)], lambda n: summary_of(100.0 + n))
    table = (sweep / "table.csv").read_text()
    (sweep / "table.csv").write_text(table + f"3,{hash_of(['a'])},a,\n")
    rows = read_rows(sweep).rows
    assert [row.summary["steps"][0]["capacity_mAh_g"] for row in rows] == [100.0, 101.0, 100.0]
    assert json.dumps(rows[0].summary) == json.dumps(rows[2].summary)

"""Run folders that are damaged or made up: what is wrong is said, and nothing is opened blindly."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from solver.cli import main
from solver.report.branches import end_of_first_charge
from solver.results import Run, RunReadError, read_run

type Build = Callable[..., Path]
type Edit = Callable[[h5py.File], None]


def everything(path: Path) -> Run:
    run = read_run(path)
    _ = run.summary, run.provenance, run.case, run.history
    for record in run.snapshots:
        record.load()
    return run


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory, synthetic_run: Build) -> Path:
    return synthetic_run(tmp_path_factory.mktemp("sound") / "run", dimension="spherical")


@pytest.fixture
def folder(tmp_path: Path, sound: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "run"))


def test_a_sound_folder_is_read(folder: Path) -> None:
    assert len(everything(folder).snapshots) == 3


HISTORIES: list[tuple[str, Callable[[list[str]], list[str]], str]] = [
    ("row cut short", lambda rows: [*rows[:4], rows[4][:20], *rows[5:]], ":5: 5 values for 18 columns"),
    ("row too long", lambda rows: [*rows[:4], rows[4] + ",1", *rows[5:]], ":5: 19 values"),
    ("a letter", lambda rows: [*rows[:2], rows[2].replace("3.6", "3x6", 1), *rows[3:]], "is no number"),
    ("step of no number", lambda rows: [*rows[:3], *[row.replace(",1,", ",nan,", 1) for row in rows[3:]]],
     ":4: 'step': 'nan' is no count"),
    ("half a step", lambda rows: [rows[0], rows[1].replace(",1,", ",1.5,", 1), *rows[2:]], "is no count"),
    ("a name twice", lambda rows: [rows[0].replace("increment", "step"), *rows[1:]], ":1: two columns"),
    ("a vast number", lambda rows: [*rows[:3], re.sub(r"3\.6[0-9]*", "1e300", rows[3], count=1), *rows[4:]],
     "larger than any number of a run"),
    ("open quote", lambda rows: [*rows[:6], '"' + rows[6], *rows[7:]], ":7: "),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "told"), [case[1:] for case in HISTORIES], ids=[c[0] for c in HISTORIES])
def test_a_damaged_history_is_refused_by_line(folder: Path, edit: Any, told: str) -> None:
    path = folder / "history.csv"
    path.write_text("\n".join(edit(path.read_text().splitlines())) + "\n")
    with pytest.raises(RunReadError) as caught:
        _ = read_run(folder).history
    assert str(caught.value).startswith(f"{path}:")
    assert told in str(caught.value)


def test_a_byte_that_is_no_text_is_named_by_its_line(folder: Path) -> None:
    path = folder / "history.csv"
    lines = path.read_bytes().split(b"\n")
    lines[7] = b"\xff" + lines[7]
    path.write_bytes(b"\n".join(lines))
    with pytest.raises(RunReadError, match=r"history\.csv:8: byte 0xff is not UTF-8"):
        _ = read_run(folder).history


def test_a_charge_that_is_given_back_has_an_end(folder: Path) -> None:
    path = folder / "history.csv"
    head, *rows = path.read_text().splitlines()
    at = head.split(",").index("capacity [mAh/g]")
    last = rows[-1].split(",")
    rows[-1] = ",".join([*last[:at], "1e-9", *last[at + 1 :]])
    path.write_text("\n".join([head, *rows]) + "\n")
    assert end_of_first_charge(read_run(folder)) == 1


def test_columns_without_a_row_are_no_history(folder: Path) -> None:
    path = folder / "history.csv"
    path.write_text(path.read_text().partition("\n")[0] + "\n")
    assert read_run(folder).history == {}


SUMMARIES: list[tuple[str, Any, str]] = [
    ("status", "fine", "status is none of"),
    ("steps", {"name": "a"}, "steps is no list"),
    ("steps", ["a"], r"steps\[0\] is no JSON object"),
    ("steps", [{"reason": "time", "capacity_mAh_g": "1"}], r"steps\[0\]\.capacity_mAh_g is no number"),
    ("steps", [{"reason": "time", "duration_s": 10**400}], r"steps\[0\]\.duration_s is not finite"),
    ("equilibrium", [], "equilibrium is no JSON object"),
    ("equilibrium", {"regions": {"core": {}}}, r"equilibrium\.regions\.core is none of"),
    ("equilibrium", {"regions": {"layered": {"volume_m3": 1.0}}}, "mean_hydrostatic_stress_Pa is missing"),
    ("final", {"regions": {"layered": {"volume_m3": 0, "mean_hydrostatic_stress_Pa": 1}}}, "not above zero"),
    ("couplings", {"misfit": "yes"}, r"couplings\.misfit is neither true nor false"),
    ("dimension", "4d", "dimension is none of"),
    ("warnings", "many", "warnings is no list"),
    ("wall_time_s", {"total": True}, r"wall_time_s\.total is no number"),
]


@pytest.mark.parametrize(("key", "value", "told"), SUMMARIES, ids=[f"{c[0]}: {c[2]}" for c in SUMMARIES])
def test_a_summary_that_no_run_writes_is_refused(folder: Path, key: str, value: Any, told: str) -> None:
    path = folder / "summary.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {key: value}))
    with pytest.raises(RunReadError, match=told):
        _ = read_run(folder).summary


@pytest.mark.parametrize("name", ["summary.json", "provenance.json"])
@pytest.mark.parametrize("text", ["[" * 100_000, '{"a": ' * 100_000, "{", "[]", '{"a": "\ud800', "nul"])
def test_what_is_no_json_object_is_refused(folder: Path, name: str, text: str) -> None:
    (folder / name).write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(RunReadError, match=name):
        everything(folder)


@pytest.mark.parametrize(
    "text",
    ["a: [", "[" * 500, "- a", "a: *b", "\x00", "\xff", "geometry: 3", "geometry: {dimension: [1]}",
     "a: 1\na: 2", "mechanics: {stack_pressure: {}}", "!!python/object/apply:os.getcwd []", "? {a: 1}\n: 2"],
)  # fmt: skip
def test_a_resolved_case_that_is_none_is_refused(folder: Path, text: str) -> None:
    (folder / "resolved.yaml").write_bytes(text.encode("latin-1"))
    with pytest.raises(RunReadError, match=r"resolved\.yaml"):
        _ = read_run(folder).case


def test_large_files_are_not_read(folder: Path) -> None:
    with (folder / "provenance.json").open("r+b") as stream:
        stream.truncate(10**12)  # a hole: nothing of it is on the disk
    with pytest.raises(RunReadError, match=r"provenance\.json: larger than 64 MiB"):
        _ = read_run(folder).provenance
    (folder / "provenance.json").unlink()
    for name, told in (("history.csv", "larger than 512 MiB"), ("resolved.yaml", "larger than 4 MiB")):
        with (folder / name).open("r+b") as stream:
            stream.truncate(10**12)
        with pytest.raises(RunReadError, match=told):
            everything(folder)
        (folder / name).unlink()
        (folder / name).write_text("a: 1\n")


def _replaced(name: str, **made: Any) -> Edit:
    def edit(file: h5py.File) -> None:
        del file["VTKHDF"][name]
        file["VTKHDF"].create_dataset(name, **made)

    return edit


def _linked(link: Any) -> Edit:
    def edit(file: h5py.File) -> None:
        del file["VTKHDF/Points"]
        file["VTKHDF/Points"] = link

    return edit


def _set(name: str, value: Any) -> Edit:
    def edit(file: h5py.File) -> None:
        data = file["VTKHDF"][name]
        data[(0,) * data.ndim] = value

    return edit


def _grouped(file: h5py.File) -> None:
    del file["VTKHDF/Types"]
    file["VTKHDF"].create_group("Types")


def _without_list(file: h5py.File) -> None:
    del file["VTKHDF/FieldData"]


ROWS = 80
FIELDS: list[tuple[str, Edit, str]] = [
    ("terabytes of nothing", _replaced("Points", shape=(10**11, 3), dtype="f8", chunks=(1000, 3)), "GiB"),
    ("a million million cells", _replaced("Types", shape=(10**12,), dtype="u1", chunks=(1000,)), "GiB"),
    ("too many moments",
     _replaced("FieldData/step", shape=(10**8,), dtype="i8", chunks=(9,)), r"than 1e\+06"),
    ("values elsewhere",
     _replaced("Points", shape=(ROWS, 3), dtype="f8", external=[("/etc/hostname", 0, 1920)]), "another file"),
    ("a link to another file", _linked(h5py.ExternalLink("/etc/hostname", "/x")), "link to somewhere else"),
    ("a link inside", _linked(h5py.SoftLink("/VTKHDF/PointData/displacement")), "link to somewhere else"),
    ("texts for points", _replaced("Points", data=np.array([["a"] * 3] * ROWS, dtype="S1")), "another type"),
    ("points in the plane", _replaced("Points", data=np.zeros((ROWS, 2))), "three columns"),
    ("no points", _replaced("Points", data=h5py.Empty("f8")), "another type"),
    ("too few rows", _replaced("PointData/occupancy", data=np.zeros(ROWS)), "80 rows for 3 moments"),
    ("many components", _replaced("PointData/occupancy", data=np.zeros((3 * ROWS, 10))), "components"),
    ("a point that there is not", _set("Connectivity", 10**6), "names a point that there is not"),
    ("a point below the first", _set("Connectivity", -1), "names a point that there is not"),
    ("a point nowhere", _set("Points", np.nan), "nowhere near a particle"),
    ("a point in space", _set("Points", 1e300), "nowhere near a particle"),
    ("points at one place", _replaced("Points", data=np.ones((ROWS, 3))), "all points lie at one place"),
    ("a vast stress", _set("PointData/hydrostatic_stress", np.inf), "holds a number larger"),
    ("a vast voltage", _set("FieldData/voltage [V]", -np.inf), "no sound time"),
    ("a time without number", _set("FieldData/time [s]", np.nan), "no sound time"),
    ("a step before the first", _set("FieldData/step", -1), "no sound time"),
    ("a cell of another kind", _replaced("Types", data=np.ones(8, dtype="u1")), "kind that no run writes"),
    ("a group for a dataset", _grouped, "no dataset"),
    ("no list", _without_list, "FieldData is missing"),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "told"), [case[1:] for case in FIELDS], ids=[case[0] for case in FIELDS])
def test_fields_of_another_layout_are_refused(folder: Path, edit: Edit, told: str) -> None:
    with h5py.File(folder / "fields.vtkhdf", "r+") as file:
        edit(file)
    with pytest.raises(RunReadError, match=told):
        everything(folder)


def test_no_memory_is_asked_for_what_a_file_only_claims(folder: Path) -> None:
    with h5py.File(folder / "fields.vtkhdf", "r+") as file:
        for name in ("PointData/occupancy", "FieldData/step"):
            _replaced(name, shape=(10**10,), dtype="f8" if "Point" in name else "i8", chunks=(1000,))(file)
    code = (
        "import resource, sys; limit = 2 * 1024**3; resource.setrlimit(resource.RLIMIT_AS, (limit, limit))\n"
        "from solver.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    words = [sys.executable, "-c", code, "report", str(folder)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
    assert "fields.vtkhdf: not readable as fields" in done.stderr


@pytest.mark.parametrize("command", ["report", "compare"])
@pytest.mark.parametrize(
    ("name", "data"),
    [("history.csv", b"a,b\n1\n"), ("summary.json", b'{"steps": 3}'), ("resolved.yaml", b"a: [b\n"),
     ("fields.vtkhdf", b"\x89HDF\r\n\x1a\n" + b"\x00" * 4000), ("summary.json", b"\xff\xfe{")],
)  # fmt: skip
def test_commands_refuse_damaged_folders(
    folder: Path, tmp_path: Path, command: str, name: str, data: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / name).write_bytes(data)
    words = [command, folder] if command == "report" else [command, folder, folder]
    assert main([*map(str, words), "--out", str(tmp_path / "out")]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(str(folder / name))
    assert not (tmp_path / "out").exists()

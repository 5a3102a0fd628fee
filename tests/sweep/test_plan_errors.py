"""Sweep files that are wrong: every mistake at its line and column, with what is allowed."""

from pathlib import Path

import pytest

from solver.case import CaseError
from solver.sweep.plan import read_plan

HEAD = "name: trial\nbase: quick/core_shell_liquid\n"


def complaints(folder: Path, text: str) -> list[str]:
    """What is said of a sweep file, without its folder."""
    file = folder / "sweep.yaml"
    file.write_text(text)
    with pytest.raises(CaseError) as error:
        read_plan(file)
    return [line.replace(f"{folder}/", "") for line in error.value.lines]


AXIS = "axes:\n  - {field: geometry.shell_thickness, kind: grid, from: 40 nm, to: 80 nm, points: 3}\n"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            HEAD + "axis: []\n" + AXIS,
            "sweep.yaml:3:1: axis: unknown key, did you mean 'axes'?; "
            "keys here: name, base, set, axes, repeat, run",
        ),
        ("base: quick/core_shell_liquid\n" + AXIS, "sweep.yaml:1:1: name: missing key; this key is needed"),
        (
            HEAD + AXIS.replace("kind: grid", "kind: gird"),
            "sweep.yaml:4:45: axes[0].kind: the text 'gird' is none of the choices, did you mean 'grid'?; "
            "list | grid | log | sobol | latin_hypercube | csv",
        ),
        (
            HEAD + AXIS.replace("points: 3", "point: 3"),
            "sweep.yaml:4:5: axes[0].points: missing key; this key is needed",
        ),
        (
            HEAD + AXIS.replace("points: 3", "points: 1"),
            "sweep.yaml:4:83: axes[0].points: the number 1 does not fit; "
            "input should be greater than or equal to 2",
        ),
        (
            HEAD + AXIS.replace("80 nm", "80 mV"),
            "sweep.yaml:4:68: axes[0].to: '80 mV' is not in a unit of nm; "
            "both ends in one unit, or in units of the same quantity",
        ),
        (
            HEAD + AXIS.replace("shell_thickness", "shell_thicknes"),
            "sweep.yaml:4:13: axes[0].field: geometry.shell_thicknes: "
            "unknown key, did you mean 'shell_thickness'?; keys here: kind,",
        ),
        (
            HEAD + AXIS.replace("geometry.shell_thickness", "geometry shell"),
            "sweep.yaml:4:13: axes[0].field: 'geometry shell': this is no field of a case; "
            "keys joined by dots, such as geometry.shell_thickness",
        ),
        (
            HEAD + "axes:\n  - {field: name, kind: list, values: [a, b]}\n",
            "sweep.yaml:4:13: axes[0].field: 'name': a name changes nothing in a case; a field that does",
        ),
        (
            HEAD + "set: {geometry.shell_thickness: 9 nm}\n" + AXIS,
            "sweep.yaml:5:13: axes[0].field: 'geometry.shell_thickness': this field has its values already; "
            "each field once",
        ),
        (
            HEAD + AXIS + "repeat: {count: 2, field: geometry.shell_thickness}\n",
            "sweep.yaml:5:27: repeat.field: 'geometry.shell_thickness': this field has its values already; "
            "each field once",
        ),
        (
            HEAD.replace("liquid", "liqiud") + AXIS,
            "sweep.yaml:2:7: base: there is no case 'quick/core_shell_liqiud', "
            "did you mean 'quick/core_shell_liquid'?; a shipped case, or a file by its path from",
        ),
        (HEAD, "sweep.yaml:1:1: axes: there is nothing to vary; `axes`, `repeat` or both"),
        (
            HEAD + "axes:\n  - {field: geometry.seed, kind: list, values: []}\n",
            "sweep.yaml:4:48: axes[0].values: a list of 0; at least 1",
        ),
        (
            HEAD + "axes:\n  - {field: geometry.radius, kind: list, values: [1 um, 2026-11-21]}\n",
            "sweep.yaml:4:57: axes[0].values[1]: 2026-11-21, which YAML may read as a date; quote it",
        ),
        (
            HEAD + "axes:\n  - {field: numerics.tolerance, kind: list, values: [1e-3, .nan]}\n",
            "sweep.yaml:4:60: axes[0].values[1]: the number is not finite; a finite number",
        ),
        (
            HEAD + "axes:\n  - {kind: sobol, points: 4, seed: 1,\n"
            "     fields: {mechanics.coherency: {from: 0, t: 1}}}\n",
            "sweep.yaml:5:46: axes[0].fields.mechanics.coherency.t: unknown key, did you mean 'to'?; "
            "keys here: from, to, scale",
        ),
        (
            HEAD + "axes:\n  - {kind: sobol, points: 4, fields: {mechanics.coherency: {from: 0, to: 1}}}\n",
            "sweep.yaml:4:5: axes[0].seed: missing key; this key is needed",
        ),
        (
            HEAD + "axes:\n  - {kind: latin_hypercube, points: 4, seed: 1,\n"
            "     fields: {mechanics.coherency: {from: 0, to: 1, scale: log}}}\n",
            "sweep.yaml:5:43: axes[0].fields.mechanics.coherency.from: 0 has no logarithm; ends above zero",
        ),
        (
            HEAD + AXIS + "run: {ranks: 0, wall_time: 30}\n",
            "sweep.yaml:5:14: run.ranks: the number 0 does not fit; input should be greater than or",
        ),
        (
            HEAD + AXIS + "run: {wall_time: 30}\n",
            "sweep.yaml:5:18: run.wall_time: the number 30 has no unit; "
            "a time with its unit, such as 60 s, above 0 in s",
        ),
        (
            HEAD + AXIS.replace("points: 3", "points: 400") + "repeat: {count: 300, field: geometry.seed}\n",
            "sweep.yaml:4:3: axes: 120000 cases; at most 100000 in one sweep",
        ),
        (
            HEAD + "axes:\n  - {kind: csv, path: ../cases.csv}\n",
            "sweep.yaml:4:23: axes[0].path: '../cases.csv' leads out of the folder of the sweep file; "
            "a table beside it",
        ),
        (
            HEAD + "axes:\n  - {kind: csv, path: none.csv}\n",
            "sweep.yaml:4:23: axes[0].path: 'none.csv' cannot be read: No such file or directory",
        ),
        ("- name: trial\n", "sweep.yaml:1:1: case: the file holds no mapping; a mapping of keys"),
        ("name: [trial\n", "sweep.yaml:2:1: case: not YAML:"),
    ],
)  # fmt: skip
def test_a_mistake_stands_at_its_place(tmp_path: Path, text: str, wanted: str) -> None:
    folder = tmp_path / "inner"  # so that a table beside the folder exists and is refused for where it is
    folder.mkdir()
    (tmp_path / "cases.csv").write_text("geometry.radius\n2 um\n")
    said = complaints(folder, text)
    assert any(line.startswith(wanted) for line in said), said


def test_mistakes_are_told_together(tmp_path: Path) -> None:
    text = HEAD + AXIS.replace("80 nm", "40 nm") + AXIS.partition("\n")[2] + "set: {name: x}\n"
    said = complaints(tmp_path, text)
    assert [line.split(": ")[0] for line in said] == ["sweep.yaml:4:68", "sweep.yaml:6:13"]


@pytest.mark.parametrize(
    ("table", "wanted"),
    [
        ("geometry.radius,geometry.seed\n2 um,1\n3 um\n", "cases.csv:3:1: row: 1 cells under a header of 2"),
        ("geometry.radius,geometry.seed\n2 um,\n", "cases.csv:2:2: geometry.seed: the cell is empty"),
        ("geometry.radius\n[1 um\n", "cases.csv:2:1: geometry.radius: not YAML"),
        ("geometry.radius\n2026-11-21\n", "cases.csv:2:1: geometry.radius: 2026-11-21 may be read as a date"),
        ("", "sweep.yaml:4:23: axes[0].path: 'cases.csv' has no header"),
        ("geometry.radius,\n2 um,3\n", "sweep.yaml:4:23: axes[0].path: 'cases.csv' has no header"),
        ("geometry.radius\n", "sweep.yaml:4:23: axes[0].path: 'cases.csv' has a header and no rows"),
        ('geometry.radius\n"2 um\n', "sweep.yaml:4:23: axes[0].path: line 2 of 'cases.csv' is not CSV"),
        ("geometry.radius,geometry.radius\n2 um,3 um\n", "sweep.yaml:4:23: axes[0].path: 'geometry.radius':"),
        ("geometry.radus\n2 um\n", "sweep.yaml:4:23: axes[0].path: geometry.radus: unknown key, did you"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_table_stands_at_its_row_and_cell(tmp_path: Path, table: str, wanted: str) -> None:
    (tmp_path / "cases.csv").write_text(table)
    said = complaints(tmp_path, HEAD + "axes:\n  - {kind: csv, path: cases.csv}\n")
    assert said[0].startswith(wanted), said


def test_a_table_reached_through_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    inside = tmp_path / "sweep"
    inside.mkdir()
    (tmp_path / "cases.csv").write_text("geometry.radius\n2 um\n")
    (inside / "cases.csv").symlink_to(tmp_path / "cases.csv")
    said = complaints(inside, HEAD + "axes:\n  - {kind: csv, path: cases.csv}\n")
    assert "leads out of the folder" in said[0]


def test_a_table_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_bytes(b"geometry.radius\n\xff\xfe\n")
    assert (
        "'cases.csv' is not UTF-8"
        in complaints(tmp_path, HEAD + "axes:\n  - {kind: csv, path: cases.csv}\n")[0]
    )


def test_a_sweep_that_is_not_there_names_the_shipped_ones(tmp_path: Path) -> None:
    with pytest.raises(CaseError) as error:
        read_plan(Path("hollow_cavty"))
    said = str(error.value)
    assert said.startswith("hollow_cavty: sweep: there is no such file, did you mean 'hollow_cavity'?; ")
    assert "quick/core_shell_thickness" in said


def test_a_base_that_cannot_be_read_is_told_at_its_own_place(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("name: x\nname: y\nextends: nobody\n")
    said = complaints(tmp_path, HEAD.replace("quick/core_shell_liquid", "base.yaml") + AXIS)
    assert any(line.startswith("base.yaml:3:10: extends") for line in said), said


def test_a_field_that_some_case_has_is_no_unknown_field(tmp_path: Path) -> None:
    text = HEAD + (
        "axes:\n"
        "  - {field: phases.layered.expansion.kind, kind: list, values: [vegard, anisotropic]}\n"
        "  - {field: phases.layered.expansion.partial_molar_volume, kind: list, values: [1e-6 m^3/mol]}\n"
        "set: {phases.layered.expansion.reference_occupancy: 1.0}\n"
    )
    (tmp_path / "sweep.yaml").write_text(text)
    good, bad = read_plan(tmp_path / "sweep.yaml").cases
    assert good.problem == ()
    assert any("unknown key" in line for line in bad.problem)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("name: trial\nbase: ../mine.yaml\nrepeat: {count: 2, field: output.every}\n",
         "sweep.yaml:2:7: base: "),
        (HEAD + "axes:\n  - {field: phases.layered, kind: list, values: [nmc811, ../mine.yaml]}\n",
         "sweep.yaml:4:58: axes[0].values[1]: "),
        (HEAD + "axes:\n  - {field: phases, kind: list, values: [{layered: {extends: ../mine.yaml}}]}\n",
         "sweep.yaml:4:62: axes[0].values[0].layered.extends: "),
        (HEAD + "set: {geometry.path: /mine.msh}\nrepeat: {count: 2, field: output.every}\n",
         "sweep.yaml:3:22: set.geometry.path: "),
        (HEAD + "axes:\n  - {kind: csv, path: phases.csv}\n", "sweep.yaml:4:23: axes[0].path: "),
    ],
)  # fmt: skip
def test_a_sweep_names_no_files_outside_its_folder(tmp_path: Path, text: str, wanted: str) -> None:
    """A path in a sweep file would pass for one that the reader of a case has typed, and open any file."""
    folder = tmp_path / "inner"
    folder.mkdir()
    (tmp_path / "mine.yaml").write_text("extends: core_shell_liquid\n")
    (folder / "phases.csv").write_text("phases.layered\nnmc811\n../mine.yaml\n")
    (said,) = complaints(folder, text)
    assert said.startswith(wanted)
    assert "leads outside the folder" in said

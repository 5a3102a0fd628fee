"""Malformed cases on the command line: each reported where it stands, all together, nothing written.

In the edits below a `§` marks where an error must be reported; the marks are taken out before the case is
written.
"""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from solver.cli import main

type Refuse = Any

MARK = "§"
SECONDS = 5.0

# What is replaced in the complete case, by what, and the fields that the errors name, in their order.
EDITS: list[tuple[str, str, str, tuple[str, ...]]] = [
    # Quantities
    ("decimal comma", "radius: 2.5 um", "radius: §2,5 um", ("geometry.radius",)),
    ("sum of quantities", "radius: 2.5 um", "radius: §2 um + 3 nm", ("geometry.radius",)),
    ("tower of powers", "radius: 2.5 um", "radius: §9^9^9 nm", ("geometry.radius",)),
    ("bare unit", "radius: 2.5 um", "radius: §um", ("geometry.radius",)),
    ("bare number", "radius: 2.5 um", "radius: §2.5", ("geometry.radius",)),
    ("bare number as text", "radius: 2.5 um", "radius: §'2.5'", ("geometry.radius",)),
    ("unit of another kind", "radius: 2.5 um", "radius: §2.5 s", ("geometry.radius",)),
    ("unknown unit", "radius: 2.5 um", "radius: §2.5 furlong", ("geometry.radius",)),
    ("no length", "radius: 2.5 um", "radius: §0 um", ("geometry.radius",)),
    ("negative length", "radius: 2.5 um", "radius: §-2.5 um", ("geometry.radius",)),
    ("number beyond all floats", "radius: 2.5 um", "radius: §1e999 um", ("geometry.radius",)),
    ("number of 100000 digits", "radius: 2.5 um", f"radius: §{'1' * 100_000}", ("geometry.radius",)),
    ("full-width digits", "radius: 2.5 um", "radius: §２.５ um", ("geometry.radius",)),
    ("list for a length", "radius: 2.5 um", "radius: §[2.5 um]", ("geometry.radius",)),
    ("mapping for a length", "radius: 2.5 um", "radius: §{value: 2.5 um}", ("geometry.radius",)),
    ("date for a length", "radius: 2.5 um", "radius: §2024-01-01", ("geometry.radius",)),
    ("degrees outside temperature", "radius: 2.5 um", "radius: §25 degC", ("geometry.radius",)),
    ("temperature below zero", "298.15 K", "§-300 degC", ("temperature",)),
    ("temperature without unit", "298.15 K", "§298.15", ("temperature",)),
    ("ampere for a molar volume", "1e-6 m^3/mol\n    host", "§1e-6 A\n    host",
     ("phases.layered.activation_volume",)),
    ("coulomb taken for a rate", "{drive: current_density, value: -2 A/m^2", "{drive: c_rate, value: §1C",
     ("protocol.steps[2].value",)),
    ("unit on a pure number", "coherency: 0.5", "coherency: §0.5 m", ("mechanics.coherency",)),
    ("pure number as text", "coherency: 0.5", "coherency: §'0.5'", ("mechanics.coherency",)),
    ("infinite number", "coherency: 0.5", "coherency: §.inf", ("mechanics.coherency",)),
    ("number that is none", "coherency: 0.5", "coherency: §.nan", ("mechanics.coherency",)),
    ("more than all", "coherency: 0.5", "coherency: §1.5", ("mechanics.coherency",)),
    ("boolean for a number", "coherency: 0.5", "coherency: §true", ("mechanics.coherency",)),
    ("yes for a boolean", "misfit: true", "misfit: §yes", ("couplings.misfit",)),
    ("capital boolean", "misfit: true", "misfit: §True", ("couplings.misfit",)),
    ("one for a boolean", "misfit: true", "misfit: §1", ("couplings.misfit",)),
    ("half an increment", "every: 10", "every: §10.5", ("output.every",)),
    ("increments as text", "every: 10", "every: §'10'", ("output.every",)),
    # Names and keys
    ("number for a name", "name: small", "name: §2024", ("name",)),
    ("date for a name", "name: small", "name: §2024-01-31", ("name",)),
    ("space in a name", "name: small", "name: §very small", ("name",)),
    ("name of 81 characters", "name: small", f"name: §{'x' * 81}", ("name",)),
    ("path for a name", "name: small", "name: §../small", ("name",)),
    ("folder above for a name", "name: small", "name: §..", ("name",)),
    ("unknown architecture", "architecture: solid", "architecture: §gas", ("architecture",)),
    ("misspelt key", "  shell_thickness:", "  §shell_thicknes:", ("geometry.shell_thickness",
     "geometry.shell_thicknes")),
    ("unknown section", "numerics:", "§numeric:", ("numeric",)),
    ("unknown key in a list", "omega: 4", "omega: 4, §omgea: 4", ("phases.layered.host.sites[1].omgea",)),
    ("missing key in a list", "- {potential: 3.7 V, fraction: 0.6,", "- §{potential: 3.7 V, fraction: 0.6} #",
     ("phases.layered.host.sites[0].omega",)),
    ("missing sites", "      sites:\n        - {potential: 3.7 V, fraction: 0.6, omega: 1.5}\n"
     "        - {potential: 4.1 V, fraction: 0.4, omega: 4}\n", "", ("phases.layered.host.sites",)),
    ("no sites", "sites:\n        - {potential: 3.7 V, fraction: 0.6, omega: 1.5}\n"
     "        - {potential: 4.1 V, fraction: 0.4, omega: 4}\n", "sites: §[]\n",
     ("phases.layered.host.sites",)),
    ("fractions that add up to more", "fraction: 0.4", "fraction: 0.5", ("phases.layered.host.sites",)),
    ("missing kind", "{kind: chemical, value: 1e-15 m^2/s}", "{value: 1e-15 m^2/s}",
     ("phases.layered.diffusivity.kind",)),
    ("unknown kind", "kind: core_shell", "kind: §core_shel", ("geometry.kind",)),
    ("list for a kind", "kind: core_shell", "kind: §[core_shell]", ("geometry.kind",)),
    ("number for a section", "mechanics: {coherency: 0.5, stack_pressure: 760 MPa, loading: hydrostatic}",
     "mechanics: §3", ("mechanics",)),
    ("list for a section", "mechanics: {coherency: 0.5, stack_pressure: 760 MPa, loading: hydrostatic}",
     "mechanics: §[]", ("mechanics",)),
    ("nothing for a section", "mechanics: {coherency: 0.5, stack_pressure: 760 MPa, loading: hydrostatic}",
     "§mechanics:", ("mechanics",)),
    ("nothing for a value", "shell_thickness: 100 nm", "shell_thickness: §~", ("geometry.shell_thickness",)),
    ("duplicate key", "  radius: 2.5 um\n", "  radius: 2.5 um\n  §radius: 3 um\n", ("geometry.radius",)),
    ("duplicate section", "numerics:", "§geometry: {}\nnumerics:", ("geometry",)),
    ("merge key", "  radius: 2.5 um\n", "  radius: 2.5 um\n  §<<: {radius: 3 um}\n", ("geometry.<<",)),
    ("merge key in quotes", "  radius: 2.5 um\n", "  radius: 2.5 um\n  §'<<': {radius: 3 um}\n",
     ("geometry.<<",)),
    ("key like a class", "  radius: 2.5 um\n", "  radius: 2.5 um\n  §<CoreShell>: 3\n",
     ("geometry.<CoreShell>",)),
    ("merge key from an anchor", "mechanics: {coherency: 0.5,", "mechanics: &m {§<<: *m, coherency: 0.5,",
     ("mechanics.<<",)),
    ("number for a key", "  radius: 2.5 um\n", "  radius: 2.5 um\n  §3: 4\n", ("geometry",)),
    ("boolean for a key", "  radius: 2.5 um\n", "  radius: 2.5 um\n  §true: 4\n", ("geometry",)),
    ("nothing for a key", "  radius: 2.5 um\n", "  radius: 2.5 um\n  §~: 4\n", ("geometry",)),
    ("list for a key", "  radius: 2.5 um\n", "  radius: 2.5 um\n  ? §[a]\n  : 4\n", ("geometry",)),
    ("tag", "radius: 2.5 um", "radius: §!!str 2.5 um", ("geometry.radius",)),
    ("object tag", "radius: 2.5 um", "radius: §!!python/object:os.system 2.5 um", ("geometry.radius",)),
    ("unknown alias", "radius: 2.5 um", "radius: §*who", ("geometry.radius",)),
    ("alias inside its own anchor", "fields: [occupancy,", "fields: &f [§*f,", ("output.fields[0]",)),
    # What comes later
    ("no contact", "exchange_current_density: 1 A/m^2\n",
     "exchange_current_density: 1 A/m^2\n  contact: {kind: caps, share: §0}\n", ("surface.contact.share",)),
    ("incompressible medium", "loading: hydrostatic", "loading: hydrostatic, medium_poisson_ratio: §0.5",
     ("mechanics.medium_poisson_ratio",)),
    ("expansion table",
     "expansion: {kind: vegard, partial_molar_volume: 1.35e-6 m^3/mol, reference_occupancy: 1}",
     "expansion: {kind: §tabel}", ("phases.layered.expansion.kind",)),
    *[
        (f"table with {name}",
         "expansion: {kind: vegard, partial_molar_volume: 1.35e-6 m^3/mol, reference_occupancy: 1}",
         "expansion: {kind: table, reference_occupancy: 1, rows: ["
         f"{{occupancy: 0, a: 2.81 Å, c: 13.4 Å}}, {row}]}}", (f"phases.layered.expansion.{field}",))
        for name, row, field in (
            ("a row twice", "{occupancy: 1, a: 2.87 Å, c: 14.2 Å}, {occupancy: §1, a: 2.87 Å, c: 14.2 Å}",
             "rows[2].occupancy"),
            ("falling rows", "{occupancy: 1, a: 2.87 Å, c: 14.2 Å}, {occupancy: §0.9, a: 2.87 Å, c: 14.2 Å}",
             "rows[2].occupancy"),
            ("a bare length", "{occupancy: 1, a: §2.87, c: 14.2 Å}", "rows[1].a"),
            ("a length below zero", "{occupancy: 1, a: 2.87 Å, c: §-14.2 Å}", "rows[1].c"),
            ("a slip of the unit", "{occupancy: 1, a: 2.87 Å, c: §14.2 nm}", "rows[1].c"),
            ("more than full", "{occupancy: §1.1, a: 2.87 Å, c: 14.2 Å}", "rows[1].occupancy"),
        )
    ],
    ("table of one row",
     "expansion: {kind: vegard, partial_molar_volume: 1.35e-6 m^3/mol, reference_occupancy: 1}",
     "expansion: {kind: table, reference_occupancy: 1, rows: §[{occupancy: 1, a: 2.87 Å, c: 14.2 Å}]}",
     ("phases.layered.expansion.rows",)),
    ("reference beyond the table",
     "expansion: {kind: vegard, partial_molar_volume: 1.35e-6 m^3/mol, reference_occupancy: 1}",
     "expansion: {kind: table, reference_occupancy: §1, rows: [{occupancy: 0, a: 2.81 Å, c: 13.4 Å}, "
     "{occupancy: 0.9, a: 2.87 Å, c: 14.2 Å}]}", ("phases.layered.expansion.reference_occupancy",)),
    # Parts that do not go together
    ("die without an axis", "loading: hydrostatic", "loading: §die", ("mechanics.loading",)),
    ("pattern on a point", "exchange_current_density: 1 A/m^2\n",
     "exchange_current_density: 1 A/m^2\n  contact: §{kind: caps, share: 0.3}\n", ("surface.contact",)),
    ("two contacts", "exchange_current_density: 1 A/m^2\n",
     "exchange_current_density: 1 A/m^2\n  contact_fraction: §0.5\n  contact: {kind: caps, share: 0.3}\n",
     ("surface.contact_fraction",)),
    ("shell as thick as the particle", "shell_thickness: 100 nm", "shell_thickness: §2.5 um",
     ("geometry.shell_thickness",)),
    ("unstable stiffness", "{kind: cubic, C11: 345 GPa", "§{kind: cubic, C11: 3 GPa",
     ("phases.rock_salt.elasticity",)),
    ("incompressible", "poisson_ratio: 0.25", "poisson_ratio: §0.5",
     ("phases.layered.elasticity.poisson_ratio",)),
    ("two references of strain", "1.35e-6 m^3/mol, reference_occupancy: 1}",
     "1.35e-6 m^3/mol, reference_occupancy: §0.5}", ("phases.layered.expansion.reference_occupancy",)),
    ("misfit without lattice", "    lattice: {a: 2.878 Å, c: 14.19 Å}\n", "", ("phases.layered.lattice",)),
    ("rock salt without misfit", "    misfit: {kind: lattice, a: 4.12 Å}\n", "",
     ("phases.rock_salt.misfit",)),
    ("lithium without diffusivity", "    diffusivity: {kind: tracer, value: 2e-17 m^2/s}\n", "",
     ("phases.rock_salt.diffusivity",)),
    ("inert surface under current", "host: {kind: ideal, standard_potential: 3.8 V}", "host: {kind: inert}",
     ("protocol.steps",)),
    ("crystal in one dimension", "  radius: 2.5 um\n", "  radius: 2.5 um\n  crystal: §{c_axis: [0, 0, 1]}\n",
     ("geometry.crystal",)),
    ("octant in one dimension", "  radius: 2.5 um\n", "  radius: 2.5 um\n  sector: §octant\n",
     ("geometry.sector",)),
    ("layer too thin for the plane", "dimension: spherical\n  radius: 2.5 um\n  shell_thickness: 100 nm",
     "dimension: axisymmetric\n  radius: 2.5 um\n  shell_thickness: §2 nm", ("geometry.shell_thickness",)),
    # Protocol
    ("no sentence", "- Charge at 1C until 4.3 V", "- §Charge it", ("protocol.steps[0]",)),
    ("sentence without end", "- Charge at 1C until 4.3 V", "- §Charge at 1C", ("protocol.steps[0]",)),
    ("number for a step", "- Charge at 1C until 4.3 V", "- §3", ("protocol.steps[0]",)),
    ("step without drive", "{drive: current_density, value", "§{value", ("protocol.steps[2].drive",)),
    ("unknown drive", "{drive: current_density", "{drive: §curent_density", ("protocol.steps[2].drive",)),
    ("current of zero", "{drive: current_density, value: -2 A/m^2",
     "§{drive: current_density, value: 0 A/m^2",
     ("protocol.steps[2]",)),
    ("value of a rest", "{drive: current_density, value: -2 A/m^2", "{drive: rest, §value: -2 A/m^2",
     ("protocol.steps[2].value",)),
    ("repeat of nothing", "{drive: current_density, value: -2 A/m^2, for: 1000 s}",
     "{repeat: §0, steps: [Rest for 1 s]}",
     ("protocol.steps[2].repeat",)),
    ("error inside a repeat", "{drive: current_density, value: -2 A/m^2, for: 1000 s}",
     "{repeat: 2, steps: [Rest for 1 s, {drive: rest, for: §1 m}]}", ("protocol.steps[2].steps[1].for",)),
    ("two conditions in one", "for: 1000 s}", "until: §{voltage: 3 V, occupancy: 0.5}}",
     ("protocol.steps[2].until",)),
    ("two starts", "start: {voltage: 3.6 V}", "start: §{voltage: 3.6 V, occupancy: 0.5}",
     ("protocol.start",)),
    ("full start", "start: {voltage: 3.6 V}", "start: {occupancy: §1}", ("protocol.start.occupancy",)),
    ("unknown field of output", "fields: [occupancy,", "fields: [§occupency,", ("output.fields[0]",)),
]  # fmt: skip

# Where an error stands in a line that the edit leaves alone, it is named by the beginning of that line.
PARENTS = {
    "misspelt key": ["geometry:"],
    "missing kind": ["    diffusivity: {value"],
    "missing sites": ["    host:"],
    "fractions that add up to more": ["        - {potential: 3.7"],
    "misfit without lattice": ["  layered:"],
    "rock salt without misfit": ["  rock_salt:"],
    "lithium without diffusivity": ["  rock_salt:"],
    "inert surface under current": ["    - Charge"],
}


def places(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without marks and where they stood, line and column from 1."""
    found = []
    while MARK in text:
        before, _, after = text.partition(MARK)
        found.append((before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1))
        text = before + after
    return text, found


def complaints(arguments: Sequence[str], capsys: pytest.CaptureFixture[str], folder: Path) -> list[str]:
    """The error lines of a refused case; checks exit code, silence, time and that nothing was written."""
    before = sorted(folder.rglob("*"))
    start = time.perf_counter()
    assert main(["check", *arguments]) == 2
    assert time.perf_counter() - start < SECONDS
    output = capsys.readouterr()
    assert output.out == ""
    assert sorted(folder.rglob("*")) == before
    lines = output.err.splitlines()
    assert all(len(line) < 1000 for line in lines)
    assert len(lines) == len(set(lines)) > 0
    return lines


def located(line: str) -> tuple[int, int, str]:
    """Line, column and field of an error line of case.yaml."""
    file, row, column, field, what = line.split(":", 4)
    assert file == "case.yaml"
    assert what.strip()
    return int(row), int(column), field.strip()


def test_the_complete_case_is_good(complete: str, tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text(complete, encoding="utf-8")
    assert main(["check", str(tmp_path / "case.yaml")]) == 0


def test_there_are_enough_of_them() -> None:
    assert len({name for name, *_ in EDITS}) == len(EDITS) >= 60


@pytest.mark.parametrize(
    ("old", "new", "fields"), [edit[1:] for edit in EDITS], ids=[edit[0] for edit in EDITS]
)
def test_error_is_reported_where_it_stands(
    old: str,
    new: str,
    fields: tuple[str, ...],
    complete: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert complete.count(old) == 1
    text, marked = places(complete.replace(old, new))
    for beginning in PARENTS.get(request.node.callspec.id, ()):
        lines = text.splitlines()
        number = next(n for n, line in enumerate(lines) if line.startswith(beginning))
        indent = len(lines[number]) - len(lines[number].lstrip())
        marked.append((number + 1, indent + 1))
    monkeypatch.chdir(tmp_path)
    Path("case.yaml").write_text(text, encoding="utf-8")
    found = [located(line) for line in complaints(["case.yaml"], capsys, tmp_path)]
    assert found == [(*place, field) for place, field in zip(sorted(marked), fields, strict=True)]


WHOLE: list[tuple[str, bytes, tuple[int, int], str]] = [
    ("empty", b"", (1, 1), "nothing is written here"),
    ("comment only", b"# nothing\n", (2, 1), "nothing is written here"),
    ("scalar", b"hello", (1, 1), "holds no mapping"),
    ("list", b"- a\n- b\n", (1, 1), "holds no mapping"),
    ("two documents", b"a: 1\n---\nb: 2\n", (2, 1), "second YAML document"),
    ("nested brackets by the thousand", b"a: " + b"[" * 5000, (1, 34), "nested deeper"),
    ("nested braces by the thousand", b"{a: " * 5000, (1, 122), "nested deeper"),
    ("nested brackets, closed", b"a: " + b"[" * 20_000 + b"]" * 20_000, (1, 34), "nested deeper"),
    ("nested block mappings", b"".join(b" " * n + b"a:\n" for n in range(300)), (31, 31), "nested deeper"),
    ("nested dashes", b"- " * 5000 + b"a", (1, 63), "nested deeper"),
    ("NUL byte", b"name: a\nradius: \x00 um\n", (2, 9), "U+0000"),
    ("bell", b"name: a\x07b\n", (1, 8), "U+0007"),
    ("not UTF-8", b"name: a\nunit: \xb5m\n", (2, 7), "byte 0xb5 is not UTF-8"),
    ("UTF-16", "name: a\n".encode("utf-16"), (1, 1), "is not UTF-8"),
    ("binary", bytes(range(256)), (3, 115), "not UTF-8"),
    ("tab", b"name: a\ngeometry:\n\tradius: 1 um\n", (3, 1), "tab"),
    ("unclosed bracket", b"name: [a\n", (2, 1), "not YAML"),
    ("unclosed quote", b"name: 'a\n", (2, 1), "not YAML"),
    ("two colons", b"name: a: b\n", (1, 8), "not YAML"),
    ("bad escape", b'name: "\\q"\n', (1, 9), "not YAML"),
    ("escape beyond Unicode", b'name: "\\UFFFFFFFF"\n', (1, 1), "not YAML"),
    ("wrong version", b"%YAML 3.0\n---\nname: a\n", (1, 1), "not YAML"),
    ("indentation", b"geometry:\n  kind: a\n radius: 1 um\n", (3, 2), "not YAML"),
    ("too large", b"# " + b"x" * 300_000, (1, 1), "larger than"),
]


@pytest.mark.parametrize(
    ("data", "place", "what"), [case[1:] for case in WHOLE], ids=[case[0] for case in WHOLE]
)
def test_text_that_cannot_be_read(
    data: bytes,
    place: tuple[int, int],
    what: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("case.yaml").write_bytes(data)
    (line,) = complaints(["case.yaml"], capsys, tmp_path)
    assert line.startswith(f"case.yaml:{place[0]}:{place[1]}: ")
    assert what in line or (what == "tab" and "cannot start any token" in line)


def test_alias_bomb(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    monkeypatch.chdir(tmp_path)
    Path("case.yaml").write_text("\n".join(lines))
    (line,) = complaints(["case.yaml"], capsys, tmp_path)
    assert line.startswith("case.yaml:5:")
    assert "more than 20000 values" in line


def test_aliases_by_the_hundred(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("case.yaml").write_text("a: &a x\nb: [" + "*a, " * 300 + "]\n")
    (line,) = complaints(["case.yaml"], capsys, tmp_path)
    assert line.startswith("case.yaml:2:")
    assert "aliases" in line


def test_anchors_are_allowed(complete: str, tmp_path: Path) -> None:
    text = complete.replace(
        "C11: 345 GPa, C12: 141 GPa, C44: 90 GPa", "C11: 345 GPa, C12: &s 90 GPa, C44: *s"
    )
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    assert main(["check", str(tmp_path / "case.yaml")]) == 0


def test_all_errors_of_a_file_come_together(
    complete: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = complete
    fields = []
    for name in (
        "number for a name",
        "duplicate key",
        "merge key from an anchor",
        "octant in one dimension",
        "two references of strain",
        "missing kind",
        "lithium without diffusivity",
        "unstable stiffness",
        "no sentence",
        "yes for a boolean",
        "half an increment",
    ):
        old, new, found = next(edit[1:] for edit in EDITS if edit[0] == name)
        text = text.replace(old, new)
        fields += found
    monkeypatch.chdir(tmp_path)
    Path("case.yaml").write_text(text.replace(MARK, ""), encoding="utf-8")
    found = [located(line) for line in complaints(["case.yaml"], capsys, tmp_path)]
    assert sorted(field for *_, field in found) == sorted(fields)
    assert found == sorted(found, key=lambda place: place[:2])


def test_keys_and_values_never_break_the_line_or_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("case.yaml").write_text(
        '"\\e[31m\\n": 1\n"k\\ud800": "v\\ud800\\n"\nname: "a\\nb"\n' + "x" * 5000 + ": 3\n"
    )
    lines = complaints(["case.yaml"], capsys, tmp_path)
    assert all(line.startswith("case.yaml:") and line.isprintable() for line in lines)


@pytest.mark.parametrize("path", ["none.yaml", "folder", "x" * 5000, "no/such/case"])
def test_a_file_that_is_not_there(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    start = time.perf_counter()
    assert main(["check", path]) == 2
    assert time.perf_counter() - start < SECONDS
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{path}:1:1: case: ")


def test_a_list_of_the_wrong_length_is_counted(refuse: Refuse, complete: str) -> None:
    (line,) = refuse(complete, "phases.layered.host.sites=[]")
    assert line.endswith("phases.layered.host.sites: a list of 0; at least 1")
    many = ", ".join(["{voltage: 3 V}"] * 21)
    (line,) = refuse(complete, f"protocol.steps=[{{drive: rest, for: 1 s, until: [{many}]}}]")
    assert line.endswith("protocol.steps[0].until: a list of 21; at most 20")


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("dispersed_sold", "did you mean 'dispersed_solid'?"),
        ("sphere_2007.yaml", "did you mean 'sphere_2007'?"),
        ("quick/sphere_207", "did you mean 'quick/sphere_2007'?"),
        ("none.yaml", "No such file or directory; an existing file"),
    ],
)
def test_the_name_of_a_shipped_case_is_guessed(
    path: str, hint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["check", path]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{path}:1:1: case: cannot be read: ")
    assert hint in line

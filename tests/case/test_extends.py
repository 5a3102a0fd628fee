from pathlib import Path
from typing import Any

import pytest

type Load = Any
type Refuse = Any


def layered_from(complete: str, reference: str) -> str:
    """The complete case with its layered phase replaced by a reference."""
    head, _, rest = complete.partition("  layered:\n")
    return f"{head}  layered: {reference}\n{rest[rest.index('  rock_salt:') :]}"


def test_a_shipped_phase_by_name(load: Load, complete: str) -> None:
    case = load(layered_from(complete, "nmc811"))
    assert case.phases.layered.name == "nmc811"
    assert any("Kondrakov" in line for line in case.phases.layered.sources)


def test_mappings_merge_key_by_key_and_a_number_replaces_one_with_its_source(
    load: Load, complete: str
) -> None:
    reference = "{extends: nmc721, density: 5 g/cm^3, lattice: {a: 2.9 Å}}"
    plain, changed = (load(layered_from(complete, text)).phases.layered for text in ("nmc721", reference))
    assert changed.density == 5000.0
    assert (changed.lattice.a, changed.lattice.c) == (2.9e-10, plain.lattice.c)
    assert "density" in plain.provenance
    assert "density" not in changed.provenance
    assert changed.host == plain.host


def test_another_kind_replaces_the_mapping(load: Load, complete: str) -> None:
    reference = "{extends: nmc721, elasticity: {kind: isotropic, young_modulus: 1 GPa, poisson_ratio: 0}}"
    elasticity = load(layered_from(complete, reference)).phases.layered.elasticity
    assert elasticity.model_dump() == {"kind": "isotropic", "young_modulus": 1e9, "poisson_ratio": 0.0}


def test_the_same_kind_merges(load: Load, complete: str) -> None:
    reference = "{extends: nmc721, elasticity: {kind: hexagonal, C44: 50 GPa}}"
    elasticity = load(layered_from(complete, reference)).phases.layered.elasticity
    assert (elasticity.C11, elasticity.C44) == (210e9, 50e9)


def test_paths_are_relative_to_the_file_that_names_them(load: Load, complete: str, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "mine.yaml").write_text("extends: ./more.yaml\ndensity: 1 kg/m^3\n")
    (tmp_path / "sub" / "more.yaml").write_text("extends: nmc721\n")
    assert load(layered_from(complete, "sub/mine.yaml")).phases.layered.density == 1.0
    assert load(layered_from(complete, "{extends: sub/mine.yaml}")).phases.layered.density == 1.0


def test_a_case_extends_a_case(load: Load, complete: str) -> None:
    case = load("extends: ./base.yaml\nname: other\ngeometry: {shell_thickness: 40 nm}\n", base=complete)
    assert (case.name, case.geometry.shell_thickness, case.geometry.radius) == ("other", 4e-8, 2.5e-6)


def test_a_case_overrides_a_phase_that_its_base_names(load: Load, complete: str) -> None:
    base = layered_from(complete, "nmc721")
    case = load("extends: ./base.yaml\nphases: {layered: {density: 1 kg/m^3}}\n", base=base)
    assert (case.phases.layered.density, case.phases.layered.name) == (1.0, "nmc721")


def test_a_chain_of_five_and_no_more(load: Load, refuse: Refuse, complete: str) -> None:
    files = {f"f{n}": f"extends: ./f{n + 1}.yaml\n" for n in range(1, 5)} | {"f5": complete}
    assert load("extends: ./f1.yaml\nname: top\n", **files).name == "top"
    files["f5"] = "extends: ./f6.yaml\n"
    lines = refuse("extends: ./f1.yaml\nname: top\n", **files, f6=complete)
    assert lines == ("f5.yaml:1:10: extends: a chain of more than 5 files; at most 5",)


@pytest.mark.parametrize(
    "cycle", [{"a": "extends: ./case.yaml\n"}, {"a": "extends: ./b.yaml\n", "b": "extends: ./a.yaml\n"}]
)
def test_cycles_are_refused(refuse: Refuse, cycle: dict[str, str]) -> None:
    (line,) = refuse("extends: ./a.yaml\n", **cycle)
    assert "extends itself" in line


def test_a_phase_that_extends_itself_is_refused(refuse: Refuse, complete: str) -> None:
    (line,) = refuse(layered_from(complete, "./p.yaml"), p="extends: ./p.yaml\n")
    assert line.startswith("p.yaml:1:10: phases.layered.extends: './p.yaml' extends itself")


def test_an_error_stands_where_the_override_stands(refuse: Refuse, complete: str) -> None:
    lines = refuse("extends: ./base.yaml\nname: x\ngeometry:\n  shell_thickness: 3 um\n", base=complete)
    assert lines == (
        "case.yaml:4:20: geometry.shell_thickness: the shell is as thick as the particle; below the radius",
    )


def test_an_error_of_the_base_stands_in_the_base(refuse: Refuse, complete: str) -> None:
    base = complete.replace("radius: 2.5 um", "radius: 2.5")
    (line,) = refuse("extends: ./base.yaml\nname: x\n", base=base)
    assert line.startswith("base.yaml:7:11: geometry.radius: the number 2.5 has no unit")


@pytest.mark.parametrize(
    ("reference", "place", "fragment"),
    [
        ("nmc712", "10:12: phases.layered:", "did you mean 'nmc721'?"),
        ("{extends: nmc712, density: 1 kg/m^3}", "10:22: phases.layered.extends:", "did you mean 'nmc721'?"),
        ("./none.yaml", "10:12: phases.layered:", "does not exist"),
        ("{extends: ./none.yaml}", "10:22: phases.layered.extends:", "does not exist"),
        ("{extends: 3}", "10:22: phases.layered.extends:", "no name and no path"),
        ("{extends: [nmc721]}", "10:22: phases.layered.extends:", "no name and no path"),
        ('"./\\0.yaml"', "10:12: phases.layered:", "does not exist"),
        ("./" + "x" * 5000, "10:12: phases.layered:", "does not exist"),
        ("/", "10:12: phases.layered:", "leads outside"),
    ],
)
def test_a_broken_reference_is_reported_once(
    refuse: Refuse, complete: str, reference: str, place: str, fragment: str
) -> None:
    (line,) = refuse(layered_from(complete, reference))
    assert line.startswith(f"case.yaml:{place}")
    assert fragment in line

from typing import Any

import pytest

type Load = Any
type Refuse = Any


@pytest.mark.parametrize(
    ("override", "path", "value"),
    [
        ("geometry.shell_thickness=40 nm", "geometry.shell_thickness", 4e-8),
        ("mechanics={coherency: 0.1}", "mechanics.coherency", 0.1),
        ("mechanics={coherency: 0.1}", "mechanics.stack_pressure", 7.6e8),
        ("couplings.misfit=false", "couplings.misfit", False),
        ("phases.rock_salt.host.sites[0].omega=2", None, None),
        ("phases.layered.host.sites[1].omega=2", "phases.layered.host.sites.1.omega", 2.0),
        ("phases.layered.host.sites.1.omega=2", "phases.layered.host.sites.1.omega", 2.0),
        ("phases.layered.density=5 g/cm^3", "phases.layered.density", 5000.0),
        ("geometry.mesh_size.bulk=50 nm", "geometry.mesh_size.bulk", 5e-8),
        ("name='2024'", "name", "2024"),
    ],
)
def test_a_value_is_laid_over_the_case(
    load: Load, refuse: Refuse, complete: str, override: str, path: str | None, value: object
) -> None:
    if path is None:
        assert all(line.startswith("--set phases.rock_salt") for line in refuse(complete, override))
        return
    found: Any = load(complete, override)
    for step in path.split("."):
        found = found[int(step)] if step.isdigit() else getattr(found, step)
    assert found == value


def test_a_phase_named_in_the_case_can_be_changed_and_replaced(load: Load, complete: str) -> None:
    head, _, rest = complete.partition("  layered:\n")
    text = f"{head}  layered: nmc721\n{rest[rest.index('  rock_salt:') :]}"
    changed = load(text, "phases.layered.diffusivity.value=3e-15 m^2/s").phases.layered
    assert (changed.diffusivity.value, changed.diffusivity.kind, changed.name) == (
        3e-15,
        "chemical",
        "nmc721",
    )
    assert load(text, "phases.layered=nmc811").phases.layered.name == "nmc811"
    assert load(text, "phases.layered.extends=nmc811").phases.layered.name == "nmc811"
    inert = load(complete, "phases.rock_salt={extends: rock_salt_nio}", "protocol.steps=[]").phases.rock_salt
    assert inert.density == 5620.0  # a mapping merges: what the case said itself stays
    replaced = load(complete, "phases.rock_salt=rock_salt_nio", "protocol.steps=[]").phases.rock_salt
    assert replaced.density == 6810.0


def test_items_of_a_list_in_the_file_of_a_phase_are_counted(
    load: Load, refuse: Refuse, complete: str
) -> None:
    head, _, rest = complete.partition("  layered:\n")
    text = f"{head}  layered: nmc721\n{rest[rest.index('  rock_salt:') :]}"
    one = "phases.layered.host.sites[1].potential=4.25 V"
    shipped, changed = (load(text, *sets).phases.layered.host.sites for sets in ((), (one,)))
    assert [site.potential for site in changed] == [
        shipped[0].potential,
        4.25,
        *(s.potential for s in shipped[2:]),
    ]
    assert (
        load(text, one, "phases.layered=nmc811").phases.layered
        == load(text, "phases.layered=nmc811").phases.layered
    )
    (line,) = refuse(text, "phases.layered.host.sites[80].potential=4.25 V")
    assert line.startswith("--set phases.layered.host.sites[80].potential: ")
    assert "no item of a list of 8" in line
    (line,) = refuse(text, "phases.layered.host.sites[1].potential=4.25")
    assert line.startswith("--set phases.layered.host.sites[1].potential: ")
    (line,) = refuse(text.replace("nmc721", "nmc712"), one)
    assert "did you mean 'nmc721'" in line


@pytest.mark.parametrize("key", ["geometry.radius", "temperature", "mechanics.loading"])
def test_a_mapping_for_a_value_is_blamed_on_the_override(refuse: Refuse, complete: str, key: str) -> None:
    (line,) = refuse(complete, f"{key}={{a: 1}}")
    assert line.startswith(f"--set {key}: {key}: a mapping is ")


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_another_kind_replaces_whatever_the_order(load: Load, complete: str, order: tuple[int, int]) -> None:
    overrides = [
        "phases.layered.elasticity.kind=cubic",
        "phases.layered.elasticity={C11: 3 GPa, C12: 1 GPa, C44: 1 GPa}",
    ]
    elasticity = load(complete, *(overrides[n] for n in order)).phases.layered.elasticity
    assert elasticity.model_dump() == {"kind": "cubic", "C11": 3e9, "C12": 1e9, "C44": 1e9}


def test_an_inert_host_drops_the_sites(load: Load, complete: str) -> None:
    case = load(complete, "phases.layered.host.kind=inert", "protocol.steps=[]")
    assert not case.phases.layered.active


def test_the_later_of_two_wins(load: Load, complete: str) -> None:
    overrides = ("geometry.shell_thickness=40 nm", "geometry.shell_thickness=50 nm")
    assert load(complete, *overrides).geometry.shell_thickness == 5e-8


@pytest.mark.parametrize(
    ("override", "start"),
    [
        ("geometry.radius=3", "--set geometry.radius: geometry.radius: the number 3 has no unit"),
        ("geometry.radius=", "--set geometry.radius: geometry.radius: no value"),
        ("geometry.radius=[1", "--set geometry.radius: case: not YAML"),
        ("geometry.radius=<<: 3\n", "--set geometry.radius: "),
        (
            "geometry.raduis=3 um",
            "--set geometry.raduis: geometry.raduis: unknown key, did you mean 'radius'?",
        ),
        ("mechanics.loading=die", "--set mechanics.loading: mechanics.loading: 'die': it presses along z"),
        ("new.deep.key=3", "--set new.deep.key: new: unknown key"),
        ("geometry.radius", "--set geometry.radius: case: 'geometry.radius' is not KEY=VALUE"),
        ("=3", "--set '': case: '=3' is not KEY=VALUE"),
        ("a..b=3", "--set 'a..b': case: 'a..b=3' is not KEY=VALUE"),
        (
            "protocol.steps[9]=Rest for 1 s",
            "--set protocol.steps[9]: protocol.steps.9: '9' is no item of a list of 3",
        ),
        ("geometry.radius=\x00", "--set geometry.radius: case: the control character U+0000"),
        ("geometry.radius=\udcff um", "--set geometry.radius: case: byte 0xff is not UTF-8"),
        (
            "geometry.shell_thickness=9 um",
            "--set geometry.shell_thickness: geometry.shell_thickness: the shell is as",
        ),
        ("geometry={kind: dispersed}", "--set geometry: geometry."),
    ],
)
def test_errors_name_the_override(refuse: Refuse, complete: str, override: str, start: str) -> None:
    lines = refuse(complete, override)
    assert any(line.startswith(start) for line in lines), lines
    assert all("\n" not in line for line in lines)

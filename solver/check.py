"""What `lithostat check` prints: the resolved case and what follows from it, without a mesh or a solver."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

import meshes
from solver.case import Case, write_resolved
from solver.case.geometry import PLANE
from solver.case.phases import Phase as PhaseSpec
from solver.check_loads import contact_lines, load_lines
from solver.estimates import duration_text, estimate_memory, estimate_seconds, estimate_unknowns
from solver.materials.mobility import chemical_diffusivity
from solver.materials.phase import Phase, build_phase
from solver.nominal import Nominal, nominal_sizes

OCCUPANCIES = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


def check_lines(case: Case) -> Iterator[str]:
    """Yield the lines of the report on a case.

    Args:
        case: a case that has loaded without errors.
    """
    yield write_resolved(case).rstrip()
    phases = _phases(case)
    sizes = nominal_sizes(case.geometry)
    for title, lines in (
        ("misfit of the rock salt against the layered lattice", _misfit(case, phases)),
        ("rock salt", _rock_salt(case, sizes)),
        ("current", _current(case, sizes)),
        ("load", load_lines(case)),
        ("contact", contact_lines(case)),
        ("start", _start(case, phases)),
        ("diffusion", _diffusion(case, phases, sizes)),
        ("chemical diffusivity without stress [m^2/s]", _diffusivity(phases)),
        ("tabulated expansion", _tables(phases)),
        ("size", _size(case)),
        ("assumed numbers", _assumed(case)),
        ("warnings", [*case.warnings, *_strain_warnings(case, phases)]),
    ):
        found = list(lines)
        if found:
            yield ""
            yield f"# {title}"
            yield from (f"  {line}" for line in found)


def _phases(case: Case) -> dict[str, Phase]:
    layered, rock_salt = case.phases.layered, case.phases.rock_salt
    found = {"layered": build_phase(layered, case.temperature)}
    if rock_salt is not None:
        lattice_known = rock_salt.misfit is None or rock_salt.misfit.kind == "isotropic" or layered.lattice
        spec = rock_salt if lattice_known else rock_salt.model_copy(update={"misfit": None})
        found["rock_salt"] = build_phase(spec, case.temperature, layered.lattice)
    return found


def _misfit(case: Case, phases: dict[str, Phase]) -> Iterator[str]:
    if "rock_salt" not in phases or case.phases.rock_salt is None or case.phases.rock_salt.misfit is None:
        return
    strain = np.diag(phases["rock_salt"].misfit)
    coherency = case.mechanics.coherency if case.couplings.misfit else 0.0
    for name, factor in (("fully coherent", 1.0), (f"times coherency {coherency:g}", coherency)):
        a, _, c = 100 * factor * strain
        mean = 100 * factor * strain.mean()
        yield f"{name:<24} in plane {a:+.3f} %, along c {c:+.3f} %, mean {mean:+.3f} %"


def _rock_salt(case: Case, sizes: Nominal) -> Iterator[str]:
    if sizes.rock_salt_fraction is None:
        yield "fraction of the volume: known once the mesh is built"
    else:
        yield f"fraction of the volume: {100 * sizes.rock_salt_fraction:.2f} %"
    if case.geometry.dimension in PLANE and case.geometry.kind != "core_shell":
        yield "2D: at most one phase can be connected everywhere; `lithostat mesh` reports the shares"
    if case.geometry.dimension == "3d" and case.geometry.kind == "dispersed":
        yield "3D: both phases can be connected everywhere; `lithostat mesh` reports the shares"


def _current(case: Case, sizes: Nominal) -> Iterator[str]:
    protocol = case.protocol
    if sizes.volume is None or sizes.rock_salt_fraction is None or sizes.outer_area is None:
        yield "known once the mesh is built"
        return
    specs = {"layered": 1 - sizes.rock_salt_fraction, "rock_salt": sizes.rock_salt_fraction}
    mass = sum(
        share * sizes.volume * getattr(case.phases, name).density
        for name, share in specs.items()
        if share > 0
    )
    area = sizes.outer_area * case.surface.touched
    per = " per metre" if case.geometry.dimension in PLANE else ""
    yield f"mass {mass:.4g} kg{per}, outer surface {sizes.outer_area:.4g} m^2{per}"
    if protocol.specific_current_1C is not None:
        rate = protocol.specific_current_1C * mass / area
        yield f"1C, {protocol.specific_current_1C:g} mA/g: {rate:.4g} A/m^2 through the contacted surface"
    for number, step in enumerate(protocol.steps[:20], start=1):
        density = {
            "c_rate": step.value * (protocol.specific_current_1C or 0.0) * mass / area,
            "specific_current": step.value * mass / area,
            "current_density": step.value,
        }.get(step.drive)
        driven = f"{density:+.4g} A/m^2" if density is not None else step.drive
        yield f"step {number}: {step.name}: {driven}"
    if len(protocol.steps) > 20:
        yield f"and {len(protocol.steps) - 20} more steps"


def _start(case: Case, phases: dict[str, Phase]) -> Iterator[str]:
    start = case.protocol.start
    if start.voltage is None:
        if start.occupancy is not None:
            yield f"occupancy {start.occupancy:g} of all sites"
        return
    potential = start.voltage + case.protocol.reference_potential
    from solver.constants import FARADAY, GAS_CONSTANT

    y = np.array(-FARADAY * potential / (GAS_CONSTANT * case.temperature))
    for name, phase in phases.items():
        if phase.host.holds_lithium:
            yield f"{name}: occupancy {float(phase.host.occupancy(y)):.4f} at {potential:g} V without stress"


def _diffusion(case: Case, phases: dict[str, Phase], sizes: Nominal) -> Iterator[str]:
    for name, phase in phases.items():
        length = sizes.lengths.get(name)
        if not phase.host.holds_lithium or length is None:
            continue
        theta = np.array([0.5])
        value = chemical_diffusivity(phase.diffusivity_kind, phase.diffusivity, phase.host, theta)[0]
        yield f"{name}: L^2/D_chem(0.5) = {length**2 / value:.4g} s over L = {length * 1e9:.4g} nm"


def _diffusivity(phases: dict[str, Phase]) -> Iterator[str]:
    active = {name: phase for name, phase in phases.items() if phase.host.holds_lithium}
    if not active:
        return
    yield f"{'occupancy':<10}" + "".join(
        f"{f'{name} ({p.diffusivity_kind})':>24}" for name, p in active.items()
    )
    theta = np.array(OCCUPANCIES)
    columns = [
        chemical_diffusivity(p.diffusivity_kind, p.diffusivity, p.host, theta) for p in active.values()
    ]
    for n, occupancy in enumerate(OCCUPANCIES):
        yield f"{occupancy:<10g}" + "".join(f"{column[n]:>24.3e}" for column in columns)


def _tables(phases: dict[str, Phase]) -> Iterator[str]:
    for name, phase in phases.items():
        if phase.table is None:
            continue
        yield f"{name}: occupancy, strain along a and c, trace of V at this row"
        for theta in phase.table.occupancy:
            a, c = 100 * phase.table.strain(theta)
            volume = np.trace(phase.table.molar_volume(theta, phase.max_concentration))
            yield f"{theta:<8g}{a:>+10.3f} %{c:>+10.3f} %{volume:>+14.3e} m^3/mol"


def _size(case: Case) -> Iterator[str]:
    try:
        cells = meshes.estimate_cells(case.mesh_geometry())
    except (ValueError, OSError, meshes.MeshError):
        yield "known once the mesh is read"
        return
    unknowns = estimate_unknowns(case.geometry.dimension, cells)
    memory = estimate_memory(case.geometry.dimension, unknowns)
    yield f"about {cells} cells, {unknowns} unknowns, {memory / 2**30:.1f} GiB on one rank"
    if case.geometry.dimension == "3d" and case.protocol.steps:
        duration = duration_text(estimate_seconds(unknowns))
        yield f"about {duration} of one core for each 100 increments; a whole charge takes 50 to 100 of them"


def _assumed(case: Case) -> Iterator[str]:
    for name, phase in (("layered", case.phases.layered), ("rock_salt", case.phases.rock_salt)):
        if isinstance(phase, PhaseSpec):
            yield from _assumed_in(name, phase)


def _assumed_in(name: str, phase: PhaseSpec) -> Sequence[str]:
    grouped: dict[str, list[str]] = {}
    for field, notes in phase.provenance.items():
        if notes.get("confidence") in ("A", "M"):
            grouped.setdefault(notes.get("source", "no source"), []).append(field)
    return [f"{name}.{', '.join(fields)}: {source}" for source, fields in grouped.items()]


def _strain_warnings(case: Case, phases: dict[str, Phase]) -> Iterator[str]:
    strain: Any = 0.0
    if case.couplings.misfit and "rock_salt" in phases:
        strain = np.abs(phases["rock_salt"].misfit).max() * case.mechanics.coherency
    if case.couplings.chemical_strain:
        strain += max(_full_swelling(phase) for phase in phases.values())
    if strain > 0.05:
        yield f"strains may reach {100 * strain:.1f} %: small strain is then wrong by a few per cent"


def _full_swelling(phase: Phase) -> float:
    """Largest chemical strain between an empty and a full host, or at the rows of a table [1]."""
    if phase.table is None:
        return float(np.abs(phase.molar_volume).max() * phase.max_concentration)
    return float(np.abs(phase.table.tensor(phase.table.occupancy)).max())

"""What can only be judged with several parts of a case in view."""

from typing import Any

import numpy as np

from solver.case.findings import Findings, Sections
from solver.case.frame_checks import check_frames
from solver.case.geometry import FileMesh, mesh_geometry
from solver.case.load_checks import check_loads
from solver.case.mirrors import mirror_axes
from solver.case.phases import LatticeMisfit, Phase
from solver.case.table_checks import check_tables
from solver.case.tree import Table


def cross_check(sections: Sections, tree: Table) -> Findings:
    """Check the parts of a case against each other.

    Returns:
        Problems and warnings.
    """
    found = Findings(tree)
    _check_geometry(sections, found)
    _check_phases(sections, found)
    _check_misfit(sections, found)
    _check_reference(sections, found)
    check_frames(sections, found)
    check_loads(sections, found)
    _check_protocol(sections, found)
    check_tables(sections, found)
    _warn(sections, found)
    return found


def _check_phases(sections: Sections, found: Findings) -> None:
    for name in ("layered", "rock_salt"):
        phase: Phase | None = getattr(sections, name)
        if phase is None or phase.host is None or not phase.active:
            continue
        for key in ("max_concentration", "expansion", "diffusivity"):
            if not found.given("phases", name, key):
                found.missing(
                    ("phases", name, key), "needed by a phase that holds lithium (host other than inert)"
                )
    if not found.given("phases"):
        return
    if found.holds_rock_salt and not found.given("phases", "rock_salt"):
        found.missing(("phases", "rock_salt"), "the geometry contains rock salt")
    if found.holds_rock_salt is False and sections.rock_salt is not None:
        found.warned.append(
            "phases.rock_salt is given but the geometry contains no rock salt: it is not used"
        )


def _check_misfit(sections: Sections, found: Findings) -> None:
    layered, rock_salt = sections.layered, sections.rock_salt
    if layered is not None and isinstance(layered.misfit, LatticeMisfit):
        what = "'lattice' is taken against the layered phase, which cannot be taken against itself"
        found.refuse(("phases", "layered", "misfit", "kind"), what, "isotropic, or no misfit")
    if rock_salt is None:
        return
    # A phase is built whole, used or not, and a lattice parameter with none beside it says no misfit.
    against = isinstance(rock_salt.misfit, LatticeMisfit) and layered is not None
    if against and not found.given("phases", "layered", "lattice"):
        found.missing(("phases", "layered", "lattice"), "the rock salt's misfit is taken against it")
    couplings, mechanics = sections.couplings, sections.mechanics
    if not found.holds_rock_salt or couplings is None or not couplings.misfit:
        return
    if (mechanics is None or mechanics.coherency != 0) and not found.given("phases", "rock_salt", "misfit"):
        path = ("phases", "rock_salt", "misfit")
        found.missing(path, "needed where rock salt touches the layered phase")


def _check_reference(sections: Sections, found: Findings) -> None:
    layered = sections.layered
    if layered is None or layered.lattice is None or layered.expansion is None or not layered.active:
        return
    reference, measured = layered.expansion.reference_occupancy, layered.lattice.occupancy
    if abs(reference - measured) > 1e-9:
        what = f"{reference:g} differs from the lattice's occupancy {measured:g}"
        path = ("phases", "layered", "expansion", "reference_occupancy")
        found.refuse(
            path, what, "the occupancy at which the lattice was measured, so that strains have one reference"
        )


def _check_geometry(sections: Sections, found: Findings) -> None:
    if sections.geometry is None:
        return
    import meshes
    from solver.case.file_frames import check_file_frames

    found.holds_rock_salt = sections.geometry.holds_rock_salt
    geometry = mesh_geometry(sections.geometry)
    for key, reason in meshes.refusals(geometry):
        what, _, allowed = reason.partition("; ")
        found.refuse(("geometry", *key.split(".")), what, allowed)
    if isinstance(sections.geometry, FileMesh) and not found.problems:
        try:
            mesh = meshes.build(geometry)
            found.holds_rock_salt = "rock_salt" in mesh.report.region_volumes
            found.has_frames = mesh.frames is not None
            found.mirrors = tuple(mirror_axes(mesh.dimension, np.unique(mesh.facet_tags).tolist()))
            check_file_frames(mesh, sections, found)
        except meshes.MeshError as error:
            what, _, allowed = str(error).partition("; ")
            found.refuse(("geometry", "path"), what, allowed)


def _check_protocol(sections: Sections, found: Findings) -> None:
    protocol, layered = sections.protocol, sections.layered
    if protocol is None:
        return
    rock_salt = sections.rock_salt
    holds_lithium = layered is None or layered.active or (rock_salt is not None and rock_salt.active)
    if protocol.start.voltage is None and protocol.start.occupancy is None and holds_lithium:
        found.missing(("protocol", "start"), "{voltage: 3.6 V} or {occupancy: 0.9}")
    if protocol.specific_current_1C is None:
        rated = [step.name for step in protocol.steps if _uses_c_rate(step)]
        if rated:
            found.missing(("protocol", "specific_current_1C"), f"the C-rate of {rated[0]!r} refers to it")
    driven = [step for step in protocol.steps if step.drive != "rest"]
    if not driven:
        return
    if not found.given("surface"):
        found.missing(("surface",), f"the step {driven[0].name!r} drives a current through it")
    if sections.geometry is not None and not isinstance(sections.geometry, FileMesh):
        outer = [getattr(sections, name) for name in sections.geometry.surface_phases]
        if all(phase is not None and not phase.active for phase in outer):
            what = "the outer surface is wholly inert, so that no current can pass it"
            found.refuse(
                ("protocol", "steps"), what, "rests only, `steps: []`, or a phase that holds lithium there"
            )


def _uses_c_rate(step: Any) -> bool:
    return step.drive == "c_rate" or any(until.kind == "c_rate" for until in step.until)


def _warn(sections: Sections, found: Findings) -> None:
    couplings = sections.couplings
    if couplings is not None and couplings.chemical_strain != couplings.stress_in_potential:
        found.warned.append(
            "couplings: chemical_strain and stress_in_potential differ: not energy-consistent"
        )

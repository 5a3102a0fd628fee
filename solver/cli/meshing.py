"""`lithostat mesh`: the mesh of a case, its report and its picture."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from solver.cli.bad_input import BadInput, bad_input_from
from solver.cli.drawing import hush_vtk
from solver.cli.running import read_case

if TYPE_CHECKING:
    from meshes import TaggedMesh


def mesh(
    case: Path, overrides: Sequence[str], out: Path | None, force: bool, allow_outside: bool = False
) -> int:
    """Build the mesh of a case and write mesh.msh, mesh.vtu, mesh.json, mesh.png and its crystal frames.

    Args:
        case: Case file, or the name of a shipped case.
        overrides: Texts of `--set`.
        out: Folder, or None for meshes/NAME.
        force: Replace such files in an existing folder.
        allow_outside: Whether the case may name files outside its folder and the current one.

    Returns:
        0.

    Raises:
        BadInput: A bad case, a mesh that cannot be built, or an existing folder.
    """
    read, _ = read_case(case, overrides, allow_outside)
    folder = out if out is not None else Path("meshes") / read.name
    if folder.exists() and not (force and folder.is_dir()):
        hint = "" if folder.is_dir() else " and is a file"
        raise BadInput(
            [f"{folder}: exists already{hint}; give --out another folder, or --force to replace it"]
        )

    from meshes import MeshError, build, write_mesh
    from solver.cache import mesh_cache, show_warnings_plainly
    from solver.report.mesh_figure import mesh_figure
    from solver.results.atomic import replace_file
    from solver.results.jsontext import to_json

    show_warnings_plainly()
    hush_vtk()
    with bad_input_from(MeshError):
        built = build(read.mesh_geometry(), mesh_cache())
    files: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with bad_input_from(MeshError):
            for kind in ("msh", "vtu"):
                files += write_mesh(built, folder / f"mesh.{kind}")
        files.append(folder / "mesh.json")
        replace_file(files[-1], to_json(asdict(built.report)))
        files.append(mesh_figure(built, folder / "mesh.png", f"{read.name}: mesh"))
    except OSError as error:
        raise BadInput([f"{folder}: cannot be written ({error.strerror})"]) from error
    for line in mesh_lines(built):
        print(line)
    for file in dict.fromkeys(files):
        print(file)
    return 0


def mesh_lines(built: "TaggedMesh") -> list[str]:
    """What there is to know about a mesh, as lines to print."""
    report = built.report
    unit = "m^2 (per metre)" if built.dimension.endswith("plane_strain") else "m^3"
    lines = [
        f"{built.dimension}: {len(built.cells)} cells, {len(built.points)} vertices,"
        f" one of {built.multiplicity:g} sectors",
        f"quality: at least {report.quality_min:.3f}, fifth percentile {report.quality_p05:.3f}",
    ]
    for name, volume in report.region_volumes.items():
        nominal = report.nominal_volumes.get(name)
        off = f", {volume / nominal - 1:+.1e} from nominal" if nominal else ""
        share = report.connected_share.get(name)
        linked = f", {100 * share:.1f} % of it linked to the surface" if share is not None else ""
        lines.append(f"{name}: {volume:.6g} {unit}{off}{linked}")
    for name, ratio in report.diffusivity_ratio.items():
        bends = f", tortuosity {report.tortuosity[name]:.3f}" if name in report.tortuosity else ""
        islands = f", {report.islands[name]} islands" if name in report.islands else ""
        lines.append(f"{name} alone: D_eff/D {ratio:.4f}{bends}{islands}")
    asked = report.rock_salt_fraction_asked
    wanted = f" (asked for {100 * asked:.2f} %)" if asked is not None else ""
    lines.append(f"rock salt: {100 * report.rock_salt_fraction:.2f} % of the volume{wanted}")
    return [*lines, *(f"note: {note}" for note in report.notes)]

"""From a file to a case: read, extend, override, validate, cross-check."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError

from solver.case.case_model import Case
from solver.case.cross_checks import cross_check
from solver.case.errors import CaseError, Problem
from solver.case.explaining import explain, node_at
from solver.case.extends import Files
from solver.case.findings import Sections
from solver.case.merging import with_entry
from solver.case.model_parts import Spec
from solver.case.overrides import apply_overrides, read_overrides, split_overrides
from solver.case.phases import Phase
from solver.case.reach import ALLOWED as REACHED
from solver.case.reach import Reach
from solver.case.shipped import find_case
from solver.case.tree import Leaf, Node, Table, plain


def load_case(path: Path | str, overrides: Sequence[str] = (), *, allow_outside: bool = False) -> Case:
    """Read a case and everything that it refers to, and check all of it.

    Args:
        path: the case file, or the bare name of a shipped case.
        overrides: `KEY=VALUE` texts of `--set`, the later winning.
        allow_outside: whether the case may name files outside its folder and the current one.

    Returns:
        The case in SI, with its warnings.

    Raises:
        CaseError: whatever is wrong with it, all of it together.
    """
    case, _ = load_with_text(path, overrides, allow_outside=allow_outside)
    return case


def load_with_text(
    path: Path | str, overrides: Sequence[str] = (), *, allow_outside: bool = False
) -> tuple[Case, bytes]:
    """Like `load_case`, but also return the case file as given."""
    file = find_case(path)
    files = Files(Reach.of(file, allow_outside))
    tree = files.case(file, str(file) if file != Path(path) else str(path))
    settings, problems = read_overrides(overrides)
    files.problems += problems
    if tree is None:
        raise CaseError(files.problems)
    before, after = split_overrides(settings)
    tree = files.phases(apply_overrides(tree, before, files.problems))
    readable = [setting for setting in after if ".".join(setting.path[:2]) not in files.broken]
    tree = apply_overrides(tree, readable, files.problems)
    tree, readable_mesh = _with_absolute_mesh(tree, files)
    case, sections, found = _validated(tree)
    if not readable_mesh:
        sections = replace(sections, geometry=None)
    checks = cross_check(sections, tree)
    files.problems += [problem for problem in [*found, *checks.problems] if not files.blames(problem)]
    if files.problems or case is None:
        raise CaseError(files.problems)
    return case.with_mesh_defaults().with_warnings(checks.warnings), file.read_bytes()


def _validated(tree: Table) -> tuple[Case | None, Sections, list[Any]]:
    """The case, or else those of its sections that are right by themselves."""
    data = plain(tree)
    try:
        case = Case.model_validate(data)
    except ValidationError as error:
        return None, _sections(tree), explain(error, tree, Case)
    given: dict[str, Any] = {name: getattr(case, name) for name in _CHECKED}
    return case, Sections(**given, layered=case.phases.layered, rock_salt=case.phases.rock_salt), []


_CHECKED = ("temperature", "geometry", "mechanics", "couplings", "surface", "protocol")


def _sections(tree: Table) -> Sections:
    found: dict[str, Any] = {}
    for name in _CHECKED:
        info = Case.model_fields[name]
        annotation: Any = info.annotation
        if info.metadata:
            annotation = Annotated[annotation, *info.metadata]
        found[name] = _valid_or_none(annotation, tree, (name,), None if info.is_required() else info.default)
    for name in ("layered", "rock_salt"):
        found[name] = _partial_phase(tree, name)
    return Sections(**found)


def _partial_phase(tree: Table, name: str) -> Phase | None:
    """A phase of whatever is right in it; None stands for the rest."""
    if not isinstance(node_at(tree, ("phases", name)), Table):
        return None
    values = {}
    for key, info in Phase.model_fields.items():
        annotation: Any = Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation
        values[key] = _valid_or_none(annotation, tree, ("phases", name, key), None)
    return Phase.model_construct(**values)


def _valid_or_none(annotation: Any, tree: Table, path: tuple[str, ...], default: Spec | None) -> Any:
    node: Node | None = node_at(tree, path)
    if node is None:
        return default
    try:
        return _adapter(annotation).validate_python(plain(node))
    except ValidationError:
        return None


@lru_cache(maxsize=64)  # built anew, they take longer than all the rest of a case
def _adapter(annotation: Any) -> TypeAdapter[Any]:
    return TypeAdapter(annotation)


def _with_absolute_mesh(tree: Table, files: Files) -> tuple[Table, bool]:
    """Make the path of a mesh file independent of where the case stands; False where it must not be read."""
    geometry = tree.entries.get("geometry")
    if not isinstance(geometry, Table):
        return tree, True
    path = geometry.entries.get("path")
    if not isinstance(path, Leaf) or not isinstance(path.value, str) or not path.value:
        return tree, True
    target = path.place.folder / path.value
    side = target.parent / f"{target.stem}.frames.csv"
    outside = files.reach.refusal(path.place, target, path.value)
    outside = outside or files.reach.refusal(path.place, side, side.name)
    if outside is not None:
        files.problems.append(Problem(path.place, "geometry.path", outside, REACHED))
    changed = with_entry(geometry, "path", Leaf(path.place, str(target.absolute())), geometry.keys["path"])
    return with_entry(tree, "geometry", changed, tree.keys["geometry"]), outside is None

"""Numbers that carry where they were found, how far they are trusted and where they hold."""

from typing import Annotated, Any, Final, Literal

from pydantic import Discriminator, Field, Tag, create_model

from solver.case.model_parts import Spec, tag_of
from solver.case.number_fields import Bounds, Number, ReadAs

Confidence = Literal["S", "V", "V2", "D", "M", "A"]
"""S source paper, V primary abstract or code, V2 digest, D derived, M memory, A assumed."""

_ANY: Final = Bounds()
_POSITIVE: Final = Bounds(above=0)


def sourced(unit: str, bounds: Bounds = _ANY) -> ReadAs:
    """Return the annotation of a number that may carry its source.

    Args:
        unit: SI unit of the stored float.
        bounds: what is admitted [unit].
    """
    bare = Annotated[float, Number(unit, bounds)]
    mapping: Any = create_model(
        f"SourcedNumber{len(_SOURCED)}",
        __base__=_Sources,
        __doc__=f"A number [{unit or '1'}] with its source, the confidence in it and where it holds.",
        value=(bare, ...),
    )
    _SOURCED.append(mapping)
    tag = tag_of(mapping)

    def discriminate(value: Any) -> str:
        return tag if isinstance(value, dict) else "<bare>"

    form = Annotated[
        Annotated[bare, Tag("<bare>")] | Annotated[mapping, Tag(tag)], Discriminator(discriminate)
    ]
    return ReadAs(form, lambda number: number if isinstance(number, float) else number.value)


class _Sources(Spec):
    """What a number may say about itself."""

    source: Annotated[str, Field(min_length=1, max_length=2000)] | None = None
    confidence: Confidence | None = None
    valid: Annotated[str, Field(min_length=1, max_length=2000)] | None = None


_SOURCED: Final[list[type[Spec]]] = []

Density = Annotated[float, sourced("kg/m^3", _POSITIVE)]
Concentration = Annotated[float, sourced("mol/m^3", _POSITIVE)]
PhaseModulus = Annotated[float, sourced("Pa", _POSITIVE)]
PhaseStiffness = Annotated[float, sourced("Pa")]
PoissonRatio = Annotated[float, sourced("", Bounds(above=-1, below=0.5))]
MolarVolume = Annotated[float, sourced("m^3/mol")]
Diffusivity = Annotated[float, sourced("m^2/s", _POSITIVE)]
Potential = Annotated[float, sourced("V")]
LatticeParameter = Annotated[float, sourced("m", _POSITIVE)]
Occupancy = Annotated[float, sourced("", Bounds(at_least=0, at_most=1))]
SiteFraction = Annotated[float, sourced("", Bounds(above=0, at_most=1))]
SiteWidth = Annotated[float, sourced("", _POSITIVE)]
Strain = Annotated[float, sourced("", Bounds(above=-0.5, below=0.5))]


def collect_sources(data: object, path: str) -> dict[str, dict[str, str]]:
    """Return source, confidence and validity of every number that states them, by its path below `path`."""
    found: dict[str, dict[str, str]] = {}
    _collect(data, path, found)
    return found


def _collect(data: object, path: str, found: dict[str, dict[str, str]]) -> None:
    if isinstance(data, dict):
        if "value" in data:
            notes = {
                key: data[key] for key in ("source", "confidence", "valid") if isinstance(data.get(key), str)
            }
            if notes:
                found[path] = notes
        for key, value in data.items():
            if isinstance(value, dict | tuple):
                _collect(value, f"{path}.{key}" if path else str(key), found)
    elif isinstance(data, tuple):
        for n, value in enumerate(data):
            if isinstance(value, dict | tuple):
                _collect(value, f"{path}[{n}]", found)

"""What a study of convergence says, in words."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from solver.convergence.grids import Judgement, too_alike
from solver.convergence.study import FORMAL_ORDER, Row, Study
from solver.report.numbers import fixed, plain

OWN: Final = {"mesh": "on the case's own mesh", "time": "with the case's own tolerance"}
NAMES: Final = {"mesh": "Mesh", "time": "Time steps"}


def limit_words(threshold: float) -> str:
    """The threshold, in per cent."""
    return f"{100.0 * threshold:g} %"


def share(value: float | None) -> str:
    """A relative change in per cent, with two digits that count; a dash where there is none."""
    if value is None:
        return "–"
    percent = abs(100.0 * value)
    if percent < 0.001:
        return "< 0.001 %"
    return f"{fixed(percent, max(0, 1 - math.floor(math.log10(percent))))} %"


def verdict(found: Judgement, differs: str = "") -> str:
    """What a judgement says, in a few words.

    Args:
        found: the judgement.
        differs: how the levels ended, where that is not the same on all.
    """
    settled = "steady: " if found.settled else "not converged: "
    match found.kind:
        case "constant":
            return "the same on all levels"
        case "ordered":
            return "converged" if found.settled else "not converged"
        case "slow":
            return "converged, slowly" if found.settled else "not converged: an order below 0.5"
        case "oscillating":
            return f"{settled}goes to and fro"
        case "diverging":
            return f"{settled}changes do not shrink"
        case "singular":
            return "singular: grows with refinement, no limit in sight"
        case "two":
            return "two levels: too few for an order"
        case "differing":
            return f"not comparable: {differs}"
    return "too few levels"


def order_words(order: float | None) -> str:
    """An observed order."""
    if order is None:
        return "–"
    return "> 9" if order > 9 else "< −9" if order < -9 else fixed(order, 2)


def groups(study: Study) -> list[tuple[str, list[Row]]]:
    """All figures of a study, sorted by what is to be said of them; no group is empty.

    Returns:
        The beginning of a sentence, and the figures that it is about.
    """
    limit, own = limit_words(study.threshold), OWN[study.kind]
    rows = study.rows
    good = [row for row in rows if row.judgement.settled and not _only_finest(row, study)]
    sorted_rows = (
        (f"Converged to {limit}, {own} already", [row for row in good if _orderly(row)]),
        (
            f"Steady to {limit} {own}, though no order shows",
            [row for row in good if not _orderly(row)],
        ),
        (
            f"Converged to {limit} on the finest level, but off by more {own}",
            [row for row in rows if row.judgement.settled and row.first_off and _only_finest(row, study)],
        ),
        (
            f"Converged to {limit} on the finest level; what it is {own} is not known",
            [row for row in rows if row.judgement.settled and row.first_off is None],
        ),
        (
            f"Not converged to {limit} on the finest level, which may be off by",
            [row for row in rows if not row.judgement.settled and row.judgement.kind in _OPEN],
        ),
        (
            "Singular (grows with refinement and has no limit, so that no percentage is given)",
            [row for row in rows if row.judgement.kind == "singular"],
        ),
        (
            "Not comparable (the levels ended a step in different ways)",
            [row for row in rows if row.judgement.kind == "differing"],
        ),
        (
            "Undecided (too few levels, three are needed)",
            [row for row in rows if row.judgement.kind in {"two", "few"}],
        ),
    )
    return [(words, found) for words, found in sorted_rows if found]


_OPEN: Final = ("ordered", "slow", "oscillating", "diverging")


def _orderly(row: Row) -> bool:
    return row.judgement.kind in {"constant", "ordered", "slow"}


def tally(study: Study) -> str:
    """How many figures are converged, and how many are not."""
    kinds = [row.judgement.kind for row in study.rows]
    settled = sum(row.judgement.settled for row in study.rows)
    counted = {
        "not converged": sum(not row.judgement.settled and row.judgement.kind in _OPEN for row in study.rows),
        "singular": kinds.count("singular"),
        "not comparable": kinds.count("differing"),
        "undecided": kinds.count("two") + kinds.count("few"),
    }
    others = [f"{number} {words}" for words, number in counted.items() if number]
    counts = f"{settled} of {len(kinds)} figures converged or steady to {limit_words(study.threshold)}"
    return ", ".join([counts, *others])


def sentences(study: Study, walls: bool = True) -> list[str]:
    """What a study says, one line a group.

    Args:
        study: the study.
        walls: whether to name the values at walls and points too.
    """
    lines = []
    for words, rows in groups(study):
        named: dict[str, list[str]] = {}
        for row in rows:
            if walls or not row.figure.wall:
                named.setdefault(row.figure.group, []).append(_named(row, study))
        parts = [
            f"{group}{' ' if group.endswith('step') else ': '}{', '.join(shorts)}"
            for group, shorts in named.items()
        ]
        if parts:
            lines.append(f"{words}: {'; '.join(parts)}.")
    return lines


def _only_finest(row: Row, study: Study) -> bool:
    """Whether the finest level is needed for a figure to be within the threshold."""
    return row.first_off is None or row.first_off > study.threshold


def _named(row: Row, study: Study) -> str:
    """A figure, and how far it is off where that is too far."""
    found = row.judgement
    if found.settled and row.first_off and _only_finest(row, study):
        return f"{row.figure.short} ({share(row.first_off)})"
    if found.index is None or found.settled:
        return row.figure.short
    manner = {"oscillating": "to and fro, ", "diverging": "does not shrink, ", "slow": "slowly, "}
    return f"{row.figure.short} ({manner.get(found.kind, '')}{share(found.index)})"


def notes(study: Study) -> list[str]:
    """What is to be known of the levels of a study: those that failed, and a geometry that changed."""
    found = []
    for level in study.levels:
        if not level.usable:
            why = level.run.summary.get("ended_by") or "it has no summary"
            found.append(f"{level.name} is {level.run.status} ({why}): only what it finished is used")
        elif level.run.status == "ended_early":
            reasons = [str(step.get("reason")) for step in level.run.summary.get("steps") or ()]
            found.append(f"{level.name}: the physics ended a step early ({', '.join(reasons)})")
    asked = _asked_ratio(study)
    for number in too_alike([level.size for level in study.levels], asked):
        before, level = study.levels[number - 1 : number + 1]
        found.append(
            f"{level.name} is hardly finer than {before.name}: by {fixed(before.size / level.size, 2)} where"
            f" {fixed(asked, 2)} was asked for; orders that rest on both mean little"
        )
    usable = [level.run.summary for level in study.levels if level.usable]
    fractions = [(summary.get("mesh") or {}).get("rock_salt_fraction") for summary in usable]
    shares = [value for value in fractions if isinstance(value, int | float)]
    if study.kind == "mesh" and shares and max(shares) - min(shares) > GEOMETRY * max(shares):
        found.append(
            "the geometry itself changes with the mesh: rock salt is "
            + ", ".join(f"{100 * value:.2f} %" for value in shares)
            + " of the volume on the levels; a change of that size in a figure is not one of accuracy"
        )
    return found


def _asked_ratio(study: Study) -> float:
    """Ratio of the cell sizes that successive levels asked for; 1 where there is none.

    The smallest: where a round wall keeps cells smaller than the case asked for, the second level is divided
    from what they are, and the first ratio says nothing.
    """
    asked = [level.bulk for level in study.levels]
    ratios = [a / b for a, b in pairwise(asked) if a and b] if study.kind == "mesh" else []
    return min(ratios, default=1.0)


GEOMETRY: Final = 5e-4
"""Relative change of the rock salt's share that is worth a word."""


def method(threshold: float) -> Sequence[str]:
    """How the numbers come about and how to read them."""
    return (
        "The order p is observed on the finest three levels; the size of cells is taken from their number"
        " (the d-th root), that of increments from the tolerance (its square root). The extrapolated value is"
        " Richardson's with that p. The index is Roache's grid-convergence index, 1.25 |e|/(r^p − 1), with e"
        f" the change between the finest two levels, r the ratio of their sizes, and p at most"
        f" {plain(FORMAL_ORDER)}, the order of the method. It bounds what is left to change on the finest"
        " level, in general. The case's own mesh or tolerance is the first level: it may be off by the index"
        " and the change from there to the finest level.",
        f"Converged: the index is at most {limit_words(threshold)} of the figure; of the range of the cell"
        " voltage for voltages; of a hundredth of the largest stress for stresses smaller than that. An order"
        " below 0.5 counts as 0.5, with a factor of 3 for 1.25. Where changes go to and fro, their sizes"
        " give p, with a factor of 3, and the index is at most 1.25 times the spread of the finest three"
        " levels; where they do not shrink, it is 3 times that spread. A figure of either kind whose index is"
        " within the same limit is called steady. With two levels an order of 2 is assumed, with a factor of"
        " 3.",
        "An extreme whose changes do not shrink is singular: at corners and lines where phases or grains"
        " meet, elastic stresses have no finite value, and each mesh shows another one; elsewhere it is a"
        " layer that no level resolves, or the edges of flat facets that stand for a curved interface. Read"
        " the percentile instead.",
        "Sources: Roache, J. Fluids Eng. 116 (1994) 405; Celik et al., J. Fluids Eng. 130 (2008) 078001;"
        " Oberkampf and Roy, Verification and Validation in Scientific Computing (2010), section 8.6.",
    )

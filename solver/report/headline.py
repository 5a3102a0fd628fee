"""The few numbers of some runs that a reader wants first, as a table of plain text."""

from collections.abc import Sequence

from solver.report.branches import branches
from solver.report.comparison_rows import Side
from solver.report.fields import REGION_WORDS
from solver.report.moments import names_of
from solver.report.numbers import fixed, megapascals, percent


def headline(sides: Sequence[Side], strength: float) -> str:
    """One column a run: capacities, trapped lithium, stresses at the end of the first charge.

    Args:
        sides: the runs.
        strength: the tensile strength that the sides were computed with [Pa].
    """
    columns = [_column(side, strength) for side in sides]
    labels = list(dict.fromkeys(label for column in columns for label in column))
    table = [["", *names_of([side.run for side in sides])]]
    table += [[label, *(column.get(label, "–") for column in columns)] for label in labels]
    widths = [max(len(row[k]) for row in table) for k in range(len(table[0]))]
    lines = [
        "  ".join([row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))])
        for row in table
    ]
    lines.insert(1, "-" * len(lines[0]))
    return "\n".join(line.rstrip() for line in lines)


def _column(side: Side, strength: float) -> dict[str, str]:
    run = side.run
    found = {"cell": run.architecture, "dimension": run.dimension.replace("_", " "), "status": run.status}
    for branch in branches(run.history):
        found.setdefault(f"{branch.word} [mAh/g]", fixed(branch.capacity[-1].item()))
    for region, trapped in side.trapped.items():
        words = REGION_WORDS[region]
        found[f"lithium trapped, {words} [mAh/g]"] = fixed(trapped.total)
        found[f"  of it held by stress, {words} [mAh/g]"] = fixed(trapped.by_stress)
    for state in side.states:
        if state.words == "end":
            continue
        for region, values in state.regions.items():
            found[f"mean σ_h at {state.words}, {REGION_WORDS[region]} [MPa]"] = megapascals(values.mean)
    for state in side.states:
        if state.words == "end of charge":
            for region, values in state.regions.items():
                words = f"share above {strength * 1e-6:g} MPa then, {REGION_WORDS[region]}"
                found[words] = percent(values.tension)
    found["lithium balance error"] = f"{run.summary.get('lithium_balance_error', float('nan')):.1e}"
    return found

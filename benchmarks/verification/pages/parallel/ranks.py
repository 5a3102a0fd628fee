"""The headline number of every page on one, two and three ranks."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.verification.contents import load
from benchmarks.verification.page import Findings, Page, Workbench

LAW = "same number on 1, 2 and 3 ranks"
RANKS = (1, 2, 3)
SAME = 2e-12
SHORT = (
    "mechanics/composite_sphere",
    "mechanics/manufactured_momentum",
    "mechanics/uniform_body",
    "diffusion/crank_flux",
    "diffusion/phase_boundary",
    "coupling/relaxation",
    "coupling/tabulated_expansion",
    "kinetics/cut_offs",
    "kinetics/hold",
    "time/order",
    "materials/shipped_numbers",
    "programs/scikit_fem_misfit",
    "parallel/engines",
)
"""Pages of the short form: three ranks on two cores wait for each other."""
ROOT = Path(__file__).resolve().parents[4]
LAUNCHER = Path(sys.executable).parent / "mpiexec"


def on_ranks(ranks: int, folder: Path, pages: Sequence[str]) -> dict[str, float]:
    """Headlines of pages, computed by so many ranks together.

    Args:
        ranks: how many.
        folder: for the answer.
        pages: names; all pages where there are none.

    Raises:
        subprocess.CalledProcessError: the ranks ended with an error.
    """
    path = folder / f"on{ranks}.json"
    module = [sys.executable, "-m", "benchmarks.verification.headlines", str(path), *pages]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    subprocess.run(
        [str(LAUNCHER), "-n", str(ranks), *module],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=True,
        timeout=1200.0,
    )
    return dict(json.loads(path.read_text(encoding="utf-8")))


def compute(bench: Workbench) -> Findings:
    """Two and three ranks beside one."""
    found = Findings()
    one, *others = (on_ranks(ranks, bench.folder, bench.pick((), SHORT)) for ranks in RANKS)
    for ranks, numbers in zip(RANKS[1:], others, strict=True):
        for name, value in numbers.items():
            page = load(name)
            if page.headline is None:
                msg = f"{name}: a number, but no headline"
                raise ValueError(msg)
            quantity = f"{page.title}: {page.headline.words}, {ranks} ranks"
            found.compare(LAW, page.headline.dimension, quantity, value, one[name], SAME, kind="itself")
    return found


PAGE = Page(
    title="The same numbers on one, two and three ranks",
    claim="The number of ranks that share a particle changes no number of this book.",
    equation="$$q_N = q_1, \\qquad N = 2, 3$$",
    source="none needed: what a particle does cannot hang on how its cells are dealt out",
    setup=f"""
One headline number of every other page, on small meshes, computed by {", ".join(map(str, RANKS))} ranks
that share its cells; relative deviation from one rank at most {SAME:.0e}.
""",
    compute=compute,
)

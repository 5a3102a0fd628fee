"""Fit a sum of sites (MSMR) to a table of open-circuit potential and print it as a phase's `host`.

The sites of the shipped phases were made with this script:

    python scripts/fit_msmr.py configs/ocp/nmc811_sturm2019.csv --sites 8
    python scripts/fit_msmr.py configs/ocp/lnmo_pron2019.csv --sites 4

theta(U) = sum_j X_j / (1 + exp(F (U - U0_j)/(omega_j R T))), sum X_j = 1 (Verbrugge et al. 2017). The error
is measured in potential, because that is what a cell shows: each row of the table has the same weight in mV,
so that the steep end near theta = 1, which decides where a discharge stops, counts as much as the plateau.
Starts are drawn from a fixed seed and the best fit is kept, rounded to what the phase file holds.
"""

import argparse
import csv
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import least_squares

from solver.constants import FARADAY, GAS_CONSTANT
from solver.materials.hosts import MsmrHost

Array = npt.NDArray[np.float64]

TEMPERATURE = 298.15
THERMAL = GAS_CONSTANT * TEMPERATURE / FARADAY
STARTS = 24
SEED = 20220101


def read_table(path: Path) -> tuple[Array, Array]:
    """Return occupancy [1] and potential [V] of a table with `#` comments and one header row."""
    with path.open(newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    occupancy = np.array([float(row["occupancy"]) for row in rows])
    return occupancy, np.array([float(row["potential_V"]) for row in rows])


def unpack(parameters: Array) -> tuple[Array, Array, Array]:
    """Return potentials [V], fractions (sum 1) and widths of the sites from free parameters."""
    potentials, shares, widths = parameters.reshape(3, -1)
    fractions = np.exp(shares - shares.max())
    return potentials, fractions / fractions.sum(), np.exp(widths)


def model_potential(occupancy: Array, potentials: Array, fractions: Array, widths: Array) -> Array:
    """Potential [V] of the sum of sites at given occupancies."""
    host = MsmrHost(tuple(-potentials / THERMAL), tuple(fractions), tuple(widths))
    return -THERMAL * host.potential(occupancy)


def fit(occupancy: Array, potential: Array, sites: int) -> tuple[Array, Array, Array]:
    """Return the best fit over several starts: potentials [V], fractions, widths, by falling potential."""
    generator = np.random.default_rng(SEED)
    low, high = potential.min() - 0.3, potential.max() + 0.4
    bounds = (np.r_[np.full(sites, low), np.full(sites, -12.0), np.full(sites, np.log(0.3))],
              np.r_[np.full(sites, high), np.full(sites, 3.0), np.full(sites, np.log(9.0))])  # fmt: skip

    def residual(parameters: Array) -> Array:
        return 1e3 * (model_potential(occupancy, *unpack(parameters)) - potential)

    def slopes(parameters: Array) -> Array:
        potentials, fractions, widths = unpack(parameters)
        reached = model_potential(occupancy, potentials, fractions, widths)
        distance = (reached[:, None] - potentials) / (widths * THERMAL)
        filled = 1.0 / (1.0 + np.exp(np.clip(distance, -700, 700)))
        bell = fractions * filled * (1.0 - filled)
        change = np.hstack([
            bell / (widths * THERMAL), fractions * (filled - occupancy[:, None]), bell * distance
        ])  # fmt: skip
        return 1e3 * change / (bell / (widths * THERMAL)).sum(axis=1)[:, None]

    best = None
    for _ in range(STARTS):
        quantiles = np.sort(generator.uniform(0.0, 1.0, sites))
        start = np.r_[
            np.interp(quantiles, np.linspace(0, 1, len(potential)), np.sort(potential)),
            generator.normal(-1.0, 1.0, sites),
            generator.normal(0.3, 0.4, sites),
        ]
        start = np.clip(start, bounds[0] + 1e-6, bounds[1] - 1e-6)
        found = least_squares(residual, start, jac=slopes, bounds=bounds, max_nfev=400, x_scale="jac")
        if best is None or found.cost < best.cost:
            best = found
    if best is None:
        raise RuntimeError("no start converged")
    potentials, fractions, widths = unpack(best.x)
    order = np.argsort(-potentials)
    return potentials[order], fractions[order], widths[order]


def rounded(potentials: Array, fractions: Array, widths: Array) -> tuple[Array, Array, Array]:
    """Round to what is printed, with fractions that still add up to exactly 1."""
    shares = np.round(fractions, 6)
    shares[np.argmax(shares)] += 1.0 - shares.sum()
    return np.round(potentials, 5), np.round(shares, 6), np.round(widths, 4)


def main() -> None:
    """Fit the table named on the command line and print sites and error."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("table", type=Path)
    parser.add_argument("--sites", type=int, default=8)
    arguments = parser.parse_args()
    occupancy, potential = read_table(arguments.table)
    sites = rounded(*fit(occupancy, potential, arguments.sites))
    error = 1e3 * (model_potential(occupancy, *sites) - potential)
    print(f"# rms {np.sqrt(np.mean(error**2)):.2f} mV, worst {np.abs(error).max():.2f} mV"
          f" at occupancy {occupancy[np.argmax(np.abs(error))]:.4f}")  # fmt: skip
    for site in zip(*sites, strict=True):
        print("    - {{potential: {:.5f} V, fraction: {:.6f}, omega: {:.4f}}}".format(*site))


if __name__ == "__main__":
    main()

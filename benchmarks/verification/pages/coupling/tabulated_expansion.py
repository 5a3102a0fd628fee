"""Bodies whose lattice is tabulated: free, clamped and in a shell, at several occupancies."""

import numpy as np

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.page import Dimension, Findings, Headline, Line, Page, Panel, Workbench
from benchmarks.verification.setups import cases, tabulated
from benchmarks.verification.setups.curved_crystals import CAPACITY, HEXAGONAL, SOLID, crystal
from solver.constants import FARADAY

LAW = "tabulated expansion"
SHELL, THICKNESS = exact.Solid(197e9, 0.31), 0.9e-6
STANDARD = 3.9
OCCUPANCIES = (0.13, 0.42, 0.62, 0.95)
AXES: dict[Dimension, tuple[float, float, float] | None] = {
    "spherical": None,
    "axisymmetric": (0.0, 0.0, 1.0),
    "generalised_plane_strain": (0.6, 0.8, 0.0),
    "3d": (0.36, 0.48, 0.8),
}
"""Where c points in the free bodies; None averages."""
SIZES: dict[Dimension, float] = {"spherical": 0.3e-6, "3d": 1.5e-6}
CORES: dict[Dimension, float] = {"spherical": 0.15e-6, "axisymmetric": 0.6e-6, "3d": 0.6e-6}
"""Cell sizes of the free bodies, 0.8 um unless said here, and of the cores [m]."""


def body(
    dimension: Dimension, occupancy: float, shell: bool = False, crystal_axis: bool = True
) -> cases.Mapping:
    """A body at rest, with the table, alone or in an inert shell that fits it at the reference occupancy."""
    layered = cases.lithium(
        SOLID, cases.ideal(STANDARD), CAPACITY, 0.0, ("chemical", 2e-15), expansion=tabulated.specification()
    )
    phases, size = {"layered": layered}, (CORES if shell else SIZES).get(dimension, 0.8e-6)
    if shell:
        phases["rock_salt"] = cases.phase(SHELL, misfit={"kind": "isotropic", "strain": 0.0})
    geometry = cases.core_shell(dimension, THICKNESS if shell else 0.0, (size, size))
    axis = AXES.get(dimension) if crystal_axis and not shell else None
    if axis is not None:
        geometry["crystal"] = {"c_axis": list(axis)}
        stiffness = {name.upper(): f"{value!r} Pa" for name, value in HEXAGONAL.items()}
        layered["elasticity"] = {"kind": "hexagonal", **stiffness}
    return cases.case("body", geometry, phases, {"occupancy": occupancy}, [])


def free_voltage(occupancy: float) -> float:
    """Open-circuit voltage without stress [V]."""
    return STANDARD - float(crystal().potential(occupancy, crystal().eigenstrain(occupancy))) / FARADAY


def free_bodies(bench: Workbench, found: Findings, dimensions: list[Dimension]) -> None:
    """Stress-free at any occupancy, as large as the table says, at the voltage of the host."""
    occupancies = bench.pick(OCCUPANCIES, OCCUPANCIES[:1])
    for dimension in dimensions:
        axis = AXES[dimension]
        law, errors = crystal(isotropic=axis is None), []
        for theta in occupancies:
            run, strain = bench.run(body(dimension, theta)), law.eigenstrain(theta)
            if axis is not None:
                strain = strain[0, 0] * np.eye(3) + (strain[2, 2] - strain[0, 0]) * np.outer(axis, axis)
            largest = float(np.abs(strain).max())
            stress = run.final["regions"]["layered"]["max_principal_stress_Pa"]
            errors.append(
                (
                    abs(run.summary["largest_strain"] / largest - 1.0),
                    abs(stress) / (SOLID.young * largest),
                    abs(run.final["voltage_V"] / free_voltage(theta) - 1.0),
                )
            )
        of = f"free, worst of {len(occupancies)} occupancies"
        whats = ("largest strain, relative [1]", "stress over E times strain [1]", "voltage, relative [1]")
        for what, error, limit in zip(whats, np.max(errors, axis=0), (1e-11, 1e-11, 1e-13), strict=True):
            found.compare(LAW, dimension, f"{what}, {of}", float(error), 0.0, limit, scale=1.0)


def clamped_cylinder(bench: Workbench, found: Findings) -> None:
    """Held ends: sigma_zz = -E e, and the voltage moves by sigma : V/F."""
    law = crystal(isotropic=True)
    for theta in bench.pick(OCCUPANCIES, OCCUPANCIES[1:2]):
        run = bench.run(body("plane_strain", theta, crystal_axis=False))
        size, which = float(law.eigenstrain(theta)[0, 0]), f"held at occupancy {theta:g}"
        what, wanted = f"hydrostatic stress [Pa], {which}", -SOLID.young * size / 3.0
        found.compare(LAW, "plane_strain", what, run.mean_stress("layered"), wanted, 3e-12)
        strain = np.diag([1.0, 1.0, 0.0]) * (1.0 + SOLID.poisson) * size
        voltage = STANDARD - float(law.potential(theta, strain)) / FARADAY
        moved, off = voltage - free_voltage(theta), run.final["voltage_V"] - free_voltage(theta)
        found.compare(LAW, "plane_strain", f"shift of the voltage [V], {which}", off, moved, 1e-10)


def cores(bench: Workbench, found: Findings) -> None:
    """Lame's core, larger or smaller than its hole as the table says."""
    law, radii = crystal(isotropic=True), (cases.RADIUS - THICKNESS, cases.RADIUS)

    def exactly(theta: float) -> float:
        return exact.coated_sphere(SOLID, SHELL, radii, -float(law.eigenstrain(theta)[0, 0]), 0.0).core

    shown: tuple[list[float], list[float]] = ([], [])
    for dimension in bench.pick(tuple(CORES), ("spherical",)):
        for theta in (
            bench.pick(OCCUPANCIES, OCCUPANCIES[:2]) if dimension == "spherical" else OCCUPANCIES[1:2]
        ):
            found_stress = bench.run(body(dimension, theta, shell=True)).mean_stress("layered")
            limit = 5e-6 if dimension == "spherical" else 1e-3
            what = f"core in a shell at occupancy {theta:g} [Pa]"
            found.compare(LAW, dimension, what, found_stress, exactly(theta), limit)
            shown[0].append(theta)
            shown[1].append(found_stress / 1e9)
    theta = np.linspace(0.0, 1.0, 200)
    curve = [exactly(float(t)) / 1e9 for t in theta]
    lines = (Line("Lame", theta.tolist(), curve, "k-"), Line("computed", *shown, "o"))
    found.panels.append(Panel("a core in a shell", "occupancy [1]", "stress of the core [GPa]", lines))
    strains = crystal().eigenstrain(theta)
    lines = (
        Line("along a", theta.tolist(), (100 * strains[:, 0, 0]).tolist(), "b-"),
        Line("along c", theta.tolist(), (100 * strains[:, 2, 2]).tolist(), "r-"),
    )
    found.panels.append(Panel("strain of the crystal", "occupancy [1]", "strain [%]", lines))


def compute(bench: Workbench) -> Findings:
    """Free bodies, clamped cylinders and cores."""
    found = Findings()
    free_bodies(bench, found, bench.pick(list(AXES), ["spherical", "generalised_plane_strain"]))
    clamped_cylinder(bench, found)
    cores(bench, found)
    return found


def headline(bench: Workbench) -> float:
    """Mean stress of an axisymmetric core."""
    return bench.run(body("axisymmetric", OCCUPANCIES[1], shell=True)).mean_stress("layered")


PAGE = Page(
    title="A lattice that bends over occupancy",
    claim="A free body follows its tabulated lattice without stress, at the voltage of its host; held or "
    "enclosed it carries the stress, and moves the voltage, that the table's strain and slope call for.",
    equation=r"""
$$\varepsilon^* = \mathrm{diag}(e_a, e_a, e_c), \quad
e_a = \frac{a(\theta)}{a(\theta_\mathrm{ref})} - 1, \quad
e_c = \frac{c(\theta)}{c(\theta_\mathrm{ref})} - 1, \qquad
V = \frac{1}{c_\mathrm{max}} \frac{d\varepsilon^*}{d\theta}, \qquad
\mu = \mu_\mathrm{host}(\theta) - \sigma : V(\theta)$$

With the mean strain $e = (2 e_a + e_c)/3$ a cylinder between held ends carries $\sigma_{zz} = -E e$, and a
core in a shell that fitted it at $e = 0$ Lamé's pressure for the misfit $-e$.
""",
    source="S. P. Timoshenko and J. N. Goodier, Theory of Elasticity (1970), section 136; "
    "F. Larché and J. W. Cahn, Acta Metall. 21 (1973) 1051",
    setup=f"""
{len(tabulated.OCCUPANCY)} rows, c between {min(tabulated.C):g} and {max(tabulated.C):g} Å, without strain at
occupancy {tabulated.REFERENCE:g}, the monotone cubic of SciPy between them; closed starts at occupancy
{", ".join(f"{theta:g}" for theta in OCCUPANCIES)}. Free crystals (C11 {HEXAGONAL["c11"] / 1e9:g}, C33
{HEXAGONAL["c33"] / 1e9:g} GPa) with c along {", ".join(str(axis) for axis in AXES.values() if axis)}; held
and enclosed bodies averaged ({SOLID.young / 1e9:g} GPa, {SOLID.poisson:g}), the shell
({SHELL.young / 1e9:g} GPa, {SHELL.poisson:g}) {THICKNESS * 1e6:g} of {cases.RADIUS * 1e6:g} um.
""",
    compute=compute,
    headline=Headline("mean hydrostatic stress of the core [Pa]", "axisymmetric", headline),
)

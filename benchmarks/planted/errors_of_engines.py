"""Errors in compiled code, which has its own text of the physics, and behind GMRES."""

from benchmarks.planted.error import PlantedError

COMPILED = (
    PlantedError(
        name="compiled: sign of the drift term",
        path="solver/radial/element.py",
        old="return float(mu + pulled)",
        new="return float(mu - pulled)",
        pages=("coupling/sphere_2007",),
        tests=("tests/verification/test_partition_of_lithium.py", "tests/radial/test_against_forms.py"),
    ),
    PlantedError(
        name="compiled: r for r^2 in the volume of a point",
        path="solver/radial/chain.py",
        old="SHARES * 4.0 * np.pi * radius**2 * multiplicity",
        new="SHARES * 4.0 * np.pi * radius * multiplicity",
        pages=("mechanics/core_shell_misfit",),
        tests=("tests/verification/test_misfit_sphere.py",),
    ),
    PlantedError(
        name="compiled: one hoop direction for two",
        path="solver/radial/line.py",
        old="PAIR = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]])",
        new="PAIR = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])",
        pages=("mechanics/core_shell_misfit",),
        tests=("tests/verification/test_misfit_sphere.py",),
    ),
    PlantedError(
        name="compiled: history weighed like the new content",
        path="solver/radial/element.py",
        old="(lead * theta + points.past[k, q])",
        new="lead * (theta + points.past[k, q])",
        pages=("diffusion/crank_flux",),
        tests=("tests/verification/test_diffusion.py", "tests/radial/test_against_forms.py"),
    ),
    PlantedError(
        name="compiled: disc for sphere in the area of a wall",
        path="solver/radial/chain.py",
        old="area=4.0 * np.pi * edges**2",
        new="area=np.pi * edges**2",
        pages=("mechanics/core_shell_misfit",),
        tests=("tests/verification/test_misfit_sphere.py",),
    ),
    PlantedError(
        name="compiled: a wetted cavity that stays dry",
        path="solver/radial/line.py",
        old="wetted = (OUTER, INNER) if body.surface.cavity_wetted else (OUTER,)",
        new="wetted = (OUTER,)",
        pages=("parallel/engines",),
        tests=("tests/radial/test_against_forms.py",),
    ),
    PlantedError(
        name="compiled: alpha_a for alpha_c",
        path="solver/radial/laws.py",
        old="math.exp(anodic * eta), math.exp(-cathodic * eta)",
        new="math.exp(anodic * eta), math.exp(-anodic * eta)",
        pages=("kinetics/butler_volmer",),
        tests=("tests/radial/test_laws.py",),
    ),
    PlantedError(
        name="compiled: half of the stress that acts on the mobility",
        path="solver/radial/element.py",
        old="hydrostatic = (points.radial[k, q] + points.hoop[k, q]) / 3.0",
        new="hydrostatic = (points.radial[k, q] + 0.5 * points.hoop[k, q]) / 3.0",
        pages=("coupling/stress_and_mobility",),
        tests=("tests/radial/test_against_forms.py",),
    ),
)
"""Planted in the code that marches spheres on one rank."""

SPLIT = (
    PlantedError(
        name="behind GMRES: pull without the weight of its point",
        path="solver/discretisation/split_forms.py",
        old="-np.repeat(found.pull, per_cell) / weight",
        new="-np.repeat(found.pull, per_cell)",
        pages=("parallel/engines",),
        tests=("tests/verification/test_linear_solvers.py",),
    ),
    PlantedError(
        name="behind GMRES: stress that acts on the mobility of the wrong sign",
        path="solver/discretisation/split_forms.py",
        old="stresses: Array | PETSc.Mat = -np.repeat(",
        new="stresses: Array | PETSc.Mat = np.repeat(",
        pages=("parallel/engines",),
        tests=("tests/verification/test_linear_solvers.py",),
    ),
    PlantedError(
        name="behind GMRES: sign of the border",
        path="solver/discretisation/krylov.py",
        old="result -= scalars @ self._border.columns",
        new="result += scalars @ self._border.columns",
        pages=("parallel/engines",),
        tests=("tests/verification/test_linear_solvers.py",),
    ),
    PlantedError(
        name="behind GMRES: occupancy that answers in full",
        path="solver/discretisation/split_tangent.py",
        old="        drive *= self._answer\n",
        new="",
        pages=("parallel/engines",),
        tests=("tests/verification/test_linear_solvers.py",),
    ),
)
"""Planted in the tangent in parts and in what solves with it. Newton judges residuals and may only be slower:
the page counts its iterations."""

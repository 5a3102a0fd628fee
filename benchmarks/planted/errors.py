"""The errors that are planted, in the order of the table."""

from benchmarks.planted.error import PlantedError
from benchmarks.planted.errors_of_engines import COMPILED, SPLIT

MECHANICS = (
    PlantedError(
        name="nu for 1 - 2 nu in the stiffness",
        path="solver/materials/elasticity.py",
        old="(1.0 + poisson_ratio) * (1.0 - 2.0 * poisson_ratio))",
        new="(1.0 + poisson_ratio) * poisson_ratio)",
        pages=("mechanics/core_shell_misfit",),
        tests=("tests/unit/test_elasticity.py",),
    ),
    PlantedError(
        name="r for r^2 in the measure of the sphere",
        path="solver/physics/kinematics.py",
        old="4.0 * np.pi * x[0] ** 2",
        new="4.0 * np.pi * x[0]",
        pages=("parallel/engines",),
        tests=("tests/radial/test_against_forms.py",),
    ),
    PlantedError(
        name="hoop strain left out about the axis",
        path="solver/physics/kinematics.py",
        old="return ufl.as_vector([grad[0, 0], hoop, grad[1, 1], zero,",
        new="return ufl.as_vector([grad[0, 0], zero * hoop, grad[1, 1], zero,",
        pages=("mechanics/manufactured_momentum",),
        tests=("tests/verification/test_manufactured_momentum.py",),
    ),
    PlantedError(
        name="misfit in the wrong phase",
        path="solver/bodies.py",
        old="phases={name: _shifted(phase, level) for name, phase in phases.items()},",
        new=(
            "phases={\n"
            '            name: __import__("dataclasses").replace(_shifted(phase, level), misfit=phases[\n'
            '                {"layered": "rock_salt"}.get(name, "layered") if len(phases) > 1 else name\n'
            "            ].misfit)\n"
            "            for name, phase in phases.items()\n"
            "        },"
        ),
        pages=("mechanics/core_shell_misfit",),
        tests=("tests/verification/test_misfit_sphere.py",),
    ),
    PlantedError(
        name="coherency forgotten",
        path="solver/discretisation/media.py",
        old="coherency * strain_vector(phase.misfit)",
        new="strain_vector(phase.misfit)",
        pages=("mechanics/core_shell_misfit",),
        tests=("tests/verification/test_misfit_sphere.py",),
    ),
    PlantedError(
        name="engineering for tensor shear",
        path="solver/physics/kinematics.py",
        old="shear = grad[0, 1] + grad[1, 0]",
        new="shear = 0.5 * (grad[0, 1] + grad[1, 0])",
        pages=("mechanics/rotated_crystals", "mechanics/manufactured_momentum"),
        tests=("tests/verification/test_manufactured_momentum.py",),
    ),
    PlantedError(
        name="rotation transposed",
        path="solver/materials/elasticity.py",
        old="strain_vector(rotation.T @ unit @ rotation)",
        new="strain_vector(rotation @ unit @ rotation.T)",
        pages=("mechanics/rotated_crystals", "mechanics/bicrystal"),
        tests=("tests/unit/test_elasticity.py", "tests/verification/test_crystals_in_space.py"),
    ),
    PlantedError(
        name="stack pressure left out of the load",
        path="solver/discretisation/particle.py",
        old="self.parameters.pressure.value = body.pressure / body.scales.modulus",
        new="self.parameters.pressure.value = 0.0 * body.pressure / body.scales.modulus",
        pages=("mechanics/uniform_body",),
        tests=("tests/verification/test_uniform_body.py",),
    ),
    PlantedError(
        name="ends of the cylinder without pressure",
        path="solver/discretisation/mechanics.py",
        old="-pressure * particle.enclosed_volume",
        new="0.0 * particle.enclosed_volume",
        pages=("mechanics/uniform_body",),
        tests=("tests/verification/test_uniform_body.py",),
    ),
    PlantedError(
        name="1 - 2 nu for 1 - nu beside a die",
        path="solver/case/loads.py",
        old="self.medium_poisson_ratio / (1.0 - self.medium_poisson_ratio)",
        new="self.medium_poisson_ratio / (1.0 - 2.0 * self.medium_poisson_ratio)",
        pages=("mechanics/die",),
        tests=("tests/verification/test_die.py",),
    ),
)

LITHIUM = (
    PlantedError(
        name="sign of the drift term",
        path="solver/discretisation/media.py",
        old="pull = stiffness @ reduced_volume if",
        new="pull = -stiffness @ reduced_volume if",
        pages=("coupling/sphere_2007",),
        tests=("tests/verification/test_partition_of_lithium.py",),
    ),
    PlantedError(
        name="Omega for Omega/3",
        path="solver/materials/expansion.py",
        old="return np.eye(3) * volume / 3.0",
        new="return np.eye(3) * volume",
        pages=("mechanics/uniform_body", "diffusion/crank_flux"),
        tests=("tests/unit/test_eigenstrain.py",),
    ),
    PlantedError(
        name="reference occupancy forgotten",
        path="solver/discretisation/media.py",
        old="fixed = -swelling * phase.reference_occupancy",
        new="fixed = -swelling",
        pages=("diffusion/phase_boundary",),
        tests=("tests/verification/test_partition_of_lithium.py",),
    ),
    PlantedError(
        name="occupancy interpolated across the phase boundary",
        path="solver/discretisation/form_system.py",
        old="        p.unknowns.history.x.array[: past.size] = past\n",
        new=(
            "        n, size = p.unknowns, past.size\n"
            "        corners = np.asarray(n.mu.function_space.dofmap.list)[: p.imported.owned_cells]\n"
            "        past = past.reshape(len(corners), -1)\n"
            "        sums, shares = np.zeros(n.mu.x.array.size), np.zeros(n.mu.x.array.size)\n"
            "        np.add.at(sums, corners, past.mean(axis=1)[:, None])\n"
            "        np.add.at(shares, corners, 1.0)\n"
            "        at_nodes = sums / np.maximum(shares, 1.0)\n"
            "        n.history.x.array[:size] = np.repeat(at_nodes[corners].mean(axis=1), past.shape[1])\n"
        ),
        pages=("parallel/engines",),
        tests=("tests/radial/test_against_forms.py",),
    ),
    PlantedError(
        name="activation volume of the wrong sign",
        path="solver/physics/transport.py",
        old="ufl.exp(activation * hydrostatic_stress)",
        new="ufl.exp(-activation * hydrostatic_stress)",
        pages=("parallel/engines", "coupling/manufactured_coupled"),
        tests=("tests/verification/test_manufactured_coupled.py",),
    ),
    PlantedError(
        name="a term of the tangent dropped",
        path="solver/discretisation/forms.py",
        old="moved = [(n.occupancy, change), (n.content, n.content_slope * change)]",
        new="moved = [(n.occupancy, change)]",
        pages=("coupling/tangent",),
        tests=("tests/verification/test_tangent.py",),
    ),
    PlantedError(
        name="chemical strain in the potential twice",
        path="solver/materials/elimination.py",
        old="excess = y + kappa * occupancy - b",
        new="excess = y + 2.0 * kappa * occupancy - b",
        pages=("coupling/free_energy", "parallel/engines"),
        tests=("tests/unit/test_elimination.py",),
    ),
    PlantedError(
        name="mobility of a vacancy mechanism without the vacancies",
        path="solver/materials/mobility.py",
        old="factor, slope = theta * (1.0 - theta), 1.0 - 2.0 * theta",
        new="factor, slope = theta, np.ones_like(theta)",
        pages=("coupling/relaxation",),
        tests=("tests/unit/test_mobility.py",),
    ),
    PlantedError(
        name="capacity of one phase for both",
        path="solver/discretisation/media.py",
        old="numbers[CAPACITY] = phase.max_concentration / scales.concentration",
        new="numbers[CAPACITY] = float(phase.max_concentration > 0.0)",
        pages=("diffusion/phase_boundary",),
        tests=("tests/verification/test_partition_of_lithium.py",),
    ),
)

CONTROL = (
    PlantedError(
        name="alpha_a for alpha_c",
        path="solver/physics/surface.py",
        old="ufl.exp(-cathodic * eta)",
        new="ufl.exp(-anodic * eta)",
        pages=("kinetics/butler_volmer",),
        tests=("tests/verification/test_surface_kinetics.py",),
    ),
    PlantedError(
        name="ohmic drop of the wrong sign",
        path="solver/stepping/attempt.py",
        old="return phi + self.resistance * current - self.reference_potential",
        new="return phi - self.resistance * current - self.reference_potential",
        pages=("kinetics/butler_volmer", "kinetics/hold"),
        tests=("tests/verification/test_surface_kinetics.py",),
    ),
    PlantedError(
        name="cut-off overshot by one increment",
        path="solver/stepping/march.py",
        old="if attempt.entry is not None and (fault or way.finder.passed(attempt) is None):",
        new="if attempt.entry is not None:",
        pages=("kinetics/cut_offs",),
        tests=("tests/verification/test_limits.py", "tests/unit/test_endings.py"),
    ),
    PlantedError(
        name="BDF1 weights in BDF2",
        path="solver/stepping/scheme.py",
        old="return (1.0 + 2.0 * ratio) / (1.0 + ratio), -(1.0 + ratio), ratio**2 / (1.0 + ratio)",
        new="return 1.0, -1.0, 0.0 * ratio",
        pages=("time/order",),
        tests=("tests/unit/test_time_scheme.py", "tests/verification/test_time_order.py"),
    ),
    PlantedError(
        name="BDF2 weights of equal steps at any step",
        path="solver/stepping/scheme.py",
        old="    ratio = increment / previous\n",
        new="    ratio = 1.0\n",
        pages=("time/order", "time/tolerance"),
        tests=("tests/unit/test_time_scheme.py", "tests/verification/test_time_order.py"),
    ),
    PlantedError(
        name="charge counted with other weights than lithium",
        path="solver/stepping/attempt.py",
        old="charge = (increment * current - a1 * last.charge - a2 * before.charge) / a0",
        new="charge = increment * current + last.charge",
        pages=("diffusion/crank_held", "kinetics/hold"),
        tests=("tests/verification/test_diffusion.py",),
    ),
    PlantedError(
        name="surface of one rank counted twice",
        path="solver/discretisation/particle.py",
        old="self.touched_area = self.number(one * n.weight * n.ds((OUTER, OUTER + SEALED)))",
        new=(
            "touched = compile_form(one * n.weight * n.ds((OUTER, OUTER + SEALED)))\n"
            '        own = __import__("dolfinx").fem.assemble_scalar(touched)\n'
            "        self.touched_area = self.comm.allreduce((1.0 + (self.comm.rank == 1)) * own)"
        ),
        pages=("parallel/ranks",),
        tests=("tests/parallel/test_same_on_ranks.py",),
    ),
)

DATA = (
    PlantedError(
        name="host of a shipped phase shifted by 1 mV",
        path="solver/materials/phase.py",
        old="tuple(-site.potential / thermal for site in spec.sites)",
        new="tuple(-(site.potential + 1e-3) / thermal for site in spec.sites)",
        pages=("materials/open_circuit",),
        tests=("tests/case/test_shipped_configs.py",),
    ),
    PlantedError(
        name="factor of 1000 in the unit of a shipped phase",
        path="configs/phases/nmc721.yaml",
        old="value: 48940 mol/m^3",
        new="value: 48.94 mol/m^3",
        pages=("materials/shipped_numbers",),
        tests=("tests/case/test_shipped_configs.py",),
    ),
    PlantedError(
        name="micrometres read as nanometres",
        path="solver/units.py",
        old='"micro u \\u03bc": -6',
        new='"micro u \\u03bc": -9',
        pages=("materials/shipped_numbers",),
        tests=("tests/case/test_quantities.py",),
    ),
)

ERRORS = (*MECHANICS, *LITHIUM, *CONTROL, *COMPILED, *SPLIT, *DATA)

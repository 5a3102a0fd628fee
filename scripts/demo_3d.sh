#!/usr/bin/env bash
# The main job in three dimensions: core-shell and dispersed balls side by side, and grains around a cavity.
#
# Writes into demo-3d/ (or the folder given). Run by `make demo-3d` with the environment in place; at most 15
# minutes on two cores. Meshes are coarser, the shell is thicker and the tolerance is wider than in the shipped
# cases: for pictures, not for numbers.
set -euo pipefail
cd "$(dirname "$0")/.."
export OMP_NUM_THREADS=1
export PATH="$PWD/.venv/bin:$PATH"
out=${1:-demo-3d}
mkdir -p "$out"
source scripts/run_case.sh

# The shell hides an interrupt from what it runs side by side.
trap 'kill $(jobs -p) 2>/dev/null || true' EXIT

coarse=(--set 'numerics.tolerance=1e-2')
begun=$SECONDS
echo "running the liquid core-shell ball, the solid dispersed ball and the hollow one; logs are in $out/*.log"
# One core each: two runs side by side are faster than one after the other on two ranks.
run hollow_secondary_3d hollow "${coarse[@]}" --set 'geometry.grain_size=1.2 um' \
    --set 'geometry.mesh_size={bulk: 700 nm, interface: 700 nm}' &
hollow=$!
status=0
run core_shell_liquid_3d liquid_ball "${coarse[@]}" --set 'geometry.shell_thickness=200 nm' \
    --set 'geometry.mesh_size={bulk: 450 nm, interface: 200 nm}' || status=$?
run dispersed_solid_3d solid_ball "${coarse[@]}" --set 'geometry.mesh_size={bulk: 220 nm, interface: 220 nm}' ||
    status=$?
wait "$hollow" || status=$?
[ "$status" -eq 0 ] || exit "$status"

echo
lithostat compare "$out/liquid_ball" "$out/solid_ball" --out "$out/liquid_and_solid" --force
for folder in liquid_ball solid_ball hollow; do
    lithostat report "$out/$folder" >/dev/null
done

echo
.venv/bin/python -m solver.report.demo "$out/liquid_ball" "$out/solid_ball" "$out/hollow"
echo
echo "done in $((SECONDS - begun)) s"

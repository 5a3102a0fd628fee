#!/usr/bin/env bash
# The main job: what liquid and solid synthesis leave in a cathode particle, run, compared and drawn.
#
# Writes into demo/ (or the folder given). Run by `make demo` with the environment in place; at most 5 minutes on
# two cores. Like with like: both are cylinders here. The sphere beside them says what a cylinder leaves out.
set -euo pipefail
cd "$(dirname "$0")/.."
export OMP_NUM_THREADS=1
export PATH="$PWD/.venv/bin:$PATH"
out=${1:-demo}
mkdir -p "$out"

source scripts/run_case.sh

# The shell hides an interrupt from what it runs side by side.
trap 'kill $(jobs -p) 2>/dev/null || true' EXIT

begun=$SECONDS
echo "running the liquid disc, the solid dispersed particle and the liquid sphere; logs are in $out/*.log"
# One core each: two runs side by side are faster than one after the other on two ranks.
run core_shell_liquid_disc liquid_disc &
liquid=$!
run dispersed_solid solid_dispersed &
solid=$!
status=0
wait "$liquid" || status=$?
run core_shell_liquid liquid_sphere || status=$?
wait "$solid" || status=$?
[ "$status" -eq 0 ] || exit "$status"

echo
lithostat compare "$out/liquid_disc" "$out/solid_dispersed" --out "$out/liquid_and_solid" --force
echo
echo "The sphere beside the disc, of another dimension and so compared with a warning:"
lithostat compare "$out/liquid_sphere" "$out/liquid_disc" --out "$out/sphere_and_disc" --force
for folder in liquid_disc solid_dispersed liquid_sphere; do
    lithostat report "$out/$folder" >/dev/null
done

echo
.venv/bin/python -m solver.report.demo "$out/liquid_disc" "$out/solid_dispersed" "$out/liquid_sphere"
echo
echo "done in $((SECONDS - begun)) s"

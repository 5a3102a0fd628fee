#!/usr/bin/env bash
# Makes an environment for one program that cannot share ours; only benchmarks/performance uses it.
#
#   scripts/peer_env.sh festim          .venv-festim/ with what requirements-festim.lock holds
#
# Does nothing where it was made from the same lock. FESTIM comes without scifem and io4dolfinx: the first has a
# compiled part that the wheels of DOLFINx give no headers for, and neither is called by the measurement.
set -euo pipefail
cd "$(dirname "$0")/.."
name=${1:-}
case "$name" in
    festim) ;;
    *) echo "usage: scripts/peer_env.sh festim" >&2; exit 2 ;;
esac
lock=requirements-$name.lock folder=.venv-$name
wanted=$(cat "$lock" <(echo "$PWD") | sha256sum | cut -d ' ' -f 1)
grep -qs "^$wanted\$" "$folder/.made-from" && exit 0
python=${LITHOSTAT_PYTHON:-.venv/bin/python}
[ -x "$python" ] || { echo "no .venv/: make setup" >&2; exit 2; }
"$python" -m venv --clear "$folder"
"$folder/bin/python" -m pip install -q --disable-pip-version-check --require-hashes --no-deps \
    --only-binary :all: -r "$lock"
echo "$wanted" >"$folder/.made-from"

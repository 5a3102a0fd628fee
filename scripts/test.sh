#!/usr/bin/env bash
# Every check of the project; called by `make test` with the environment in place.
#
# The tests run in two parts: those of one rank on two workers, then those that start ranks with mpiexec, one at
# a time, since ranks that share a core wait for each other busily. Both begin with an empty cache: a mesh or a
# form that an older state of the program left must not decide a test. Arguments are handed to pytest.
set -uo pipefail
cd "$(dirname "$0")/.."
export OMP_NUM_THREADS=1
export PATH="$PWD/.venv/bin:$PATH"
status=0
scripts/lint.sh || status=1

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
export LITHOSTAT_CACHE="$results/cache"
run() {
    local part=$1
    shift
    echo "== pytest, $part"
    .venv/bin/python -m pytest -q --durations=5 --junitxml="$results/$part.xml" "$@" || status=1
}
run "one rank" -m "not mpi" -n 2 --dist worksteal "$@"
run "several ranks" -m mpi "$@"
.venv/bin/python scripts/count_tests.py "$results" || status=1
[ "$status" -eq 0 ] || echo "make test: something failed, see above"
exit "$status"

#!/usr/bin/env bash
# Makes .venv/ in the root of the repository, with what requirements.lock holds and lithostat itself (editable).
#
#   scripts/setup.sh [peers]
#
# With `peers`, what requirements-peers.lock holds is added to it: other programs, which only tests and verification
# compare with.
#
# Does nothing, in a fraction of a second, when .venv/ was made from the same lock and pyproject.toml in the same
# place; installs lithostat anew when only pyproject.toml has changed.
# LITHOSTAT_PYTHON names an interpreter; otherwise the first one of 3.12 or later is taken, and where there is
# none, uv is installed into .venv-bootstrap/ and finds or fetches one.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
stamp=.venv/.made-from
locked=$(cat requirements.lock <(echo "$root") | sha256sum | cut -d ' ' -f 1)
project=$(sha256sum <pyproject.toml | cut -d ' ' -f 1)
peers=
case "${1:-}" in
    peers) peers=$(sha256sum <requirements-peers.lock | cut -d ' ' -f 1) ;;
    ?*) echo "usage: scripts/setup.sh [peers]" >&2; exit 2 ;;
esac

has_locked() { [ -x .venv/bin/python ] && grep -qs "^lock $locked\$" "$stamp"; }
has_peers() { [ -z "$peers" ] || grep -qs "^peers $peers\$" "$stamp"; }
up_to_date() { has_locked && has_peers && [ -x .venv/bin/lithostat ] && grep -qs "^project $project\$" "$stamp"; }

new_enough() {
    command -v "$1" >/dev/null 2>&1 &&
        "$1" -c 'import sys; sys.exit(not (3, 12) <= sys.version_info[:2] < (3, 15))' >/dev/null 2>&1
}

find_python() {
    local candidate
    if [ -n "${LITHOSTAT_PYTHON:-}" ]; then
        new_enough "$LITHOSTAT_PYTHON" || {
            echo "LITHOSTAT_PYTHON=$LITHOSTAT_PYTHON is no Python 3.12, 3.13 or 3.14" >&2
            return 2
        }
        echo "$LITHOSTAT_PYTHON"
        return
    fi
    for candidate in python3.12 python3.13 python3 python3.14; do
        if new_enough "$candidate"; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return
        fi
    done
}

# Echoes a Python that uv found or fetched.
python_from_uv() {
    local uv=uv
    if ! command -v uv >/dev/null 2>&1; then
        uv=.venv-bootstrap/bin/uv
        if [ ! -x "$uv" ]; then
            python3 -m venv --clear .venv-bootstrap
            .venv-bootstrap/bin/python -m pip install -q --require-hashes --only-binary :all: \
                -r scripts/bootstrap.lock >&2
        fi
    fi
    "$uv" python find --no-project 3.12 2>/dev/null || {
        "$uv" python install 3.12 >&2 && "$uv" python find --no-project 3.12
    } || {
        echo "No Python of 3.12 or later was found, and uv could not fetch one." >&2
        echo "Install one and name it: LITHOSTAT_PYTHON=/path/to/python3.12 make setup" >&2
        return 2
    }
}

install_locked() { # FILE: every file of it by its hash, wheels only
    local quiet=-q
    [ ! -t 1 ] || quiet=
    .venv/bin/python -m pip install $quiet --disable-pip-version-check --require-hashes --no-deps \
        --only-binary :all: -r "$1"
}

up_to_date && exit 0

python=$(find_python)
scripts/system_libraries.sh "$python" "$@" # first of all: exits 2 before anything has been changed
[ -n "$python" ] || python=$(find_python) # the packages may have brought one
[ -n "$python" ] || python=$(python_from_uv)

# Two set-ups at once in one place would mix their files.
exec 9>.setup.lock
flock 9
up_to_date && exit 0

if ! has_locked; then
    echo "making .venv with $("$python" --version) (about 500 MB to fetch, 1.5 GB on disk)"
    rm -f "$stamp"
    "$python" -m venv --clear .venv
    install_locked requirements.lock
    echo "lock $locked" >"$stamp"
fi
if ! has_peers; then
    echo "adding the programs that tests compare with (about 200 MB to fetch, 0.7 GB on disk)"
    sed -i '/^peers /d' "$stamp"
    install_locked requirements-peers.lock
    echo "peers $peers" >>"$stamp"
fi
.venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation --editable .
.venv/bin/python -m pip check --disable-pip-version-check
kept=$(grep -E '^(lock|peers) ' "$stamp")
printf '%s\nproject %s\n' "$kept" "$project" >"$stamp"

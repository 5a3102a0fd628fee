#!/usr/bin/env bash
# Checks what the wheels need from the system, and installs it by name where that is allowed.
#
#   scripts/system_libraries.sh [PYTHON [peers]]
#
# PYTHON is the interpreter that the environment will use, empty for none yet: compiled forms need its headers and the
# environment its venv module. `peers` asks for what requirements-peers.lock needs, too. Exit 0: everything is there.
# Exit 2: something is missing and was not installed; the command that installs it has been printed, and nothing has
# been changed.
set -euo pipefail
PATH="$PATH:/usr/sbin:/sbin"
python=${1:-}

# soname, the Debian package that holds it
libraries="
libEGL.so.1         libegl1
libGL.so.1          libgl1
libGLU.so.1         libglu1-mesa
libX11.so.6         libx11-6
libXext.so.6        libxext6
libXfixes.so.3      libxfixes3
libXrender.so.1     libxrender1
libXcursor.so.1     libxcursor1
libXft.so.2         libxft2
libXinerama.so.1    libxinerama1
libfontconfig.so.1  libfontconfig1
libgomp.so.1        libgomp1
"
# NGSolve's Fortran runtime; on Debian gcc brings it. What it draws with is never loaded.
[ "${2:-}" != peers ] || libraries+="libquadmath.so.0    libquadmath0"

compiles() {
    printf '#include <stdio.h>\n#include <complex.h>\nint main(void) { return 0; }\n' |
        gcc -x c - -o /dev/null 2>/dev/null
}

# The Debian packages that are missing, one a line.
missing() {
    local known soname package
    known=$(ldconfig -p 2>/dev/null || true)
    while read -r soname package; do
        [ -n "$soname" ] || continue
        case "$known" in
            *"$soname "*) ;;
            *) echo "$package" ;;
        esac
    done <<<"$libraries"
    command -v gcc >/dev/null 2>&1 || echo gcc
    compiles || echo libc6-dev
    if [ -z "$python" ]; then
        command -v python3 >/dev/null 2>&1 || echo python3
        python3 -c 'import ensurepip' 2>/dev/null || echo python3-venv
        return
    fi
    local name=python3
    case "$("$python" -c 'import sys; print(sys.executable)')" in
        /usr/bin/python3.*) name=$("$python" -c 'import sys; print("python3.%d" % sys.version_info[1])') ;;
    esac
    "$python" -c 'import ensurepip' 2>/dev/null || echo "$name-venv"
    "$python" -c 'import os, sys, sysconfig
sys.exit(not os.path.exists(os.path.join(sysconfig.get_paths()["include"], "Python.h")))' || echo "$name-dev"
}

packages=$(missing | tr '\n' ' ')
packages=${packages% }
[ -n "$packages" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    echo "lithostat needs from the system what Debian calls: $packages" >&2
    echo "Install these with this system's own package manager, then run the command again." >&2
    exit 2
fi

root=
if [ "$(id -u)" -eq 0 ]; then
    root=env
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    root="sudo env"
fi
if [ -z "$root" ] || [ -n "${LITHOSTAT_NO_APT:-}" ]; then
    echo "lithostat needs these system packages. Install them, then run the command again:" >&2
    echo "  sudo apt-get update && sudo apt-get install --no-install-recommends $packages" >&2
    exit 2
fi

echo "installing system packages: $packages"
# shellcheck disable=SC2086  # words are meant
install() { $root DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $packages; }
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# Package lists may be absent or old: fetch them only where the first try fails.
if ! install >"$log" 2>&1; then
    { $root apt-get update -q || true; install; } >"$log" 2>&1 || true
fi
packages=$(missing | tr '\n' ' ')
packages=${packages% }
if [ -n "$packages" ]; then
    tail -n 20 "$log" >&2
    echo "These system packages could not be installed. Install them, then run the command again:" >&2
    echo "  sudo apt-get update && sudo apt-get install --no-install-recommends $packages" >&2
    exit 2
fi

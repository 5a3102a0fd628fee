#!/usr/bin/env bash
# Proves the Dockerfile without a container engine: carries out its steps in minimal Debian roots, then runs a case.
#
#   scripts/prove_image.sh [--keep] [CASE]
#
# CASE is a shipped case, `quick/core_shell_liquid` unless given. Needs root and mmdebstrap, and is no part of
# `make test`. Understood are FROM, RUN, COPY (one source or several, also --from), ENV, USER, WORKDIR, ENTRYPOINT and
# CMD, each on one line, as the Dockerfile has them; anything else is an error. Files come from HEAD.
set -euo pipefail
cd "$(dirname "$0")/.."
keep=
[ "${1:-}" != --keep ] || { keep=yes; shift; }
shipped=${1:-quick/core_shell_liquid}
. scripts/minimal_root.sh

mkdir "$work/source"
git archive HEAD | tar -x -C "$work/source"
declare -A stages
root= user=root folder=/ variables=() entry=

inside() { # COMMAND: as the image's present user, in its folder, with its environment
    chroot "$root" env -i "${environment[@]}" HOME=/tmp "${variables[@]}" \
        setpriv --reuid "$user" --regid "$user" --init-groups sh -c "cd '$folder' && $*"
}
from() { # IMAGE [AS NAME]
    local suite=${1#debian:}
    root=$work/stage${#stages[@]} user=root folder=/ variables=()
    [ "$suite" != "$1" ] || { echo "only images of Debian can be made here, not $1" >&2; exit 1; }
    make_root "$root" "${suite%-slim}" ca-certificates
    stages[${3:-last}]=$root
}
copy() { # [--from=NAME] SOURCE... TARGET: of a folder the contents, as an engine does it
    local base=$work/source target=$root${*: -1} source
    case "$1" in --from=*) base=${stages[${1#--from=}]}; shift ;; esac
    for source in "${@:1:$#-1}"; do
        source=$base/${source#/}
        case "$target" in */) mkdir -p "$target" ;; *) mkdir -p "$(dirname "$target")" ;; esac
        if [ -d "$source" ]; then mkdir -p "$target" && cp -a "$source/." "$target"; else cp -a "$source" "$target"; fi
    done
}

while IFS= read -r line; do
    case "$line" in
        '' | '#'*) continue ;;
        'FROM '*) say "$line"; from ${line#FROM } ;;
        'RUN '*) say "${line:0:100}"; DEBIAN_FRONTEND=noninteractive inside "${line#RUN }" >"$work/step.log" 2>&1 ||
            { tail -20 "$work/step.log"; exit 1; } ;;
        'COPY '*) say "$line"; copy ${line#COPY } ;;
        'ENV '*) variables+=("${line#ENV }") ;;
        'USER '*) user=${line#USER } ;;
        'WORKDIR '*) folder=${line#WORKDIR } ;;
        'ENTRYPOINT '*) entry=$(echo "${line#ENTRYPOINT }" | tr -d '[]",') ;;
        'CMD '*) ;;
        *) echo "not understood: $line" >&2; exit 1 ;;
    esac
done <Dockerfile

say "the image holds $(du -sh --one-file-system "$root" | cut -f 1)"
inside "$entry --version"
inside "$entry doctor"
inside "$entry run $shipped --out image-proof"
inside "$entry report image-proof"
inside "mpiexec -n 2 $entry run $shipped --out image-proof-2"
[ "$(stat -c %u "$root$folder/image-proof/summary.json")" -ne 0 ] || { echo "the case ran as root" >&2; exit 1; }
say "proven: the Dockerfile's steps, and $entry run $shipped as $user"

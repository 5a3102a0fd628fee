# What the demonstrations share; sourced by them, with `out` set to their folder.

# An exit code of 3 means that the physics ended a step early: the folder is complete, and the comparison says so.
#   run CASE FOLDER [options of lithostat run]
run() {
    local case=$1 folder=$2 status=0
    shift 2
    lithostat run "$case" --out "$out/$folder" --force "$@" >"$out/$folder.log" 2>&1 || status=$?
    if [ "$status" -ne 0 ] && [ "$status" -ne 3 ]; then
        echo "lithostat run $case ended with exit code $status; its last lines:" >&2
        tail -n 15 "$out/$folder.log" >&2
        return "$status"
    fi
    echo "$case: $(tail -n 1 "$out/$folder.log")"
}

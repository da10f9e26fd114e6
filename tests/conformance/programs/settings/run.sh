for a in "${@:1:2}"; do printf '%s|' "$a"; done >"$3"

# pipec: runs one step. Needs sh and coreutils. Usage: sh step.sh PROGRAM ARGUMENT…
#
# PIPEC_DECODE   inputs (and arguments of the program) that arrive as wire text
# PIPEC_OPTIONAL artifacts that may be missing: NAME=PATH; the variable NAME is `null` then
# PIPEC_LISTS    lists of artifacts: NAME=PATH; the variable NAME is the number of items
# PIPEC_ARGS     positions of the program's arguments whose wire text is in PIPEC_ARG_<position>
# PIPEC_OUTPUTS  one output a line: NAME KIND DETAILS; `NAME?` may be left out
# PIPEC_KEY_…    where Argo stores an artifact
# PIPEC_FILES    a directory whose content the working directory starts with
#
# Exit status 86 is a fault of the contract (an output that is missing or not of its type): never tried again.

contract=86
base=${PIPEC_BASE:-/tmp/pipec}
pipec_fail() {
  message="pipec: task $PIPEC_TASK: $*"
  printf '%s\n' "$message" >&2
  { printf '%s' "$message" >/dev/termination-log; } 2>/dev/null
  exit $contract
}

# The text that a wire text stands for, in $decoded.
pipec_decode() {
  case $1 in
  *'{{'*) pipec_fail "what arrived isn't a value but an unresolved template: $1" ;;
  =*)
    decoded=$(printf '%s' "${1#=}" | base64 -d && printf x) || pipec_fail "what arrived isn't a wire text: $1"
    decoded=${decoded%x}
    ;;
  *) decoded=$1 ;;
  esac
}

# The wire text of the text $1, in $encoded.
pipec_encode() {
  case $1 in
  '' | null | [=_]* | *[!A-Za-z0-9\ ._/:@,+%~^*\(\)!?\;#\|=-]*)
    encoded="=$(printf '%s' "$1" | base64 | tr -d '\n')"
    ;;
  *) encoded=$1 ;;
  esac
}

value='' count=''
rm -rf "$base"
mkdir -p "$base/work" "$base/home" "$base/tmp" "$base/out" "$base/in" "$base/result" || exit 1
if [ -n "$PIPEC_FILES" ]; then cp -RL "$PIPEC_FILES/." "$base/work/" || exit 1; fi
if [ "${PIPEC_KEEP#*HOME}" = "$PIPEC_KEEP" ]; then export HOME="$base/home"; fi
if [ "${PIPEC_KEEP#*TMPDIR}" = "$PIPEC_KEEP" ]; then export TMPDIR="$base/tmp"; fi
if [ "${PIPEC_KEEP#*LC_ALL}" = "$PIPEC_KEEP" ]; then export LC_ALL=C.UTF-8; fi
if [ "${PIPEC_KEEP#*TZ}" = "$PIPEC_KEEP" ]; then export TZ=UTC; fi

for name in $PIPEC_DECODE; do
  eval "value=\$$name"
  case $value in
  null) unset "$name" ;;
  *)
    pipec_decode "$value"
    eval "$name=\$decoded"
    ;;
  esac
done
for pair in $PIPEC_OPTIONAL; do
  name=${pair%%=*}
  eval "value=\$$name"
  case $value in
  null) unset "$name" ;;
  *) eval "$name=\${pair#*=}" ;;
  esac
done
for pair in $PIPEC_LISTS; do
  name=${pair%%=*} path=${pair#*=}
  eval "count=\$$name"
  case $count in
  null) unset "$name" ;;
  *)
    if [ ! -d "$path" ] || [ ! -w "$path" ]; then path="$base/in/$name" && mkdir -p "$path"; fi
    printf '%s\n' "$count" >"$path/.count" || pipec_fail "the list $name can't be prepared"
    eval "$name=\$path"
    ;;
  esac
done

position=0
for argument in "$@"; do
  case " $PIPEC_ARGS " in
  *" $position "*)
    eval "value=\$PIPEC_ARG_$position"
    pipec_decode "$value"
    argument=$decoded
    unset "PIPEC_ARG_$position"
    ;;
  esac
  position=$((position + 1))
  shift
  set -- "$@" "$argument"
done

# Paths of the outputs.
outputs=$PIPEC_OUTPUTS
while read -r name kind details; do
  [ -n "$name" ] || continue
  name=${name%\?}
  case $kind in
  file | dir) eval "export $name=\$base/out/\$name\${details}" ;;
  *) eval "export $name=\$base/out/\$name" ;;
  esac
done <<PIPEC
$outputs
PIPEC

cd "$base/work" || exit 1
(
  unset PIPEC_BASE PIPEC_TASK PIPEC_DECODE PIPEC_OPTIONAL PIPEC_LISTS PIPEC_ARGS PIPEC_OUTPUTS PIPEC_FILES PIPEC_KEEP
  exec "$@"
) &
program=$!
trap 'kill -TERM $program 2>/dev/null' TERM INT
wait $program
status=$?
while kill -0 $program 2>/dev/null; do
  wait $program
  status=$?
done
trap - TERM INT
if [ $status -ne 0 ]; then
  printf 'pipec: task %s: the program ended with status %s\n' "$PIPEC_TASK" "$status" >&2
  { printf 'the program ended with status %s' "$status" >/dev/termination-log; } 2>/dev/null
  # The program's own 86 isn't ours.
  if [ $status -eq $contract ]; then exit 1; fi
  exit $status
fi

# The text that was written, without one newline at its end, in $text.
pipec_read() {
  text=$(cat "$1" && printf x) || pipec_fail "output $2 can't be read"
  text=${text%x}
  text=${text%
}
  if [ "$(wc -c <"$1")" -gt 90000 ]; then pipec_fail "output $2 is larger than 90000 bytes; make it a file"; fi
  if [ "$(tr -d '\000' <"$1" | wc -c)" -ne "$(wc -c <"$1")" ]; then pipec_fail "output $2 holds a NUL byte"; fi
}

pipec_wrong() { # NAME EXPECTED
  pipec_fail "output $1 must be $2, not \`$(printf '%s' "$text" | head -c 200)\`"
}

pipec_int() { # NAME MIN MAX
  digits=${text#-}
  case $digits in '' | *[!0-9]*) pipec_wrong "$1" "a whole number" ;; esac
  while [ "${digits#0}" != "$digits" ] && [ ${#digits} -gt 1 ]; do digits=${digits#0}; done
  if [ ${#digits} -gt 19 ] || ! [ "${text%"${text#-}"}$digits" -ge "${2:--9223372036854775808}" ] 2>/dev/null ||
    ! [ "${text%"${text#-}"}$digits" -le "${3:-9223372036854775807}" ] 2>/dev/null; then
    pipec_wrong "$1" "a whole number from ${2:--9223372036854775808} to ${3:-9223372036854775807}"
  fi
  case $text in
  -0*) [ "$digits" = 0 ] && text=0 || text=-$digits ;;
  -*) text=-$digits ;;
  *) text=$digits ;;
  esac
}

# A directory as a list: its items renamed to 0, 1, … in the order of the language; their keys as JSON in $keys.
pipec_list() { # NAME DIRECTORY KEY
  (cd "$2" && LC_ALL=C && export LC_ALL && for item in *; do
    if [ ! -e "$item" ] && [ ! -L "$item" ]; then continue; fi
    case $item in *'
'*) exit 1 ;; esac
    case ${item%%.*} in
    '' | *[!0-9]*) printf '1 0 %s\n' "$item" ;;
    *) printf '0 %s %s\n' "${item%%.*}" "$item" ;;
    esac
  done) >"$base/result/.names" || pipec_fail "output $1: a file's name holds a line end"
  LC_ALL=C sort -s -k1,1n -k2,2n "$base/result/.names" >"$base/result/.sorted"
  index=0 keys='['
  while read -r _ _ item; do
    mv -- "$2/$item" "$2/.pipec-$index" || exit 1
    if [ $index -gt 0 ]; then keys="$keys,"; fi
    keys="$keys\"$3/$index\"" index=$((index + 1))
  done <"$base/result/.sorted"
  moved=0
  while [ $moved -lt $index ]; do
    mv -- "$2/.pipec-$moved" "$2/$moved" || exit 1
    moved=$((moved + 1))
  done
  keys="$keys]"
}

while read -r name kind details; do
  [ -n "$name" ] || continue
  optional=${name#"${name%\?}"} name=${name%\?}
  eval "path=\$$name key=\$PIPEC_KEY_$name"
  result=$base/result/$name
  if [ ! -e "$path" ]; then
    if [ -n "$optional" ]; then printf 'null' >"$result" && continue; fi
    hint=
    case $kind in file | dir | list) ;; *) hint=" (what a program prints isn't its output)" ;; esac
    pipec_fail "output $name is missing: the program should have written \$$name$hint"
  fi
  case $kind in
  file)
    if [ ! -f "$path" ]; then pipec_fail "output $name must be a file"; fi
    if [ -n "$key" ]; then printf '%s' "$key" >"$result"; fi
    continue
    ;;
  dir)
    if [ ! -d "$path" ]; then pipec_fail "output $name must be a directory"; fi
    if [ -n "$key" ]; then printf '%s' "$key" >"$result"; fi
    continue
    ;;
  list)
    if [ ! -d "$path" ]; then pipec_fail "output $name must be a directory with the list's items"; fi
    pipec_list "$name" "$path" "$key"
    printf '%s' "$keys" >"$result"
    continue
    ;;
  esac
  if [ ! -f "$path" ]; then pipec_fail "output $name must be written as text"; fi
  pipec_read "$path" "$name"
  if [ -n "$optional" ] && [ "$kind" != string ] && [ "$text" = null ]; then printf 'null' >"$result" && continue; fi
  case $kind in
  int)
    # shellcheck disable=SC2086
    pipec_int "$name" $details
    ;;
  bool) case $text in true | false) ;; *) pipec_wrong "$name" "true or false" ;; esac ;;
  enum)
    case $text in '' | *[[:space:]]*) pipec_wrong "$name" "one of: $details" ;; esac
    case " $details " in *" $text "*) ;; *) pipec_wrong "$name" "one of: $details" ;; esac
    ;;
  esac
  pipec_encode "$text"
  printf '%s' "$encoded" >"$result"
done <<PIPEC
$outputs
PIPEC

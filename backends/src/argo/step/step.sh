# pipec: runs one step. Needs sh and coreutils. Usage: sh step.sh PROGRAM ARGUMENT…
#
# PIPEC_DECODE   inputs (and arguments of the program) that arrive as wire text
# PIPEC_OPTIONAL artifacts that may be missing: NAME=PATH; the variable NAME is `null` then
# PIPEC_LISTS    lists and maps of artifacts: NAME=PATH; the variable NAME is the number of items; of what is in it: PLACE:NUMBER;
#                of a map's entries PLACE=KEY, in base64, and PLACE! after them
# PIPEC_ARGS     positions of the program's arguments whose wire text is in PIPEC_ARG_<position>
# PIPEC_OUTPUTS  one output a line: NAME KIND DETAILS; `NAME?` may be left out
# PIPEC_KEY_…    where Argo stores an artifact
# PIPEC_IDENTITY what stands between such a key and the sha256 of what lies there, if anyone asks for that
# PIPEC_FILES    a directory whose content the working directory starts with
#
# Its own variables are called PIPEC_…, as no input or output of a task can be.
# Exit status 86 is a fault of the contract (an output that is missing or not of its type): never tried again.

PIPEC_contract=86
PIPEC_base=${PIPEC_BASE:-/tmp/pipec}
pipec_fail() {
  PIPEC_message="pipec: task $PIPEC_TASK: $*"
  printf '%s\n' "$PIPEC_message" >&2
  { printf '%s' "$PIPEC_message" >/dev/termination-log; } 2>/dev/null
  exit $PIPEC_contract
}

# The text that a wire text stands for, in $PIPEC_decoded.
pipec_decode() {
  case $1 in
  *'{{'*) pipec_fail "what arrived isn't a value but an unresolved template: $1" ;;
  =*)
    PIPEC_decoded=$(printf '%s' "${1#=}" | base64 -d && printf x) || pipec_fail "what arrived isn't a wire text: $1"
    PIPEC_decoded=${PIPEC_decoded%x}
    ;;
  *) PIPEC_decoded=$1 ;;
  esac
}

# The wire text of the text $1, in $PIPEC_encoded.
pipec_encode() {
  case $1 in
  '' | null | [=_]* | *[!A-Za-z0-9\ ._/:@,+%~^*\(\)!?\;#\|=-]*)
    PIPEC_encoded="=$(printf '%s' "$1" | base64 | tr -d '\n')"
    ;;
  *) PIPEC_encoded=$1 ;;
  esac
}

# The bytes of the standard input as words: 2e 78.
pipec_bytes() {
  od -An -v -tx1
}

# The file name of the key with these bytes, in $PIPEC_file.
pipec_file() { # WHAT BYTE…
  PIPEC_what=$1 PIPEC_file=
  shift
  for PIPEC_byte in "$@"; do
    case $PIPEC_byte in
    2d | 5f | 7e | 3[0-9] | 4[1-9a-f] | 5[0-9a] | 6[1-9a-f] | 7[0-9a])
      # shellcheck disable=SC2059
      PIPEC_file=$PIPEC_file$(printf "\\$(printf '%03o' "0x$PIPEC_byte")")
      ;;
    2e) if [ -n "$PIPEC_file" ]; then PIPEC_file=$PIPEC_file.; else PIPEC_file=%2E; fi ;;
    *) PIPEC_file=$PIPEC_file%$(printf '%02X' "0x$PIPEC_byte") ;;
    esac
  done
  if [ -z "$PIPEC_file" ]; then pipec_fail "$PIPEC_what: an empty key can't be a file name"; fi
  if [ ${#PIPEC_file} -gt 255 ]; then pipec_fail "$PIPEC_what: the key $PIPEC_file is too long for a file name"; fi
}

PIPEC_value='' PIPEC_count='' PIPEC_digest=''
rm -rf "$PIPEC_base"
mkdir -p "$PIPEC_base/work" "$PIPEC_base/home" "$PIPEC_base/tmp" "$PIPEC_base/out" "$PIPEC_base/in" "$PIPEC_base/result" || exit 1
if [ -n "$PIPEC_FILES" ]; then
  # What begins with two dots is how the kubelet keeps a mounted ConfigMap.
  cp -RL "$PIPEC_FILES/." "$PIPEC_base/work" && (cd "$PIPEC_base/work" && rm -rf ..[!.]*) || exit 1
fi
if [ "${PIPEC_KEEP#*HOME}" = "$PIPEC_KEEP" ]; then export HOME="$PIPEC_base/home"; fi
if [ "${PIPEC_KEEP#*TMPDIR}" = "$PIPEC_KEEP" ]; then export TMPDIR="$PIPEC_base/tmp"; fi
if [ "${PIPEC_KEEP#*LC_ALL}" = "$PIPEC_KEEP" ]; then export LC_ALL=C.UTF-8; fi
if [ "${PIPEC_KEEP#*TZ}" = "$PIPEC_KEEP" ]; then export TZ=UTC; fi

for PIPEC_name in $PIPEC_DECODE; do
  eval "PIPEC_value=\$$PIPEC_name"
  case $PIPEC_value in
  null) unset "$PIPEC_name" ;;
  *)
    pipec_decode "$PIPEC_value"
    eval "$PIPEC_name=\$PIPEC_decoded"
    ;;
  esac
done
for PIPEC_pair in $PIPEC_OPTIONAL; do
  PIPEC_name=${PIPEC_pair%%=*}
  eval "PIPEC_value=\$$PIPEC_name"
  case $PIPEC_value in
  null) unset "$PIPEC_name" ;;
  *) eval "$PIPEC_name=\${PIPEC_pair#*=}" ;;
  esac
done
for PIPEC_pair in $PIPEC_LISTS; do
  PIPEC_name=${PIPEC_pair%%=*} PIPEC_path=${PIPEC_pair#*=}
  eval "PIPEC_count=\$$PIPEC_name"
  case $PIPEC_count in
  null) unset "$PIPEC_name" ;;
  *)
    if [ ! -d "$PIPEC_path" ] || [ ! -w "$PIPEC_path" ]; then PIPEC_path="$PIPEC_base/in/$PIPEC_name" && mkdir -p "$PIPEC_path"; fi
    PIPEC_counted=${PIPEC_count%% *}
    printf '%s\n' "$PIPEC_counted" >"$PIPEC_path/.count" || pipec_fail "the list $PIPEC_name can't be prepared"
    # The list may be the beginning of a longer one.
    while [ -e "$PIPEC_path/$PIPEC_counted" ]; do
      rm -rf "${PIPEC_path:?}/$PIPEC_counted"
      PIPEC_counted=$((PIPEC_counted + 1))
    done
    for PIPEC_level in $PIPEC_count; do
      case $PIPEC_level in
      *:*)
        mkdir -p "$PIPEC_path${PIPEC_level%%:*}" || exit 1
        printf '%s\n' "${PIPEC_level#*:}" >"$PIPEC_path${PIPEC_level%%:*}/.count" || exit 1
        ;;
      *!)
        PIPEC_level=$PIPEC_path${PIPEC_level%!}
        if [ -d "$PIPEC_level/.keys" ]; then mv "$PIPEC_level/.keys"/* "$PIPEC_level" && rmdir "$PIPEC_level/.keys" || exit 1; fi
        ;;
      *=*)
        # shellcheck disable=SC2046
        pipec_file "input $PIPEC_name" $(printf '%s' "${PIPEC_level#*=}" | base64 -d | pipec_bytes)
        PIPEC_level=$PIPEC_path${PIPEC_level%%=*}
        if [ -e "$PIPEC_level" ]; then
          mkdir -p "${PIPEC_level%/*}/.keys" && mv "$PIPEC_level" "${PIPEC_level%/*}/.keys/$PIPEC_file" || exit 1
        fi
        ;;
      esac
    done
    eval "$PIPEC_name=\$PIPEC_path"
    ;;
  esac
done

PIPEC_position=0
for PIPEC_argument in "$@"; do
  case " $PIPEC_ARGS " in
  *" $PIPEC_position "*)
    eval "PIPEC_value=\$PIPEC_ARG_$PIPEC_position"
    pipec_decode "$PIPEC_value"
    PIPEC_argument=$PIPEC_decoded
    unset "PIPEC_ARG_$PIPEC_position"
    ;;
  esac
  PIPEC_position=$((PIPEC_position + 1))
  shift
  set -- "$@" "$PIPEC_argument"
done

# Paths of the outputs.
PIPEC_declared=$PIPEC_OUTPUTS
while read -r PIPEC_name PIPEC_kind PIPEC_details; do
  [ -n "$PIPEC_name" ] || continue
  PIPEC_name=${PIPEC_name%\?}
  case $PIPEC_kind in
  file | dir) eval "export $PIPEC_name=\$PIPEC_base/out/\$PIPEC_name\${PIPEC_details}" ;;
  *) eval "export $PIPEC_name=\$PIPEC_base/out/\$PIPEC_name" ;;
  esac
done <<PIPEC
$PIPEC_declared
PIPEC

cd "$PIPEC_base/work" || exit 1
(
  unset PIPEC_BASE PIPEC_IDENTITY PIPEC_TASK PIPEC_DECODE PIPEC_OPTIONAL PIPEC_LISTS PIPEC_ARGS PIPEC_OUTPUTS PIPEC_FILES PIPEC_KEEP
  exec "$@"
) &
PIPEC_program=$!
trap 'kill -TERM $PIPEC_program 2>/dev/null' TERM INT
wait $PIPEC_program
PIPEC_status=$?
while kill -0 $PIPEC_program 2>/dev/null; do
  wait $PIPEC_program
  PIPEC_status=$?
done
trap - TERM INT
if [ $PIPEC_status -ne 0 ]; then
  printf 'pipec: task %s: the program ended with status %s\n' "$PIPEC_TASK" "$PIPEC_status" >&2
  { printf 'the program ended with status %s' "$PIPEC_status" >/dev/termination-log; } 2>/dev/null
  # The program's own 86 isn't ours.
  if [ $PIPEC_status -eq $PIPEC_contract ]; then exit 1; fi
  exit $PIPEC_status
fi

# The text that was written, without one newline at its end, in $PIPEC_text.
pipec_read() {
  PIPEC_text=$(cat "$1" && printf x) || pipec_fail "output $2 can't be read"
  PIPEC_text=${PIPEC_text%x}
  PIPEC_text=${PIPEC_text%
}
  if [ "$(tr -d '\000' <"$1" | wc -c)" -ne "$(wc -c <"$1")" ]; then pipec_fail "output $2 holds a NUL byte"; fi
}

# A value has at most 90000 bytes of canonical JSON. What is checked as JSON later may be written with more blanks.
pipec_size() { # NAME KIND
  PIPEC_bytes=$(printf '%s' "$PIPEC_text" | wc -c) PIPEC_limit=90000
  case $2 in
  text) PIPEC_limit=180000 ;;
  *)
    if [ "$PIPEC_bytes" -gt 14000 ]; then
      PIPEC_bytes=$((PIPEC_bytes + 2 + $(printf '%s' "$PIPEC_text" | tr -cd '"\\\b\f\n\r\t' | wc -c) + \
        5 * $(printf '%s' "$PIPEC_text" | tr -cd '\001-\007\013\016-\037<>&' | wc -c)))
    fi
    ;;
  esac
  if [ "$PIPEC_bytes" -gt $PIPEC_limit ]; then
    pipec_fail "output $1 has $PIPEC_bytes bytes of JSON, and a value may have 90000: make it a file"
  fi
}

pipec_wrong() { # NAME EXPECTED
  pipec_fail "output $1 must be $2, not \`$(printf '%s' "$PIPEC_text" | head -c 200)\`"
}

pipec_int() { # NAME MIN MAX
  PIPEC_digits=${PIPEC_text#-}
  case $PIPEC_digits in '' | *[!0-9]*) pipec_wrong "$1" "a whole number" ;; esac
  while [ "${PIPEC_digits#0}" != "$PIPEC_digits" ] && [ ${#PIPEC_digits} -gt 1 ]; do PIPEC_digits=${PIPEC_digits#0}; done
  if [ ${#PIPEC_digits} -gt 19 ] || ! [ "${PIPEC_text%"${PIPEC_text#-}"}$PIPEC_digits" -ge "${2:--9223372036854775808}" ] 2>/dev/null ||
    ! [ "${PIPEC_text%"${PIPEC_text#-}"}$PIPEC_digits" -le "${3:-9223372036854775807}" ] 2>/dev/null; then
    pipec_wrong "$1" "a whole number from ${2:--9223372036854775808} to ${3:-9223372036854775807}"
  fi
  case $PIPEC_text in
  -0*) [ "$PIPEC_digits" = 0 ] && PIPEC_text=0 || PIPEC_text=-$PIPEC_digits ;;
  -*) PIPEC_text=-$PIPEC_digits ;;
  *) PIPEC_text=$PIPEC_digits ;;
  esac
}

# The content of a directory as lines: what each entry is, its digest, its path.
pipec_tree() ( # DIRECTORY PREFIX
  for PIPEC_entry in "$1"/* "$1"/.[!.]* "$1"/..?*; do
    PIPEC_place=$2${PIPEC_entry##*/}
    if [ -L "$PIPEC_entry" ]; then
      printf 'link %s %s\n' "$(readlink "$PIPEC_entry" | sha256sum | cut -c1-64)" "$PIPEC_place"
    elif [ -d "$PIPEC_entry" ]; then
      pipec_tree "$PIPEC_entry" "$PIPEC_place/"
    elif [ -e "$PIPEC_entry" ]; then
      printf 'file %s %s\n' "$(sha256sum <"$PIPEC_entry" | cut -c1-64)" "$PIPEC_place"
    fi
  done
)

# What follows the key of an artifact, in $PIPEC_digest.
pipec_identity() { # PATH
  PIPEC_digest=
  if [ -n "$PIPEC_IDENTITY" ]; then
    if [ -d "$1" ]; then
      PIPEC_digest=$(LC_ALL=C && export LC_ALL && pipec_tree "$1" '' | sha256sum | cut -c1-64)
    else
      PIPEC_digest=$(sha256sum <"$1" | cut -c1-64)
    fi
    PIPEC_digest=$PIPEC_IDENTITY$PIPEC_digest
  fi
}

# The bytes of the key that the file name $1 stands for, in $PIPEC_key_bytes.
pipec_key_of() {
  PIPEC_key_bytes=
  # shellcheck disable=SC2046
  set -- $(printf '%s' "$1" | pipec_bytes)
  while [ $# -gt 0 ]; do
    PIPEC_byte=$1
    if [ "$1" = 25 ]; then
      if [ $# -lt 3 ]; then return 1; fi
      # shellcheck disable=SC2059
      PIPEC_byte=$(printf "\\$(printf '%03o' "0x$2")\\$(printf '%03o' "0x$3")" | tr A-F a-f)
      case $PIPEC_byte in *[!0-9a-f]*) return 1 ;; esac
      shift 2
    fi
    PIPEC_key_bytes="$PIPEC_key_bytes $PIPEC_byte"
    shift
  done
}

# The bytes of a key as a JSON string.
pipec_key_json() {
  printf '"'
  for PIPEC_byte in "$@"; do
    case $PIPEC_byte in
    22 | 5c) printf '%s' '\' ;;
    0? | 1? | 26 | 3c | 3e)
      printf '\\u00%s' "$PIPEC_byte"
      continue
      ;;
    esac
    # shellcheck disable=SC2059
    printf "\\$(printf '%03o' "0x$PIPEC_byte")"
  done
  printf '"'
}

# The items in a directory, a line each, in their order: where they go, and their names. Lists go by number, maps by key.
pipec_order() { # NAME DIRECTORY LAYOUT
  PIPEC_lines=$(cd "$2" && for PIPEC_item in *; do
    if [ ! -e "$PIPEC_item" ] && [ ! -L "$PIPEC_item" ]; then continue; fi
    case $PIPEC_item in *'
'*) pipec_fail "output $1: a file's name holds a line end" ;; esac
    case $3 in
    m*)
      pipec_key_of "$PIPEC_item" || pipec_fail "output $1: the file name $PIPEC_item is no key"
      printf '0 0 %s %s\n' "$(printf '%s' "$PIPEC_key_bytes" | tr -d ' ')" "$PIPEC_item"
      ;;
    *)
      case ${PIPEC_item%%.*} in
      '' | *[!0-9]*) printf '1 0 - %s\n' "$PIPEC_item" ;;
      *) printf '0 %s - %s\n' "${PIPEC_item%%.*}" "$PIPEC_item" ;;
      esac
      ;;
    esac
  done) || exit $?
  printf '%s\n' "$PIPEC_lines" | LC_ALL=C sort -k1,1n -k2,2n -k3,3 -k4
}

# Prints the keys of what a program wrote: of one artifact, or of lists (`l`) and maps (`m`) of them. Items get their places'
# names: 0, 1, … or those of their keys.
pipec_items() ( # NAME PATH KEY LAYOUT
  if [ -z "$4" ]; then
    pipec_identity "$2"
    printf '"%s"' "$3$PIPEC_digest"
    exit
  fi
  if [ ! -d "$2" ]; then pipec_fail "output $1 must be a directory with the items of a list or a map"; fi
  PIPEC_sorted=$(LC_ALL=C && export LC_ALL && pipec_order "$1" "$2" "$4") || exit $?
  PIPEC_index=0
  while read -r _ _ _ PIPEC_item; do
    if [ -z "$PIPEC_item" ]; then continue; fi
    mv -- "$2/$PIPEC_item" "$2/.pipec-$PIPEC_index" || exit 1
    PIPEC_index=$((PIPEC_index + 1))
  done <<PIPEC_ITEMS
$PIPEC_sorted
PIPEC_ITEMS
  PIPEC_index=0 PIPEC_before=
  case $4 in m*) printf '{' ;; *) printf '[' ;; esac
  while read -r _ _ PIPEC_hex PIPEC_item; do
    if [ -z "$PIPEC_item" ]; then continue; fi
    if [ $PIPEC_index -gt 0 ]; then printf ','; fi
    PIPEC_place=$PIPEC_index
    case $4 in
    m*)
      if [ "$PIPEC_hex" = "$PIPEC_before" ]; then pipec_fail "output $1: two files stand for one key"; fi
      PIPEC_before=$PIPEC_hex
      pipec_key_of "$PIPEC_item"
      # shellcheck disable=SC2086
      pipec_file "output $1" $PIPEC_key_bytes
      PIPEC_place=$PIPEC_file
      # shellcheck disable=SC2086
      pipec_key_json $PIPEC_key_bytes
      printf ':'
      ;;
    esac
    mv -- "$2/.pipec-$PIPEC_index" "$2/$PIPEC_place" || exit 1
    pipec_items "$1" "$2/$PIPEC_place" "$3/$PIPEC_place" "${4#?}" || exit $?
    PIPEC_index=$((PIPEC_index + 1))
  done <<PIPEC_ITEMS
$PIPEC_sorted
PIPEC_ITEMS
  case $4 in m*) printf '}' ;; *) printf ']' ;; esac
)

while read -r PIPEC_name PIPEC_kind PIPEC_details; do
  [ -n "$PIPEC_name" ] || continue
  PIPEC_may_be_missing=${PIPEC_name#"${PIPEC_name%\?}"} PIPEC_name=${PIPEC_name%\?}
  eval "PIPEC_path=\$$PIPEC_name PIPEC_key=\$PIPEC_KEY_$PIPEC_name"
  PIPEC_result=$PIPEC_base/result/$PIPEC_name
  if [ ! -e "$PIPEC_path" ]; then
    if [ -n "$PIPEC_may_be_missing" ]; then printf 'null' >"$PIPEC_result" && continue; fi
    PIPEC_hint=
    case $PIPEC_kind in file | dir | list) ;; *) PIPEC_hint=" (what it prints to standard output is no output)" ;; esac
    pipec_fail "output $PIPEC_name is missing: the program should have written \$$PIPEC_name$PIPEC_hint"
  fi
  case $PIPEC_kind in
  file)
    if [ ! -f "$PIPEC_path" ]; then pipec_fail "output $PIPEC_name must be a file"; fi
    pipec_identity "$PIPEC_path"
    if [ -n "$PIPEC_key" ]; then printf '%s' "$PIPEC_key$PIPEC_digest" >"$PIPEC_result"; fi
    continue
    ;;
  dir)
    if [ ! -d "$PIPEC_path" ]; then pipec_fail "output $PIPEC_name must be a directory"; fi
    pipec_identity "$PIPEC_path"
    if [ -n "$PIPEC_key" ]; then printf '%s' "$PIPEC_key$PIPEC_digest" >"$PIPEC_result"; fi
    continue
    ;;
  list)
    PIPEC_keys=$(pipec_items "$PIPEC_name" "$PIPEC_path" "$PIPEC_key" "$PIPEC_details") || exit $?
    case $PIPEC_details in
    *m*) printf '=%s' "$(printf '%s' "$PIPEC_keys" | base64 | tr -d '\n')" >"$PIPEC_result" ;;
    *) printf '%s' "$PIPEC_keys" >"$PIPEC_result" ;;
    esac
    continue
    ;;
  esac
  if [ ! -f "$PIPEC_path" ]; then pipec_fail "output $PIPEC_name must be written as text"; fi
  pipec_read "$PIPEC_path" "$PIPEC_name"
  pipec_size "$PIPEC_name" "$PIPEC_kind"
  if [ -n "$PIPEC_may_be_missing" ] && [ "$PIPEC_kind" != string ] && [ "$PIPEC_text" = null ]; then printf 'null' >"$PIPEC_result" && continue; fi
  case $PIPEC_kind in
  int)
    # shellcheck disable=SC2086
    pipec_int "$PIPEC_name" $PIPEC_details
    ;;
  bool) case $PIPEC_text in true | false) ;; *) pipec_wrong "$PIPEC_name" "true or false" ;; esac ;;
  enum)
    case $PIPEC_text in '' | *[[:space:]]*) pipec_wrong "$PIPEC_name" "one of: $PIPEC_details" ;; esac
    case " $PIPEC_details " in *" $PIPEC_text "*) ;; *) pipec_wrong "$PIPEC_name" "one of: $PIPEC_details" ;; esac
    ;;
  esac
  pipec_encode "$PIPEC_text"
  printf '%s' "$PIPEC_encoded" >"$PIPEC_result"
done <<PIPEC
$PIPEC_declared
PIPEC

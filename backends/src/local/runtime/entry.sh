# ---- the command line, and the run as a whole

die() {
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  exit 2
}

# need PROGRAM…
need() {
  local _program
  for _program in "$@"; do
    command -v "$_program" >/dev/null || die "this needs the program $_program, which is not on PATH"
  done
}

# main ARGUMENT…
main() {
  local _argument _name _status _text
  while (($#)); do
    _argument=$1
    shift
    case $_argument in
      -h | --help)
        usage
        exit 0
        ;;
      --json) AS_JSON=yes ;;
      -j | --jobs | --dir | --approve | --at | --id)
        (($#)) || die "$_argument needs a value"
        option "$_argument" "$1"
        shift
        ;;
      -j*) option -j "${_argument#-j}" ;;
      --*=*) option "${_argument%%=*}" "${_argument#*=}" ;;
      [a-z_]*=*)
        _name=${_argument%%=*}
        if [[ -z ${INPUTS_TAKEN[$_name]+known} ]]; then
          die "there is no input $_name; the inputs are: ${!INPUTS_TAKEN[*]}"
        elif [[ -n ${GIVEN[$_name]+given} ]]; then
          die "the input $_name is given twice"
        fi
        GIVEN[$_name]=${_argument#*=}
        ;;
      *) die "\"$_argument\" is not understood: inputs are written name=value; --help shows all" ;;
    esac
  done
  start_run
}

option() {
  case $1 in
    -j | --jobs)
      if ! [[ $2 =~ ^[1-9][0-9]{0,3}$ ]]; then die "$1 needs a number from 1 to 9999, not \"$2\""; fi
      JOBS=$2
      ;;
    --dir) RUN=$2 ;;
    --approve) APPROVED+=("$2") ;;
    --at) AT=$2 ;;
    --id)
      if ! [[ $2 =~ ^[A-Za-z0-9._-]{1,100}$ ]]; then die "--id takes letters, digits, dots and dashes"; fi
      RUN_ID=$2
      ;;
    *) die "there is no option $1; --help shows all" ;;
  esac
}

# The instant that the run is for, and its day in the time zone.
set_times() {
  local _second _zone=${ZONE:-UTC}
  if [[ -z $AT ]]; then
    _second=$(date +%s)
  elif [[ $AT =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2}))?$ ]]; then
    _second=$(TZ=$_zone date -d "$AT" +%s 2>/dev/null) || die "$AT is no instant: there is no such day or time"
  else
    die "--at takes an instant such as 2026-11-24T03:00:00Z, or a day such as 2026-11-24, not \"$AT\""
  fi
  if [[ $_zone != UTC && ! -e /usr/share/zoneinfo/$_zone ]]; then
    die "this machine does not know the time zone $_zone: install its time zone data (tzdata)"
  fi
  FACT[scheduled]=$(date -u -d "@$_second" +%Y-%m-%dT%H:%M:%SZ)
  FACT[day]=$(TZ=$_zone date -d "@$_second" +%Y-%m-%d)
}

start_run() {
  local _name _status _process
  : "${JOBS:=$(nproc)}"
  ENV_PROGRAM=$(type -P env) TIMEOUT_PROGRAM=$(type -P timeout)
  : "${RUN_ID:=$(date -u +%Y%m%d-%H%M%S-%3N)-$(printf %04x "$RANDOM")}"
  : "${RUN:=$CALLER/pipec-runs/$RUN_ID}"
  if [[ $RUN != /* ]]; then RUN=$CALLER/$RUN; fi
  set_times
  if [[ -e $RUN/.in || -e $RUN/.running ]]; then die "$RUN already holds a run: name another directory with --dir"; fi
  if ! mkdir -p "$RUN/.in" "$RUN/.running" "$RUN/.running-hooks" 2>/dev/null; then
    die "the run's directory $RUN can't be made: name another one with --dir"
  fi
  NODE=$RUN UNIT=$RUN SHARED=$RUN/.in
  take_inputs || exit 2
  if ! mkfifo "$RUN/.tokens" || ! exec {TOKENS}<>"$RUN/.tokens"; then
    die "a pipe can't be made in $RUN: name another directory with --dir"
  fi
  rm -f "$RUN/.tokens"
  printf "%${JOBS}s" '' >&"$TOKENS"
  trap 'interrupt 130' INT
  trap 'interrupt 143' TERM HUP
  say "run $RUN_ID of ${FACT[name]} in $RUN"
  {
    trap : INT TERM HUP
    run_entry
  } &
  _process=$!
  while :; do
    wait "$_process"
    _status=$?
    kill -0 "$_process" 2>/dev/null || break
    stop_steps
  done
  trap - INT TERM HUP
  if ((INTERRUPTED)); then
    say "the run was interrupted"
    exit "$INTERRUPTED"
  elif ((_status)); then
    say "the run failed; its logs are in $RUN"
    exit 1
  fi
  show_outputs
}

# The first interrupt ends all steps and lets hooks run, a second one ends these, too.
interrupt() {
  if ((INTERRUPTED)); then : >"$RUN/.killed"; fi
  INTERRUPTED=$1
  : >"$RUN/.cancelled"
  stop_steps
}

stop_steps() {
  local _file
  if [[ ! -e $RUN/.cancelled ]]; then return; fi
  for _file in "$RUN"/.running/*; do
    kill -TERM "${_file##*/}" 2>/dev/null
  done
  if [[ -e $RUN/.killed ]]; then
    for _file in "$RUN"/.running/* "$RUN"/.running-hooks/*; do
      kill -KILL -- "-${_file##*/}" 2>/dev/null
    done
  fi
}

# take NAME KIND OPTIONAL CHECK ARGUMENT…: an input from the command line; false where it was not given.
take() {
  local _value
  if [[ -z ${GIVEN[$1]+given} ]]; then return 1; fi
  if ! is_utf8 "${GIVEN[$1]}"; then
    MISMATCH="it isn't text in UTF-8"
  elif [[ $3 == or-null && ${GIVEN[$1]} == null ]]; then
    give "$1" ''
    return
  elif "$4" _value "${GIVEN[$1]}" "${@:5}"; then
    check_size "the input $1" "$_value" "$2" || exit 2
    give "$1" "${3:+=}$_value"
    return
  fi
  die "the input $1 is wrong: $MISMATCH"
}

# show NAME KIND VALUE: an output, for a person, or kept as a field of the JSON object.
show() {
  local _json _name
  if [[ -n $AS_JSON ]]; then
    json_string _name "$1"
    json_of _json "$2" "$3"
    OUTPUTS_SHOWN+=("$_name:$_json")
  else
    case $2 in
      *'?') printf '%s: %s\n' "$1" "$(if [[ -z $3 ]]; then printf null; else printf %s "${3#=}"; fi)" ;;
      *) printf '%s: %s\n' "$1" "$3" ;;
    esac
  fi
}

# show_json: the outputs as one object of canonical JSON, whose fields are sorted.
show_json() {
  local _fields _ordered
  mapfile -t _ordered < <(printf '%s\n' "${OUTPUTS_SHOWN[@]}" | sort)
  printf -v _fields ',%s' "${_ordered[@]}"
  printf '{%s}\n' "${_fields#,}"
}

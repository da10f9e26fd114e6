#!/usr/bin/env bash
# Runs p of ints on this machine; ./run.sh --help shows its inputs. Compiled by pipec: change the source instead.
# Needs bash 4.4 or newer, the GNU coreutils, jq, and what the steps' programs need.
# shellcheck disable=SC2016 # what stands in single quotes is meant as it is written

# What comes first is for every shell: one that can't read the rest is told so.
case ${BASH_VERSION-} in
  '' | [0-3].* | 4.[0-3].*)
    printf '%s: this needs bash 4.4 or newer, and runs in %s: start it as ./run.sh, or with bash\n' \
      "${0##*/}" "${BASH_VERSION:+bash }${BASH_VERSION:-another shell}" >&2
    exit 2
    ;;
esac
# As "sh", bash lacks what POSIX doesn't have.
set +o posix

# Bytes are bytes: texts are UTF-8, and bytes of UTF-8 sort by code point.
export LC_ALL=C
TZ=UTC
shopt -u patsub_replacement 2>/dev/null
set -u

HERE=$(cd "${BASH_SOURCE[0]%/*}" && pwd) || exit
CALLER=$PWD
RUN='' RUN_ID='' JOBS='' AT='' AS_JSON='' ZONE='' INTERRUPTED=0 CANCELLED_BY=.cancelled RUNNING=.running
STEP='' LOG='' MISMATCH='' OUTPUTS_SHOWN=() STOPS=() OPEN_FILES=() APPROVED=()
declare -A FACT=() GIVEN=() PATTERNS=() INPUTS_TAKEN=()

FACT[name]='p'
INPUTS_TAKEN=([a]=1 [b]=1)

usage() {
  cat <<'USAGE'
Runs p on this machine.

usage: run.sh [option…] [name=value…]

inputs:
  a: int
  b: int

options:
  -j N              at most N steps at a time (default: one for each core)
  --json            print the outputs as one JSON object
  --dir DIRECTORY   keep the run's logs and artifacts there (default: pipec-runs/ID)
  --approve STEP    answer yes to the approval STEP, or to all
  --at TIME         the instant that the run is for: 2026-11-24T03:00:00Z, or a day
  --id ID           the run's name (default: made of the time)

Lists, maps and records are given as JSON, paths relative to the working directory.
Exit status: 0 fine, 1 a step failed, 2 wrong usage, 130 interrupted.
USAGE
}

take_inputs() {
  if ! take a 'int' '' check_int; then
    die 'the input a (int) is missing: give it as a=…'
  fi
  if ! take b 'int' '' check_int; then
    die 'the input b (int) is missing: give it as b=…'
  fi
}

run_entry() {
  call_pipeline pipeline_p ''
}

show_outputs() {
  local sum difference product floor modulus negative size below same least text both float list maybe
  load sum "$RUN/.out/"sum || return
  load difference "$RUN/.out/"difference || return
  load product "$RUN/.out/"product || return
  load floor "$RUN/.out/"floor || return
  load modulus "$RUN/.out/"modulus || return
  load negative "$RUN/.out/"negative || return
  load size "$RUN/.out/"size || return
  load below "$RUN/.out/"below || return
  load same "$RUN/.out/"same || return
  load least "$RUN/.out/"least || return
  load text "$RUN/.out/"text || return
  load both "$RUN/.out/"both || return
  load float "$RUN/.out/"float || return
  load list "$RUN/.out/"list || return
  load maybe "$RUN/.out/"maybe || return
  show sum 'int' "$sum"
  show difference 'int' "$difference"
  show product 'int' "$product"
  show floor 'int' "$floor"
  show modulus 'int' "$modulus"
  show negative 'int' "$negative"
  show size 'int' "$size"
  show below 'plain' "$below"
  show same 'plain' "$same"
  show least 'int' "$least"
  show text 'text' "$text"
  show both 'plain' "$both"
  show float 'plain' "$float"
  show list 'json' "$list"
  show maybe 'int?' "$maybe"
  if [[ -n $AS_JSON ]]; then show_json; fi
}

pipeline_p() {
  p_value
}

p_value() {
  local a b sum difference product quotient remainder negative size ordered equal extreme ordered_2 both quotient_2 ordered_3 float json json_2
  input a a || return
  input b b || return
  int_add sum "$a" "$b" 'flow.pipe:4:3' || return
  unit_output sum "$sum" 'int' || return
  int_subtract difference "$a" "$b" 'flow.pipe:5:3' || return
  unit_output difference "$difference" 'int' || return
  int_multiply product "$a" "$b" 'flow.pipe:6:3' || return
  unit_output product "$product" 'int' || return
  int_div quotient "$a" "$b" 'flow.pipe:7:3' || return
  unit_output floor "$quotient" 'int' || return
  int_mod remainder "$a" "$b" 'flow.pipe:8:3' || return
  unit_output modulus "$remainder" 'int' || return
  int_negate negative "$a" 'flow.pipe:9:3' || return
  unit_output negative "$negative" 'int' || return
  int_absolute size "$a" 'flow.pipe:10:3' || return
  unit_output size "$size" 'int' || return
  int_compare ordered "$a" '<' "$b" || return
  unit_output below "$ordered" 'plain' || return
  text_compare equal "$a" '==' "$b" || return
  unit_output same "$equal" 'plain' || return
  extreme extreme int_compare '<' "$a" "$b" || return
  unit_output least "$extreme" 'int' || return
  unit_output text 'a is '"$a"', b is '"$b" 'text' || return
  int_compare ordered_2 "$a" '>' '0' || return
  both="$ordered_2"
  if [[ $both == true ]]; then
    int_div quotient_2 '10' "$a" 'flow.pipe:20:3' || return
    int_compare ordered_3 "$quotient_2" '>' "$b" || return
    both="$ordered_3"
  fi
  unit_output both "$both" 'plain' || return
  int_as_float float "$a" || return
  unit_output float "$float" 'plain' || return
  json_of json 'int' "$a" || return
  json_of json_2 'int' "$b" || return
  unit_output list '['"$json"','"$json_2"']' 'json' || return
  unit_output maybe '='"$a" 'int?' || return
}

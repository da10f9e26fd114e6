#!/usr/bin/env bash
# Runs amounts of amounts on this machine; ./run.sh --help shows its inputs. Compiled by pipec: change the source instead.
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

FACT[name]='amounts'
INPUTS_TAKEN=([code]=1 [wait]=1 [mem]=1 [cores]=1 [kill]=1)

usage() {
  cat <<'USAGE'
Runs amounts on this machine.

usage: run.sh [option…] [name=value…]

inputs:
  code: int, has a default
  wait: duration, has a default
  mem: quantity, has a default
  cores: quantity, has a default
  kill: bool, has a default

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
  if ! take code 'int' '' check_int; then
    give code '0' || return
  fi
  if ! take wait 'text' '' check_duration; then
    give wait '5s' || return
  fi
  if ! take mem 'text' '' check_quantity; then
    give mem '1.5Ki' || return
  fi
  if ! take cores 'text' '' check_quantity; then
    give cores '500m' || return
  fi
  if ! take kill 'plain' '' check_bool; then
    give kill 'false' || return
  fi
}

run_entry() {
  call_pipeline pipeline_amounts ''
}

show_outputs() {
  local out
  load out "$RUN/.value" || return
  show out 'text' "$out"
  if [[ -n $AS_JSON ]]; then show_json; fi
}

# signalled, amounts.pipe:10:6
task_signalled() {
  TASK='signalled'
  begin_step
  output out ''
  attempts bash "$HERE/programs/signalled.bash" || return
  collect_value '' out 'text' '' check_string || return
}

# step, amounts.pipe:1:6
task_step() {
  local code wait mem cores
  argument code code || return
  argument wait wait || return
  argument mem mem || return
  argument cores cores || return
  TASK='step'
  begin_step
  variable code "$code"
  variable wait "$wait"
  variable mem "$mem"
  variable cores "$cores"
  output out ''
  amount_of cpu "$cores" cores 'amounts.pipe:3:34' || return
  amount_of memory "$mem" bytes 'amounts.pipe:3:24' || return
  timeout_of "$wait" 'amounts.pipe:2:12' || return
  attempts bash "$HERE/programs/step.bash" || return
  collect_value '' out 'text' '' check_string || return
}

# amounts, amounts.pipe:16:10
pipeline_amounts() {
  begin_unit
  node out amounts_out
  run_nodes || return
  amounts_value
}

amounts_value() {
  local out
  value_of out out || return
  unit_result "$out" 'text'
}

amounts_out() {
  local kill code wait mem cores
  input kill kill || return
  input code code || return
  input wait wait || return
  input mem mem || return
  input cores cores || return
  if [[ "$kill" == true ]]; then
    run_unit amounts_out_then "$NODE" "$NODE/.in" "$STEP" || return
  else
    give code "$code" || return
    give wait "$wait" || return
    give mem "$mem" || return
    give cores "$cores" || return
    run_unit amounts_out_else "$NODE" "$NODE/.in" "$STEP" || return
  fi
}

amounts_out_then() {
  begin_unit
  node signalled amounts_out_then_signalled
  run_nodes || return
  amounts_out_then_value
}

amounts_out_then_value() {
  local signalled
  value_of signalled signalled || return
  unit_result "$signalled" 'text'
}

amounts_out_then_signalled() {
  task_signalled
}

amounts_out_else() {
  begin_unit
  node step amounts_out_else_step
  run_nodes || return
  amounts_out_else_value
}

amounts_out_else_value() {
  local step
  value_of step step || return
  unit_result "$step" 'text'
}

amounts_out_else_step() {
  local code wait mem cores
  input code code || return
  input wait wait || return
  input mem mem || return
  input cores cores || return
  give code "$code" || return
  give wait "$wait" || return
  give mem "$mem" || return
  give cores "$cores" || return
  task_step
}

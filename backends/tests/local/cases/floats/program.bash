#!/usr/bin/env bash
# Runs p of floats on this machine; ./run.sh --help shows its inputs. Compiled by pipec: change the source instead.
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
INPUTS_TAKEN=([x]=1 [y]=1)

usage() {
  cat <<'USAGE'
Runs p on this machine.

usage: run.sh [option…] [name=value…]

inputs:
  x: float
  y: float

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
  if ! take x 'plain' '' check_float; then
    die 'the input x (float) is missing: give it as x=…'
  fi
  if ! take y 'plain' '' check_float; then
    die 'the input y (float) is missing: give it as y=…'
  fi
}

run_entry() {
  call_pipeline pipeline_p ''
}

show_outputs() {
  local sum quotient rounded below total text greatest most
  load sum "$RUN/.out/"sum || return
  load quotient "$RUN/.out/"quotient || return
  load rounded "$RUN/.out/"rounded || return
  load below "$RUN/.out/"below || return
  load total "$RUN/.out/"total || return
  load text "$RUN/.out/"text || return
  load greatest "$RUN/.out/"greatest || return
  load most "$RUN/.out/"most || return
  show sum 'plain' "$sum"
  show quotient 'plain' "$quotient"
  show rounded 'int' "$rounded"
  show below 'plain' "$below"
  show total 'plain' "$total"
  show text 'text' "$text"
  show greatest 'plain' "$greatest"
  show most 'plain?' "$most"
  if [[ -n $AS_JSON ]]; then show_json; fi
}

pipeline_p() {
  p_value
}

p_value() {
  local x y sum quotient whole ordered total extreme extreme_2
  input x x || return
  input y y || return
  float sum plus 'flow.pipe:3:3' "$x" "$y" || return
  unit_output sum "$sum" 'plain' || return
  float quotient divided 'flow.pipe:4:3' "$x" "$y" || return
  unit_output quotient "$quotient" 'plain' || return
  round_float whole "$x" 'flow.pipe:5:3' || return
  unit_output rounded "$whole" 'int' || return
  float_compare ordered "$x" '<' "$y" || return
  unit_output below "$ordered" 'plain' || return
  float total '.[0] | float_sum' 'flow.pipe:8:3' '['"$x"','"$y"','"$x"']' || return
  unit_output total "$total" 'plain' || return
  unit_output text "$x" 'text' || return
  extreme extreme float_compare '>' "$x" "$y" || return
  unit_output greatest "$extreme" 'plain' || return
  query extreme_2 '['"$x"','"$y"']' 'plain?' 'max' || return
  unit_output most "$extreme_2" 'plain?' || return
}

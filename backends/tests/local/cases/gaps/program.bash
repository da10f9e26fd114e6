#!/usr/bin/env bash
# Runs gaps of gaps on this machine; ./run.sh --help shows its inputs. Compiled by pipec: change the source instead.
# Needs bash 4.4 or newer, the GNU coreutils, jq, python3, and what the steps' programs need.
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

FACT[name]='gaps'
INPUTS_TAKEN=([how]=1)

usage() {
  cat <<'USAGE'
Runs gaps on this machine.

usage: run.sh [option…] [name=value…]

inputs:
  how: string, has a default

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
  if ! take how 'text' '' check_string; then
    give how 'fine' || return
  fi
}

run_entry() {
  call_pipeline pipeline_gaps ''
}

show_outputs() {
  local n seen listed crashed
  load n "$RUN/.out/"n || return
  load seen "$RUN/.out/"seen || return
  load listed "$RUN/.out/"listed || return
  load crashed "$RUN/.out/"crashed || return
  show n 'int' "$n"
  show seen 'text' "$seen"
  show listed 'text' "$listed"
  show crashed 'int?' "$crashed"
  if [[ -n $AS_JSON ]]; then show_json; fi
}

# make, gaps.pipe:3:6
task_make() {
  local needed
  argument needed needed || return
  TASK='make'
  begin_step
  variable needed "$needed"
  output f ''
  attempts bash "$HERE/programs/make.bash" || return
  collect_artifact f f '' 'file?' || return
}

# count, gaps.pipe:9:6
task_count() {
  local m nested samples samples_values samples_reads whole
  argument m m || return
  argument nested nested || return
  argument samples samples || return
  argument whole whole || return
  TASK='count'
  begin_step
  input_files m "$m" || return
  input_files nested "$nested" || return
  query samples_values "$samples" 'json' 'map({"id": .["id"]})' || return
  variable samples "$samples_values"
  query samples_reads "$samples" 'json' 'map(.["reads"])' || return
  input_files samples_reads "$samples_reads" || return
  input_files whole "$whole" || return
  output n ''
  output seen ''
  IS_PYTHON=yes
  attempts python3 "$HERE/lib/prelude.py" "$HERE/programs/count.json" "$INPUTS" "$OUTPUTS/.ended" || return
  collect_value n n 'int' '' check_int || return
  collect_value seen seen 'text' '' check_string || return
}

# crash, gaps.pipe:27:6
task_crash() {
  local how
  argument how how || return
  TASK='crash'
  begin_step
  variable how "$how"
  output n ''
  output f '.txt'
  IS_PYTHON=yes
  attempts python3 "$HERE/lib/prelude.py" "$HERE/programs/crash.json" "$INPUTS" "$OUTPUTS/.ended" || return
  collect_value n n 'int' '' check_int || return
  collect_artifact f f '.txt' 'file' || return
}

# listed, gaps.pipe:21:6
task_listed() {
  local m
  argument m m || return
  TASK='listed'
  begin_step
  input_files m "$m" || return
  output out ''
  attempts bash "$HERE/programs/listed.bash" || return
  collect_value '' out 'text' '' check_string || return
}

# gaps, gaps.pipe:41:10
pipeline_gaps() {
  begin_unit
  node make gaps_make
  node make-2 gaps_make_2
  node m gaps_m make make-2
  node c gaps_c m make-2 make
  node crashed gaps_crashed
  node listed gaps_listed m
  run_nodes || return
  gaps_value
}

gaps_value() {
  local c_n c_seen listed crashed
  output_of c_n c n || return
  output_of c_seen c seen || return
  value_of listed listed || return
  value_of crashed crashed || return
  unit_output n "$c_n" 'int' || return
  unit_output seen "$c_seen" 'text' || return
  unit_output listed "$listed" 'text' || return
  unit_output crashed "$crashed" 'int?' || return
}

gaps_make() {
  give needed 'true' || return
  task_make
}

gaps_make_2() {
  give needed 'false' || return
  task_make
}

gaps_m() {
  local make_f json make_2_f json_2 json_3 json_4
  output_of make_f make f || return
  output_of make_2_f make-2 f || return
  json_of json 'text?' "$make_f" || return
  json_of json_2 'text?' "$make_2_f" || return
  json_of json_3 'text?' "$make_f" || return
  json_of json_4 'text?' "$make_2_f" || return
  result '{''".c":'"$json_4"',''"a":'"$json_2"',''"b":'"$json_3"',''"é":'"$json"'}' 'none'
}

gaps_c() {
  local m make_2_f json make_f json_2
  value_of m m || return
  output_of make_2_f make-2 f || return
  output_of make_f make f || return
  give m "$m" || return
  json_of json 'text?' "$make_2_f" || return
  json_of json_2 'text?' "$make_f" || return
  give nested '{''"k":''['"$json"','"$json_2"']'',''"z":''[]''}' || return
  give samples '[''{''"id":''"s"'',''"reads":'"$m"'}'',''{"id":"t","reads":{}}'']' 'map({"id": .["id"]})' || return
  give whole '{}' || return
  task_count
}

gaps_crashed() {
  local how equal
  input how how || return
  text_compare equal "$how" '==' 'fine' || return
  if [[ "$equal" == true ]]; then
    run_unit gaps_crashed_then "$NODE" "$NODE/.in" "$STEP" || return
  else
    give how "$how" || return
    run_unit gaps_crashed_else "$NODE" "$NODE/.in" "$STEP" || return
  fi
}

gaps_crashed_then() {
  gaps_crashed_then_value
}

gaps_crashed_then_value() {
  unit_result '' 'int?'
}

gaps_crashed_else() {
  begin_unit
  node crash gaps_crashed_else_crash
  run_nodes || return
  gaps_crashed_else_value
}

gaps_crashed_else_value() {
  local crash_n
  output_of crash_n crash n || return
  unit_result '='"$crash_n" 'int?'
}

gaps_crashed_else_crash() {
  local how
  input how how || return
  give how "$how" || return
  task_crash
}

gaps_listed() {
  local m
  value_of m m || return
  give m "$m" || return
  task_listed
}

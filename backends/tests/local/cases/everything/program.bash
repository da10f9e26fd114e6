#!/usr/bin/env bash
# Runs p of everything on this machine; ./run.sh --help shows its inputs. Compiled by pipec: change the source instead.
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

FACT[name]='p'
INPUTS_TAKEN=([data]=1 [loss]=1 [wait]=1)

usage() {
  cat <<'USAGE'
Runs p on this machine.

usage: run.sh [option…] [name=value…]

inputs:
  data: file<csv>
  loss: Loss, has a default
  wait: duration, has a default

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
  if ! take data 'none' '' check_artifact file; then
    die 'the input data (file<csv>) is missing: give it as data=…'
  fi
  if ! take loss 'text' '' check_name 'logistic' 'Hinge Loss'; then
    give loss 'Hinge Loss' || return
  fi
  if ! take wait 'text' '' check_duration; then
    give wait '120s' || return
  fi
}

run_entry() {
  call_pipeline pipeline_p p_hooks
}

show_outputs() {
  local cat total report info text later boom copy parts picked chosen sub state samples
  load cat "$RUN/.out/"cat || return
  load total "$RUN/.out/"total || return
  load report "$RUN/.out/"report || return
  load info "$RUN/.out/"info || return
  load text "$RUN/.out/"text || return
  load later "$RUN/.out/"later || return
  load boom "$RUN/.out/"boom || return
  load copy "$RUN/.out/"copy || return
  load parts "$RUN/.out/"parts || return
  load picked "$RUN/.out/"picked || return
  load chosen "$RUN/.out/"chosen || return
  load sub "$RUN/.out/"sub || return
  load state "$RUN/.out/"state || return
  load samples "$RUN/.out/"samples || return
  show cat 'text' "$cat"
  show total 'int' "$total"
  show report 'text' "$report"
  show info 'json' "$info"
  show text 'text' "$text"
  show later 'text' "$later"
  show boom 'int?' "$boom"
  show copy 'text' "$copy"
  show parts 'json' "$parts"
  show picked 'text' "$picked"
  show chosen 'text?' "$chosen"
  show sub 'int' "$sub"
  show state 'int' "$state"
  show samples 'json' "$samples"
  if [[ -n $AS_JSON ]]; then show_json; fi
}

# make, flow.pipe:10:1
task_make() {
  local n data
  argument n n || return
  argument data data || return
  TASK='make'
  begin_step
  FILES='make'
  variable n "$n"
  input_file data '.csv' "$data" || return
  output rows '.csv'
  output size ''
  output parts ''
  output by_key ''
  output folder ''
  output maybe ''
  attempts bash "$HERE/programs/make.bash" || return
  collect_artifact rows rows '.csv' 'file' || return
  collect_value size size 'int' '' check_int || return
  collect_artifact parts parts '' '[file]' || return
  collect_artifact by_key by_key '' '{file}' || return
  collect_artifact folder folder '' 'dir' || return
  collect_artifact maybe maybe '' 'file?' || return
}

# cat, flow.pipe:10:1
task_cat() {
  local parts by_key folder maybe sample sample_values sample_id sample_reads samples samples_values samples_reads secret
  argument parts parts || return
  argument by_key by_key || return
  argument folder folder || return
  argument maybe maybe || return
  argument sample sample || return
  argument samples samples || return
  TASK='cat'
  begin_step
  input_files parts "$parts" || return
  input_files by_key "$by_key" || return
  input_file folder '' "$folder" || return
  if [[ -n "$maybe" ]]; then
    input_file maybe '' "${maybe#=}" || return
  fi
  query sample_values "$sample" 'json' '{"id": .["id"]}' || return
  variable sample "$sample_values"
  query sample_id "$sample" 'text' '.["id"]' || return
  variable sample_id "$sample_id"
  query sample_reads "$sample" 'json' '.["reads"]' || return
  input_files sample_reads "$sample_reads" || return
  query samples_values "$samples" 'json' 'map({"id": .["id"]})' || return
  variable samples "$samples_values"
  query samples_reads "$samples" 'json' 'map(.["reads"])' || return
  input_files samples_reads "$samples_reads" || return
  output out ''
  secret_value secret PIPEC_SECRET_OPENAI_TOKEN || return
  variable TOKEN "$secret"
  SPECIAL+=('UID=''7')
  variable LABEL 'n-''x'
  attempts bash "$HERE/programs/cat.bash" || return
  collect_value '' out 'text' '' check_string || return
}

# py, flow.pipe:10:1
task_py() {
  local count rate wait names loss p p_depth p_rate data maybe samples samples_values samples_reads big
  argument count count || return
  argument rate rate || return
  argument wait wait || return
  argument names names || return
  argument loss loss || return
  argument p p || return
  argument data data || return
  argument maybe maybe || return
  argument samples samples || return
  argument big big || return
  TASK='py'
  begin_step
  variable count "$count"
  variable rate "$rate"
  variable wait "$wait"
  variable names "$names"
  variable loss "$loss"
  variable p "$p"
  query p_depth "$p" 'int' '.["depth"]' || return
  variable p_depth "$p_depth"
  query p_rate "$p" 'plain' '.["rate"]' || return
  variable p_rate "$p_rate"
  input_file data '.csv' "$data" || return
  if [[ -n "$maybe" ]]; then
    variable maybe "${maybe#=}"
  fi
  query samples_values "$samples" 'json' 'map({"id": .["id"]})' || return
  variable samples "$samples_values"
  query samples_reads "$samples" 'json' 'map(.["reads"])' || return
  input_files samples_reads "$samples_reads" || return
  variable big "$big"
  output total ''
  output report '.txt'
  output info ''
  output text ''
  output later ''
  IS_PYTHON=yes
  attempts python3 "$HERE/lib/prelude.py" "$HERE/programs/py.json" "$INPUTS" "$OUTPUTS/.ended" || return
  collect_value total total 'int' '' check_int || return
  collect_artifact report report '.txt' 'file' || return
  collect_value info info 'json' '' check_json '{"name":"Params","type":"record"}' || return
  collect_value text text 'text' '' check_string || return
  collect_value later later 'text' '' check_duration || return
}

# boom, flow.pipe:10:1
task_boom() {
  TASK='boom'
  begin_step
  output out ''
  IS_PYTHON=yes
  attempts python3 "$HERE/lib/prelude.py" "$HERE/programs/boom.json" "$INPUTS" "$OUTPUTS/.ended" || return
  collect_value '' out 'int' '' check_int || return
}

# argv, flow.pipe:10:1
task_argv() {
  local text data
  argument text text || return
  argument data data || return
  TASK='argv'
  begin_step
  variable text "$text"
  input_file data '.csv' "$data" || return
  output copy '.csv'
  attempts 'cp' "$INPUTS/"'data.csv' "$OUTPUTS/"'copy.csv' || return
  collect_artifact copy copy '.csv' 'file' || return
}

# note, flow.pipe:10:1
task_note() {
  local text
  argument text text || return
  TASK='note'
  begin_step
  variable text "$text"
  attempts bash "$HERE/programs/note.bash" || return
}

pipeline_sub() {
  begin_unit
  node twice sub_twice
  run_nodes || return
  sub_value
}

sub_value() {
  local twice
  value_of twice twice || return
  unit_result "$twice" 'int'
}

sub_twice() {
  local n sum
  input n n || return
  int_add sum "$n" "$n" 'flow.pipe:11:3' || return
  result "$sum" 'int'
}

sub_hooks() {
  run_hook on-exit-1 sub_on_exit
}

sub_on_exit() {
  local n
  input n n || return
  give n "$n" || return
  give status "${FACT[status]}" || return
  run_unit sub_on_exit_unit "$NODE" "$NODE/.in" "$STEP" || return
}

sub_on_exit_unit() {
  begin_unit
  node text sub_on_exit_unit_text
  node note sub_on_exit_unit_note text
  run_nodes
}

sub_on_exit_unit_text() {
  local n status
  input n n || return
  input status status || return
  result 'sub '"$n"' '"$status" 'text'
}

sub_on_exit_unit_note() {
  local text
  value_of text text || return
  give text "$text" || return
  task_note
}

pipeline_p() {
  begin_unit
  node make p_make
  node sample p_sample make
  node samples p_samples sample
  node cat p_cat make sample samples
  node py p_py samples
  node boom p_boom
  node argv p_argv boom make
  node picked p_picked make
  node chosen p_chosen make
  node sub p_sub make
  node state p_state make
  node rest p_rest
  node ok p_ok rest
  run_nodes || return
  p_value
}

p_value() {
  local cat py_total py_report py_info py_text py_later boom argv_copy make_parts picked chosen sub state samples
  value_of cat cat || return
  output_of py_total py total || return
  output_of py_report py report || return
  output_of py_info py info || return
  output_of py_text py text || return
  output_of py_later py later || return
  value_of boom boom || return
  output_of argv_copy argv copy || return
  output_of make_parts make parts || return
  value_of picked picked || return
  value_of chosen chosen || return
  value_of sub sub || return
  value_of state state || return
  value_of samples samples || return
  unit_output cat "$cat" 'text' || return
  unit_output total "$py_total" 'int' || return
  unit_output report "$py_report" 'none' || return
  unit_output info "$py_info" 'json' || return
  unit_output text "$py_text" 'text' || return
  unit_output later "$py_later" 'text' || return
  unit_output boom "$boom" 'int?' || return
  unit_output copy "$argv_copy" 'none' || return
  unit_output parts "$make_parts" 'none' || return
  unit_output picked "$picked" 'text' || return
  unit_output chosen "$chosen" 'text?' || return
  unit_output sub "$sub" 'int' || return
  unit_output state "$state" 'int' || return
  unit_output samples "$samples" 'map({"id": .["id"]})' || return
}

p_make() {
  local data
  input data data || return
  give n '3' || return
  give data "$data" || return
  task_make
}

p_sample() {
  local make_parts
  output_of make_parts make parts || return
  result '{''"id":''"s\u003c1\u003e"'',''"reads":'"$make_parts"'}' '{"id": .["id"]}'
}

p_samples() {
  local sample
  value_of sample sample || return
  result '['"$sample"','"$sample"']' 'map({"id": .["id"]})'
}

p_cat() {
  local make_parts make_by_key make_folder make_maybe sample samples
  output_of make_parts make parts || return
  output_of make_by_key make by_key || return
  output_of make_folder make folder || return
  output_of make_maybe make maybe || return
  value_of sample sample || return
  value_of samples samples || return
  give parts "$make_parts" || return
  give by_key "$make_by_key" || return
  give folder "$make_folder" || return
  give maybe "$make_maybe" || return
  give sample "$sample" || return
  give samples "$samples" || return
  task_cat
}

p_py() {
  local wait loss samples
  input wait wait || return
  input loss loss || return
  value_of samples samples || return
  give count '2' || return
  give rate '0.5' || return
  give wait "$wait" || return
  give names '["a","b"]' || return
  give loss "$loss" || return
  give p '{"depth":3,"rate":1}' || return
  give data "$HERE/artifacts/"'5be08c9684a1/in put.csv' || return
  give maybe '' || return
  give samples "$samples" || return
  give big '["9007199254740993"]' || return
  task_py
}

p_boom() {
  local succeeded kept
  try_unit succeeded p_boom_try || return
  if [[ $succeeded == true ]]; then
    load kept "$NODE/.value" || return
    result '='"$kept" none
  else
    result '' none
  fi
}

p_boom_try() {
  begin_unit
  node boom p_boom_try_boom
  run_nodes || return
  p_boom_try_value
}

p_boom_try_value() {
  local boom
  value_of boom boom || return
  unit_result "$boom" 'int'
}

p_boom_try_boom() {
  task_boom
}

p_argv() {
  local make_rows
  output_of make_rows make rows || return
  give text '-n' || return
  give data "$make_rows" || return
  task_argv
}

p_picked() {
  local loss make_size
  input loss loss || return
  output_of make_size make size || return
  case "$loss" in
    'logistic')
      run_unit p_picked_logistic "$NODE" "$NODE/.in" "$STEP" || return
      ;;
    'Hinge Loss')
      give size "$make_size" || return
      run_unit p_picked_hinge "$NODE" "$NODE/.in" "$STEP" || return
      ;;
  esac
}

p_picked_logistic() {
  p_picked_logistic_value
}

p_picked_logistic_value() {
  unit_result 'first' 'text'
}

p_picked_hinge() {
  begin_unit
  node t p_picked_hinge_t
  run_nodes || return
  p_picked_hinge_value
}

p_picked_hinge_value() {
  local t
  value_of t t || return
  unit_result "$t" 'text'
}

p_picked_hinge_t() {
  local size
  input size size || return
  result 'size '"$size" 'text'
}

p_chosen() {
  local make_size ordered
  output_of make_size make size || return
  int_compare ordered "$make_size" '>' '1000' || return
  if [[ "$ordered" == true ]]; then
    run_unit p_chosen_then "$NODE" "$NODE/.in" "$STEP" || return
  else
    result '' none
  fi
}

p_chosen_then() {
  begin_unit
  node t p_chosen_then_t
  run_nodes || return
  p_chosen_then_value
}

p_chosen_then_value() {
  local t
  value_of t t || return
  unit_result '='"$t" 'text?'
}

p_chosen_then_t() {
  result 'big' 'text'
}

p_sub() {
  local make_size
  output_of make_size make size || return
  give n "$make_size" || return
  call_pipeline pipeline_sub sub_hooks
}

p_state() {
  local s make_size ordered
  output_of make_size make size || return
  s='1'
  give by "$make_size" || return
  for ROUND in {1..20}; do
    run_round p_state_round s "$s" || return
    load s "$NODE/$ROUND/.value" || return
    int_compare ordered "$s" '>' '1000' || return
    if [[ "$ordered" == true ]]; then break; fi
  done
  result "$s" 'int'
}

p_state_round() {
  begin_unit
  node next p_state_round_next
  run_nodes || return
  p_state_round_value
}

p_state_round_value() {
  local next
  value_of next next || return
  unit_result "$next" 'int'
}

p_state_round_next() {
  local s by product
  input s s || return
  input by by || return
  int_multiply product "$s" "$by" 'flow.pipe:69:3' || return
  result "$product" 'int'
}

p_rest() {
  local vtime
  milliseconds vtime '20ms' || return
  pause "$vtime"
}

p_ok() {
  local succeeded
  try_unit succeeded p_ok_try || return
  result "$succeeded" plain
}

p_ok_try() {
  begin_unit
  node gate p_ok_try_gate
  run_nodes
}

p_ok_try_gate() {
  local limit
  milliseconds limit '1s' || return
  approve 'Go?' "$limit" 'flow.pipe:20:3'
}

p_hooks() {
  if [[ ${FACT[status]} == succeeded ]]; then run_hook on-success-1 p_on_success; fi
}

p_on_success() {
  local wait
  input wait wait || return
  give w "$wait" || return
  run_unit p_on_success_unit "$NODE" "$NODE/.in" "$STEP" || return
}

p_on_success_unit() {
  begin_unit
  node text p_on_success_unit_text
  node note p_on_success_unit_note text
  run_nodes
}

p_on_success_unit_text() {
  local w
  input w w || return
  result 'fine '"$w" 'text'
}

p_on_success_unit_note() {
  local text
  value_of text text || return
  give text "$text" || return
  task_note
}

# ---- steps: one program at a time in a directory of its own

# argument VARIABLE NAME: an input of this node's task.
argument() {
  load "$1" "$NODE/.in/$2"
}

# Each step starts from nothing but this, and adds its inputs and outputs.
begin_step() {
  WORK=$NODE/work OUTPUTS=$NODE/outputs INPUTS=$NODE/inputs
  ENVIRONMENT=() SPECIAL=() FILES='' TIMEOUT=0 IS_PYTHON=''
  RETRIES=0 BACKOFF=0 FACTOR=1 MOST_BACKOFF=0 RETRY_STATUSES=' '
  rm -rf "$INPUTS"
  mkdir -p "$INPUTS"
}

# variable NAME TEXT: an environment variable of the program.
variable() {
  ENVIRONMENT+=("$1=$2")
}

# input_file NAME EXTENSION PATH: a link with the declared extension.
input_file() {
  ln -s "$3" "$INPUTS/$1$2" && variable "$1" "$INPUTS/$1$2"
}

# input_files NAME JSON: a list or map of artifacts as a directory of links.
input_files() {
  local _parts _index
  mapfile -d '' _parts < <(printf %s "$2" | jq -j -L "$HERE/lib" --arg path "$INPUTS/$1" --arg absent "$INPUTS/.absent/$1" \
    'include "values"; try (layout($path; $absent) | ., "\u0000") catch ("fault\u0000" + .)')
  for ((_index = 0; _index < ${#_parts[@]}; _index += 3)); do
    case ${_parts[_index]} in
      link) ln -s "${_parts[_index + 2]}" "${_parts[_index + 1]}" || return ;;
      count) mkdir -p "${_parts[_index + 1]}" && printf '%s\n' "${_parts[_index + 2]}" >"${_parts[_index + 1]}/.count" || return ;;
      absent) mkdir -p "${_parts[_index + 1]}" && printf %s "${_parts[_index + 2]}" >"${_parts[_index + 1]}/.names" || return ;;
      *)
        fail "input $1: ${_parts[_index + 1]#$'\x01'}"
        return
        ;;
    esac
  done
  variable "$1" "$INPUTS/$1"
}

# timeout_of DURATION PLACE
timeout_of() {
  milliseconds TIMEOUT "$1"
  if ((TIMEOUT <= 0)); then fault "$2" 'timeout is not above zero'; fi
}

# amount_of SETTING QUANTITY UNIT PLACE: bytes come in whole numbers; no amount is negative.
amount_of() {
  local _json _amount
  if [[ $2 == -* ]]; then
    fault "$4" "$1 is $2, and can not be negative"
    return
  fi
  json_string _json "$2"
  query _amount "$_json" text amount || return
  if [[ $3 == bytes && $_amount == *e-* ]]; then fault "$4" "$1 is $2, which is no whole number of bytes"; fi
}

# count_of SETTING INT PLACE
count_of() {
  if (($2 < 0)); then fault "$3" "$1 is $2, and can not be negative"; fi
}

# output NAME EXTENSION: where the program is to write it.
output() {
  variable "$1" "$OUTPUTS/$1$2"
}

# secret_value VARIABLE REFERENCE: the secret behind the name of a variable of the caller.
secret_value() {
  local _name=$2
  if [[ -z ${!_name+set} ]]; then
    fail "the secret in the variable $_name is not set: export $_name=… before the run"
  else
    printf -v "$1" %s "${!_name}"
  fi
}

# attempts PROGRAM ARGUMENT…: runs the program, again where the task says so.
attempts() {
  local _attempt _wait=$BACKOFF
  read -r -n 1 -u "$TOKENS" _
  for ((_attempt = 1; ; _attempt++)); do
    if is_stopped; then
      printf . >&"$TOKENS"
      return 1
    fi
    run_program "$_attempt" "$@" && break
    if ((_attempt > RETRIES)) || [[ $TIMED_OUT == no && $RETRY_STATUSES != ' ' && $RETRY_STATUSES != *" $PROGRAM_STATUS "* ]] || is_stopped; then
      printf . >&"$TOKENS"
      show_log "$_attempt"
      fail "$(how_it_ended), in attempt $_attempt of $((RETRIES + 1)); its log is $NODE/log.$_attempt"
      return
    fi
    say "retry: $STEP: $(how_it_ended); attempt $((_attempt + 1)) of $((RETRIES + 1)) follows"
    printf . >&"$TOKENS"
    pause "$_wait" || return
    read -r -n 1 -u "$TOKENS" _
    next_wait _wait "$_wait"
  done
  printf . >&"$TOKENS"
  LOG=$NODE/log.$_attempt
  if [[ -n $IS_PYTHON && ! -e $OUTPUTS/.ended ]]; then
    fail "the block ended Python before its outputs could be read: don't call os._exit or os.exec…"
  fi
}

# next_wait VARIABLE MILLISECONDS: the factor has thousandths.
next_wait() {
  local _next=$(($2 * FACTOR / 1000))
  if ((MOST_BACKOFF && _next > MOST_BACKOFF)); then _next=$MOST_BACKOFF; fi
  printf -v "$1" %s "$_next"
}

# A shell tells of a signal, whose numbers end at 64, as a status above 128.
how_it_ended() {
  if [[ $TIMED_OUT == yes ]]; then
    printf 'the program was stopped at its timeout of %sms' "$TIMEOUT"
  elif ((PROGRAM_STATUS > 128 && PROGRAM_STATUS <= 192)); then
    printf 'the program was ended by signal %s' "$((PROGRAM_STATUS - 128))"
  else
    printf 'the program ended with status %s' "$PROGRAM_STATUS"
  fi
}

show_log() {
  local _line
  while IFS= read -r _line; do
    say "    ${_line:0:300}"
  done < <(tail -n 12 "$NODE/log.$1")
}

# run_program ATTEMPT PROGRAM ARGUMENT…: one attempt, in a process group of its own of which nothing is left afterwards.
run_program() {
  local _log=$NODE/log.$1 _seconds _start _group _file _name
  rm -rf "$WORK" "${NODE:?}/home" "${NODE:?}/tmp" "$OUTPUTS"
  mkdir -p "$WORK" "$NODE/home" "$NODE/tmp" "$OUTPUTS" || return
  if [[ -n $FILES ]]; then cp -R "$HERE/files/$FILES/." "$WORK" || return; fi
  printf -v _seconds '%d.%03d' $((TIMEOUT / 1000)) $((TIMEOUT % 1000))
  say "start: $STEP"
  _start=$(date +%s%3N)
  (
    cd "$WORK" || exit
    for _file in "${OPEN_FILES[@]}" "$TOKENS"; do exec {_file}>&-; done
    # Only positional parameters are used from here on: the program's variables may have any names.
    while read -r _name; do export -n "${_name?}"; done < <(compgen -e)
    ENVIRONMENT=("PIPEC_RUN=$RUN_ID" "PIPEC_ATTEMPT=$1" "HOME=$NODE/home" "TMPDIR=$NODE/tmp" "${ENVIRONMENT[@]}")
    set -- "$ENV_PROGRAM" -u _ -u SHLVL -u PWD -u OLDPWD "${SPECIAL[@]}" "$TIMEOUT_PROGRAM" --kill-after=2 "$_seconds" "${@:2}"
    export -- PATH LC_ALL=C.UTF-8 TZ=UTC "${ENVIRONMENT[@]}"
    exec "$@"
  ) >"$_log" 2>&1 </dev/null &
  _group=$!
  : >"$RUN/$RUNNING/$_group"
  if is_stopped; then kill -TERM "$_group" 2>/dev/null; fi
  # A signal ends the waiting, not the program.
  while :; do
    wait "$_group" 2>/dev/null
    PROGRAM_STATUS=$?
    kill -0 "$_group" 2>/dev/null || break
  done
  kill -KILL -- "-$_group" 2>/dev/null
  rm -f "$RUN/$RUNNING/$_group"
  TIMED_OUT=no
  if ((TIMEOUT && (PROGRAM_STATUS == 124 || PROGRAM_STATUS == 137) && $(date +%s%3N) - _start >= TIMEOUT)); then TIMED_OUT=yes; fi
  ((PROGRAM_STATUS == 0))
}

# pause MILLISECONDS: sleeps, but not on after an interrupt.
pause() {
  local _left=$1 _part
  while ((_left > 0)); do
    if is_stopped; then return 1; fi
    _part=$((_left > 500 ? 500 : _left))
    sleep "$(printf '0.%03d' "$_part")"
    _left=$((_left - _part))
  done
}

# keep NAME VALUE: an output of this node, or its value where it has a single unnamed one.
keep() {
  if [[ -n $1 ]]; then
    mkdir -p "$NODE/.out"
    printf %s "$2" >"$NODE/.out/$1"
  else
    printf %s "$2" >"$NODE/.value"
  fi
}

# collect_value NAME OUTPUT KIND OPTIONAL CHECK ARGUMENT…: what the program wrote as a value. NAME is empty for a single one.
collect_value() {
  local _path=$OUTPUTS/$2 _text _value _nul
  if has_fault "$2" "$_path"; then return 1; fi
  if [[ ! -e $_path && ! -L $_path ]]; then
    if [[ -n $4 ]]; then keep "$1" ''; else missing "$2" value; fi
    return
  fi
  if [[ ! -f $_path ]]; then
    wrong "$2" 'it is a value, which is written to a file, but there is a directory or something else'
  elif (($(stat -L -c %s "$_path") > 90001)); then
    wrong "$2" "it has $(stat -L -c %s "$_path") bytes, and a value may have 90000; make it a file, such as file<jsonl>"
  else
    if IFS= read -r -d '' _text <"$_path"; then
      wrong "$2" 'it holds the character U+0000, which no variable can hold'
    elif ! is_utf8 "$_text"; then
      wrong "$2" "it isn't text in UTF-8; make it a file"
    else
      _text=${_text%$'\n'}
      if [[ $4 == or-null && $_text == null ]]; then
        keep "$1" ''
      elif "$5" _value "$_text" "${@:6}"; then
        check_size "the output $2" "$_value" "$3" && keep "$1" "${4:+=}$_value"
      else
        wrong "$2" "$MISMATCH"
      fi
    fi
  fi
}

# collect_artifact NAME OUTPUT EXTENSION SHAPE: a shape is file, dir, or one in [ ] or { } for a list or map, with a ? after
# it where it is optional.
collect_artifact() {
  local _path=$OUTPUTS/$2$3
  if has_fault "$2" "$_path"; then return 1; fi
  if [[ ! -e $_path && ! -L $_path ]]; then
    if [[ $4 == *'?' ]]; then keep "$1" ''; else missing "$2" artifact; fi
    return
  fi
  if ! own "$_path" || ! read_artifact "$_path" "${4%'?'}"; then
    wrong "$2" "$MISMATCH"
    return
  fi
  case $4 in
    *'?') keep "$1" "=$ARTIFACT" ;;
    *) keep "$1" "$ARTIFACT" ;;
  esac
}

# own PATH: what the program only linked to becomes a copy, and nothing may change it later.
own() {
  MISMATCH="it is a link to nothing"
  if [[ -L $1 ]]; then
    [[ -e $1 ]] && cp -RL "$1" "$1.copy" && rm -f "$1" && mv "$1.copy" "$1" || return
  fi
  if [[ -f $1 ]]; then chmod a-w "$1"; fi
}

# read_artifact PATH SHAPE: $ARTIFACT is the path, or JSON of paths.
read_artifact() {
  local _shape=${2%'?'} _list='' _name _key _names _inner
  case $_shape in
    file | dir)
      if [[ $_shape == file && -d $1 ]]; then
        MISMATCH='it is declared as a file, but the program wrote a directory'
        return 1
      elif [[ $_shape == dir && ! -d $1 ]]; then
        MISMATCH='it is declared as a directory, but the program wrote a file'
        return 1
      fi
      ARTIFACT=$1
      return
      ;;
  esac
  if [[ ! -d $1 ]]; then
    MISMATCH='it is declared as a list or map of artifacts, a directory, but the program wrote a file'
    return 1
  fi
  _inner=${_shape:1:${#_shape}-2}
  item_names _names "$1"
  for _name in "${_names[@]}"; do
    own "$1/$_name" && read_artifact "$1/$_name" "$_inner" || return
    case ${_inner%'?'} in
      file | dir) json_string ARTIFACT "$ARTIFACT" ;;
    esac
    if [[ $_shape == '{'* ]]; then
      if ! decode_key _key "$_name"; then
        MISMATCH="the file name $_name is no key: a % is followed by two hexadecimal digits"
        return 1
      fi
      json_string _key "$_key"
      ARTIFACT=$_key:$ARTIFACT
    fi
    _list+=,$ARTIFACT
  done
  if [[ $_shape == '{'* ]]; then
    query ARTIFACT "{${_list#,}}" json .
  else
    ARTIFACT="[${_list#,}]"
  fi
}

# item_names ARRAY DIRECTORY: names whose part before the first dot is a number come first, by value, then the others.
item_names() {
  local -n _sorted=$1
  local _path _name _digits
  mapfile -d '' _sorted < <(
    shopt -s nullglob
    for _path in "$2"/*; do
      _name=${_path##*/} _digits=${_path##*/}
      _digits=${_digits%%.*}
      if [[ -n $_digits && $_digits != *[!0-9]* ]]; then
        while [[ $_digits == 0?* ]]; do _digits=${_digits#0}; done
        printf '0%05d%s/%s\0' "${#_digits}" "$_digits" "$_name"
      else
        printf '1/%s\0' "$_name"
      fi
    done | sort -z
  )
  _sorted=("${_sorted[@]#*/}")
}

# decode_key VARIABLE TEXT: what percent-encoded text stands for; false where the encoding is broken.
decode_key() {
  local _decoded=$2
  if [[ $2 == *%* ]]; then
    if ! [[ $2 =~ ^([^%]|%[0-9A-Fa-f][0-9A-Fa-f])*$ && $2 != *%00* ]]; then return 1; fi
    _decoded=${_decoded//\\/\\\\}
    printf -v _decoded %b "${_decoded//%/\\x}"
  fi
  is_utf8 "$_decoded" && printf -v "$1" %s "$_decoded"
}

# has_fault OUTPUT PATH: the python prelude says beside an output what is wrong with it.
has_fault() {
  local _message
  if [[ -z $IS_PYTHON || ! -e $2.fault ]]; then return 1; fi
  load _message "$2.fault"
  wrong "$1" "$_message"
  return 0
}

wrong() {
  fail "the output $1 of task $TASK is wrong: $2"
}

# missing OUTPUT MANNER: a value or an artifact.
missing() {
  local _what="the program wrote nothing to the path in \$$1" _way_out="redirect it, … >\"\$$1\"" _hint=''
  if [[ -n $IS_PYTHON && $2 == value ]]; then
    _what="the block never assigns $1" _way_out="assign it, $1 = …"
  elif [[ -n $IS_PYTHON ]]; then
    _what="the block wrote nothing to the path $1" _way_out="write it to a file, $1.write_text(…)"
  fi
  if [[ -s $LOG ]]; then _hint=". It wrote to standard output or standard error instead, which only goes to the log: $_way_out"; fi
  fail "the output $1 of task $TASK is missing: $_what$_hint"
}

# ---- gates

# approve MESSAGE TIMEOUT PLACE: a timeout of 0 waits for ever.
approve() {
  local _answer _end=$((SECONDS + ($2 + 999) / 1000))
  if [[ " ${APPROVED[*]} " == *" $STEP "* || " ${APPROVED[*]} " == *" all "* ]]; then
    say "approved: $STEP: $1"
    return
  fi
  if ! { : </dev/tty; } 2>/dev/null; then
    fail "${3:+$3: }nobody can be asked here: $1; answer with --approve $STEP"
    return
  fi
  until is_stopped || (($2 && SECONDS >= _end)); do
    printf '%s [y/n] ' "$1" >/dev/tty
    if read -r -t 1 _answer </dev/tty; then
      case $_answer in
        y | yes) return ;;
        n | no)
          fail "${3:+$3: }refused: $1"
          return
          ;;
      esac
    else
      printf '\r' >/dev/tty
    fi
  done
  fail "${3:+$3: }nobody approved in time: $1"
}

# ---- values: what is between nodes are files that hold a value's text

# Texts, numbers, durations and names are themselves; lists, maps, records and other structures canonical JSON; artifacts
# paths. An optional value is empty for null, else its text behind a "=".

# load VARIABLE FILE: all of it, byte for byte.
load() {
  IFS= read -r -d '' "$1" <"$2"
  [[ -e $2 ]] || fail "$2 is missing: was the run's directory changed?"
}

# input VARIABLE NAME: what the unit takes from outside, or its loop's variable.
input() {
  if [[ -e $UNIT/.in/$2 ]]; then load "$1" "$UNIT/.in/$2"; else load "$1" "$SHARED/$2"; fi
}

# value_of VARIABLE NODE; output_of VARIABLE NODE OUTPUT
value_of() {
  load "$1" "$UNIT/$2/.value"
}

output_of() {
  load "$1" "$UNIT/$2/.out/$3"
}

# give NAME VALUE: to the task, pipeline or unit of this node.
give() {
  if [[ -n ${3-} ]]; then check_size 'the value' "$2" "$3" || return; fi
  mkdir -p "$NODE/.in"
  printf %s "$2" >"$NODE/.in/$1"
}

# result VALUE SIZED-AS: the value of this node. unit_result: of this unit. unit_output NAME VALUE SIZED-AS.
result() {
  check_size 'the value' "$1" "$2" && printf %s "$1" >"$NODE/.value"
}

unit_result() {
  local NODE=$UNIT
  result "$1" "$2"
}

unit_output() {
  local NODE=$UNIT
  check_size "the output $1" "$2" "$3" || return
  mkdir -p "$UNIT/.out"
  printf %s "$2" >"$UNIT/.out/$1"
}

# check_size WHAT VALUE KIND: a value has at most 90,000 bytes of canonical JSON. KIND is text, json, none (artifacts), or a
# jq filter that leaves the value part of a mixture of values and artifacts.
check_size() {
  local _json
  if ((${#2} <= 15000)) || [[ $3 == none ]]; then return; fi
  case $3 in
    text | 'text?') json_of _json "$3" "$2" ;;
    json | 'json?') _json=${2#=} ;;
    *) query _json "${2#=}" json "$3" || return ;;
  esac
  if ((${#_json} > 90000)); then
    fail "$1 has ${#_json} bytes of JSON, and a value may have 90000: make it a file, such as file<jsonl>"
  fi
}

# json_string VARIABLE TEXT: canonical JSON of a text.
json_string() {
  local _text=${2//\\/\\\\} _code _character
  _text=${_text//\"/\\\"}
  if [[ $_text == *[$'\x01'-$'\x1f<>&\xe2']* ]]; then
    _text=${_text//'<'/'\u003c'} _text=${_text//'>'/'\u003e'} _text=${_text//'&'/'\u0026'}
    _text=${_text//$'\xe2\x80\xa8'/'\u2028'} _text=${_text//$'\xe2\x80\xa9'/'\u2029'}
    _text=${_text//$'\n'/'\n'} _text=${_text//$'\t'/'\t'} _text=${_text//$'\r'/'\r'}
    _text=${_text//$'\b'/'\b'} _text=${_text//$'\f'/'\f'}
    if [[ $_text == *[$'\x01'-$'\x1f']* ]]; then
      for _code in {1..31}; do
        printf -v _code %04x "$_code"
        printf -v _character %b "\\x${_code:2}"
        _text=${_text//"$_character"/"\\u$_code"}
      done
    fi
  fi
  printf -v "$1" '"%s"' "$_text"
}

# json_of VARIABLE KIND VALUE: the value as JSON. KIND is text (strings, names, durations, paths), int, plain (floats, bools)
# or json (JSON already), with a ? for optional ones.
json_of() {
  local _value=$3
  case $2 in
    *'?')
      if [[ -z $_value ]]; then printf -v "$1" null; else json_of "$1" "${2%?}" "${_value#=}"; fi
      ;;
    text) json_string "$1" "$_value" ;;
    int)
      if ((_value > 9007199254740991 || _value < -9007199254740991)); then _value=\"$_value\"; fi
      printf -v "$1" %s "$_value"
      ;;
    *) printf -v "$1" %s "$_value" ;;
  esac
}

# query VARIABLE JSON KIND FILTER: what the filter makes of the JSON, as a value of the kind.
query() {
  local _answer _fault _program
  _program="include \"values\"; try (($4) | held(\"$3\")) catch (\"\\u0000\" + tostring)"
  {
    IFS= read -r -d '' _answer
    IFS= read -r -d '' _fault
  } < <(
    printf %s "$2" | jq -j -L "$HERE/lib" "$_program"
    printf '\0'
  )
  if [[ -n $_fault ]]; then
    fault "${PLACE-}" "${_fault#$'\x01'}"
  else
    printf -v "$1" %s "$_answer"
  fi
}

# split ARRAY LIST KIND: the items of a list as an array.
split() {
  local -n _items=$1
  mapfile -d '' _items < <(printf %s "$2" | jq -j -L "$HERE/lib" "include \"values\"; .[] | held(\"$3\"), \"\\u0000\"")
}

# int_list VARIABLE FROM TO PLACE: a list of ints, half-open.
int_list() {
  local _list='' _number _item
  if (($2 < $3 && ($3 - $2 > 100000 || $3 - $2 < 0))); then
    fault "$4" 'range: more than 100000 items'
    return
  fi
  for ((_number = $2; _number < $3; _number++)); do
    json_of _item int "$_number"
    _list+=,$_item
  done
  printf -v "$1" '[%s]' "${_list#,}"
}

# element VARIABLE LIST INDEX KIND PLACE; faults where there is none.
element() {
  local _length
  query _length "$2" text length || return
  if (($3 < 0 || $3 >= _length)); then
    fault "$5" "index out of range (index $3, length $_length)"
  else
    query "$1" "$2" "$4" ".[$3]"
  fi
}

# element_or_null VARIABLE LIST INDEX KIND
element_or_null() {
  if (($3 < 0 || $3 > 1000000)); then printf -v "$1" ''; else query "$1" "$2" "$4" ".[$3]"; fi
}

# entry VARIABLE MAP KEY KIND PLACE; faults where there is none.
entry() {
  local PLACE=$5
  local _key
  json_string _key "$3"
  query "$1" "[$2,$_key]" "$4" entry
}

# entry_or_null VARIABLE MAP KEY KIND
entry_or_null() {
  local _key
  json_string _key "$3"
  query "$1" "[$2,$_key]" "$4" entry_or_null
}

# float VARIABLE OPERATION PLACE OPERAND…: arithmetic on doubles, in jq.
float() {
  local PLACE=$3 _operands
  printf -v _operands ',%s' "${@:4}"
  query "$1" "[${_operands#,}]" text "$2"
}

# float_compare VARIABLE LEFT OPERATOR RIGHT
float_compare() {
  float "$1" ".[0] $3 .[1]" '' "$2" "$4"
}

# round_float VARIABLE FLOAT PLACE
round_float() {
  local _halves
  float _halves rounded "$3" "$2" || return
  printf -v "$1" %s "$((${_halves% *} * 4294967296 + ${_halves#* }))"
}

# sum VARIABLE LIST ADD ZERO PLACE: from the left; ADD is int_add or duration_add.
sum() {
  local _total=$4 _item _addends
  split _addends "$2" text
  for _item in "${_addends[@]}"; do
    "$3" _total "$_total" "$_item" "$5" || return
  done
  printf -v "$1" %s "$_total"
}

# extreme_in VARIABLE LIST COMPARE WORD: the least (WORD is <) or greatest (>) item, null for none.
extreme_in() {
  local _candidates _found
  split _candidates "$2" text
  if ((${#_candidates[@]} == 0)); then
    printf -v "$1" ''
  else
    extreme _found "$3" "$4" "${_candidates[@]}" && printf -v "$1" '=%s' "$_found"
  fi
}

# int_as_float VARIABLE INT: the nearest double.
int_as_float() {
  if (($2 > 9007199254740991 || $2 < -9007199254740991)); then
    float "$1" '.[0]' '' "$2"
  else
    printf -v "$1" %s "$2"
  fi
}

# narrow VARIABLE OPTIONAL PLACE
narrow() {
  if [[ -z $2 ]]; then fault "$3" 'null where a value is needed'; else printf -v "$1" %s "${2#=}"; fi
}

# refine PLACE VARIABLE VALUE CHECK ARGUMENT…: the value, if it is within its interval or matches its pattern.
refine() {
  "$4" "$2" "$3" "${@:5}" || fault "$1" "$MISMATCH"
}

# query_at VARIABLE PLACE JSON KIND FILTER: as query, for what faults.
query_at() {
  local PLACE=$2
  query "$1" "${@:3}"
}

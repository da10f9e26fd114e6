# Values as JSON: canonical text, conversions, and checks against types.
# Ints beyond ±(2^53−1) are strings all the way: jq's numbers are doubles.

# The double as ECMAScript prints it. jq prints the same digits, but arranges them by rules of its own.
def number_text:
  (. + 0) as $number
  | if $number == 0 then "0"
    elif $number == ($number | floor) and $number < 1e15 and $number > -1e15 then $number | tojson
    else
      (if $number < 0 then "-" else "" end) as $sign
      | ($number | tojson | ltrimstr("-")) as $text
      | ($text | split("e")) as $parts
      | ($parts[0] | split(".")) as $mantissa
      | ($mantissa[0] + ($mantissa[1] // "")) as $all
      | ($all | sub("^0+"; "")) as $trimmed
      | (($mantissa[0] | length) + (($parts[1] // "0") | ltrimstr("+") | tonumber) - (($all | length) - ($trimmed | length))) as $point
      | ($trimmed | sub("0+$"; "")) as $digits
      | ($digits | length) as $count
      | $sign
        + if $count <= $point and $point <= 21 then $digits + ("0" * ($point - $count) // "")
          elif 0 < $point and $point <= 21 then $digits[:$point] + "." + $digits[$point:]
          elif -6 < $point and $point <= 0 then "0." + ("0" * (- $point) // "") + $digits
          else
            $digits[:1] + (if $count > 1 then "." + $digits[1:] else "" end)
            + "e" + (if $point > 0 then "+" else "" end) + ($point - 1 | tostring)
          end
    end;

def replaced($old; $new): if contains($old) then split($old) | join($new) else . end;

def string_text:
  if . == "" then "\"\""
  else
    "\"" + (split("\u007f") | map(tojson[1:-1]) | join("\u007f")
      | replaced("<"; "\\u003c") | replaced(">"; "\\u003e") | replaced("&"; "\\u0026")
      | replaced("\u2028"; "\\u2028") | replaced("\u2029"; "\\u2029")) + "\""
  end;

# No spaces, keys by code point, the escapes of Go's encoding/json.
def canonical:
  if type == "object" then
    . as $object | "{" + ([keys[] as $key | ($key | string_text) + ":" + ($object[$key] | canonical)] | join(",")) + "}"
  elif type == "array" then "[" + (map(canonical) | join(",")) + "]"
  elif type == "string" then string_text
  elif type == "number" then number_text
  else tojson
  end;

# The text that a shell variable holds: "text" is plain, "json" canonical JSON; with "?" null is empty and anything else
# follows a "=".
def held($kind):
  if $kind | endswith("?") then (if . == null then "" else "=" + held($kind[:-1]) end)
  elif $kind == "json" then canonical
  elif type == "string" then .
  elif type == "number" then number_text
  else tojson
  end;

def fault($message): error("\u0001" + $message);

def finite:
  if isinfinite or isnan then fault("float overflow: the result is not a finite number") else number_text end;

# Of the operands, a list.
def plus: .[0] + .[1] | finite;
def minus: .[0] - .[1] | finite;
def times: .[0] * .[1] | finite;
def divided: if .[1] == 0 then fault("division by zero") else .[0] / .[1] | finite end;
def negated: - .[0] | number_text;
def absolute: .[0] | fabs | number_text;

def rounded:
  (.[0] | round) as $whole
  | if $whole >= -9223372036854775808 and $whole < 9223372036854775808 then
      # Two halves that print exactly.
      (($whole / 4294967296) | floor) as $high
      | "\($high) \($whole - $high * 4294967296)"
    else fault("round: the number does not fit in 64 bits")
    end;

def float_sum:
  reduce .[] as $item (0; (. + $item) as $sum
    | if $sum | isinfinite or isnan then fault("float overflow: the result is not a finite number") else $sum end)
  | number_text;

def entry:
  .[1] as $key
  | .[0]
  | if has($key) then .[$key]
    elif $key | test("^[A-Za-z0-9._-]{1,60}$") then fault("missing key (\($key))")
    else fault("missing key")
    end;

def entry_or_null: .[1] as $key | .[0][$key];

def has_item: .[1] as $wanted | any(.[0][]; . == $wanted);

def joined: .[1] as $separator | .[0] | join($separator);

def times_1024:
  reduce (explode | reverse[]) as $digit ([0, ""];
    (($digit - 48) * 1024 + .[0]) as $next | [($next / 10 | floor), ($next % 10 | tostring) + .[1]])
  | (.[0] | tostring) + .[1];

# A text that all quantities of one amount have in common: its digits without zeros at the ends, and a power of ten.
def amount:
  (capture("^(?<whole>[0-9]+)([.](?<fraction>[0-9]+))?(?<suffix>[eE][+-]?[0-9]{1,2}|m|[kMGTP]|[KMGTP]i|)$") // null) as $parts
  | if $parts == null then .
    else
      ($parts.fraction // "") as $fraction
      | (if $parts.suffix | test("^[eE]") then $parts.suffix[1:] | ltrimstr("+") | tonumber
         else {m: -3, k: 3, M: 6, G: 9, T: 12, P: 15}[$parts.suffix] // 0 end) as $tens
      | reduce range({Ki: 1, Mi: 2, Gi: 3, Ti: 4, Pi: 5}[$parts.suffix] // 0) as $_ ($parts.whole + $fraction; times_1024)
      | sub("^0+"; "") as $digits
      | ($digits | sub("0+$"; "")) as $trimmed
      | if $trimmed == "" then "0"
        else $trimmed + "e" + ($tens - ($fraction | length) + ($digits | length) - ($trimmed | length) | tostring) end
    end;

def numbered: [range(length) as $index | {index: $index, item: .[$index]}];

def projected($field): map(if . == null then null else .[$field] end);

def in_key_order: . as $map | keys | map($map[.]);

# Of keys and values.
def to_map:
  .[1] as $values
  | .[0]
  | if length != ($values | length) then
    fault("to_map: as many keys as values are needed (\(length) keys, \($values | length) values)")
  elif (unique | length) != length then fault("to_map: a key is given twice")
  else . as $keys | reduce range(length) as $index ({}; .[$keys[$index]] = $values[$index])
  end;

def zipped:
  . as $lists
  | if map(length) | unique | length > 1 then fault("zip: lists of different lengths (\(map(length | tostring) | join(", ")))")
    else [range($lists[0] | length) as $index | [range($lists | length) | {("a\(.)"): $lists[.][$index]}] | add]
    end;

# A map's key as a file name.
def file_name:
  (@uri | replaced("!"; "%21") | replaced("*"; "%2A") | replaced("'"; "%27") | replaced("("; "%28") | replaced(")"; "%29")
    | if startswith(".") then "%2E" + .[1:] else . end)
  | if . == "" then fault("an empty key can't be a file name")
    elif length > 255 then fault("a key is too long for a file name")
    else .
    end;

# Artifacts as a step finds them: a kind, a path, and what belongs there: "link" with what it leads to, "count" with a number,
# "absent" with the names of a map's entries that are null, which only python asks for, and finds in $absent.
def layout($path; $absent):
  def inside($name): layout($path + "/" + $name; $absent + "/" + $name);
  if type == "string" then "link", $path, .
  elif type == "array" then
    "count", $path, (length | tostring), (range(length) as $index | .[$index] | inside($index | tostring))
  elif type == "object" then
    "count", $path, (length | tostring),
    ([keys[] as $key | select(.[$key] == null) | ($key | file_name) + "\n"] | add | select(. != null) | "absent", $absent, .),
    (. as $map | keys[] as $key | $map[$key] | inside($key | file_name))
  else empty
  end;

# The text of bytes in UTF-8; null where they are none.
def utf8_text:
  def lead($bits; $more; $least): .code = .byte - $bits | .more = $more | .least = $least;
  reduce .[] as $byte ({text: [], code: 0, more: 0, least: 0};
    if . == null then null
    elif .more > 0 and ($byte < 128 or $byte > 191) then null
    elif .more > 0 then
      .code = .code * 64 + $byte - 128
      | .more -= 1
      | if .more > 0 then .
        elif .code < .least or .code > 1114111 or (.code >= 55296 and .code <= 57343) then null
        else .text += [.code]
        end
    else
      .byte = $byte
      | if $byte < 128 then .text += [$byte]
        elif $byte < 192 or $byte > 247 then null
        elif $byte < 224 then lead(192; 1; 128)
        elif $byte < 240 then lead(224; 2; 2048)
        else lead(240; 3; 65536)
        end
    end)
  | if . == null or .more > 0 then null else .text | implode end;

def hexadecimal:
  reduce (ascii_downcase | explode[]) as $digit (0; . * 16 + (if $digit > 96 then $digit - 87 else $digit - 48 end));

# What percent-encoded text stands for; null where the encoding is broken.
def percent_decoded:
  if contains("%") | not then .
  elif test("%(?![0-9A-Fa-f]{2})|%00") then null
  else
    [match("(%[0-9A-Fa-f]{2})+|[^%]+"; "g").string
      | if startswith("%") then [scan("[0-9A-Fa-f]{2}") | hexadecimal] | utf8_text else . end]
    | if any(. == null) then null else add end
  end;

# The absolute path that a path or a file:// URI means; any other URI is as it is.
def absolute_path:
  . as $text
  | if startswith("file://") then
      (.[7:] | ltrimstr("localhost") | if startswith("/") then percent_decoded else null end) // $text
    elif startswith("/") or test("^[A-Za-z][A-Za-z0-9+.-]*://") then .
    else env.PIPEC_CALLER + "/" + .
    end;

# Strict JSON. A number that a double might not hold, or that isn't written as a plain int, becomes a string that begins
# with U+0000, so that the type decides what is made of it.
def is_number: test("^-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][+-]?[0-9]+)?$");

def marked_token:
  if test("^-?(0|[1-9][0-9]{0,14})$") and . != "-0" then .
  elif is_number then "\"\\u0000" + . + "\""
  elif . == "true" or . == "false" or . == "null" or . == "" then .
  else fault("is not JSON")
  end;

def marked_outside:
  if test("^[0-9,\\[\\]{}: \\t\\r\\n]*$") and (test("[0-9]{16}|(^|[^0-9])0[0-9]") | not) then .
  else
    # Of an empty text jq 1.6 captures nothing.
    split(",") | map(if . == "" then . else
      capture("^(?<before>[ \\t\\r\\n\\[\\]{}:]*)(?<token>[^ \\t\\r\\n\\[\\]{}:]*)(?<after>[\\s\\S]*)$")
      | if .after | test("^[ \\t\\r\\n\\[\\]{}:]*$") then .before + (.token | marked_token) + .after else fault("is not JSON") end
      end)
    | join(",")
  end;

def checked_inside:
  if test("[\u0000-\u001f]") then fault("is not JSON: a control character in a string is written \\n or \\u0001")
  elif contains("\\u") then
    replaced("\\\\"; "")
    | if test("\\\\u0000") then fault("holds the character U+0000, which no variable can hold")
      elif test("\\\\u[dD][89abAB]..(?!\\\\u[dD][c-fC-F])") or test("(?<!\\\\u[dD][89abAB]..)\\\\u[dD][c-fC-F]")
      then fault("is not JSON: half of a surrogate pair")
      else .
      end
  else .
  end;

# The text's pieces between quotes, alternately outside and inside of strings; quotes inside are escaped.
def marked:
  reduce split("\"")[] as $piece ({done: [], open: null};
    if .open == null then .done += [$piece] | .open = ""
    else
      .open += $piece
      | if ($piece | test("(^|[^\\\\])(\\\\\\\\)*\\\\$")) then .open += "\"" else .done += [.open] | .open = null end
    end)
  | if .open != null and .open != "" then fault("is not JSON: a string doesn't end") else .done end
  | . as $pieces
  | [range(length) as $index
      | $pieces[$index]
      | if $index % 2 == 0 then marked_outside else . as $inside | checked_inside | $inside end]
  | join("\"");

# In jq 1.6 `try` also catches what goes wrong after it, unless a list ends it.
def parsed: marked | [try [fromjson] catch null][0] | if . == null then fault("is not JSON") else .[0] end;

# Checks of parsed JSON against a type of the IR. Mismatches say where, what was found and what was expected.
def shown:
  if type == "string" then
    if startswith("\u0000") then "the number " + .[1:]
    elif . == "" then "empty text"
    else "the text " + ((if length > 60 then .[:60] + "…" else . end) | tojson)
    end
  elif type == "number" then "the number \(.)"
  elif type == "array" then "a list of \(length) items"
  elif type == "object" then "an object with \(keys[:4] | join(", "))"
  else tojson
  end;

def at($path): if $path == "" then "" else "at " + ($path | ltrimstr(".")) + ": " end;

def unfit($path; $expected): fault(at($path) + "expected " + $expected + ", found " + shown);

def in_field($path; $name): $path + if $name | test("^\\w+$") then "." + $name else "[" + ($name | tojson) + "]" end;

def is_marked: type == "string" and startswith("\u0000");

# An int's digits without leading zeros, from JSON; null if it is none.
def int_digits:
  if type == "number" then (if . == floor then tostring else null end)
  elif is_marked then
    .[1:]
    | if test("^-?[0-9]+$") then .
      else tonumber | if . == floor and (fabs) <= 9007199254740991 then (. + 0 | tostring) else null end
      end
    | if . == "-0" then "0" else . end
  elif type == "string" and test("^-?[0-9]+$") then
    (if startswith("-") then "-" else "" end) + (ltrimstr("-") | sub("^0+(?=[0-9])"; ""))
    | if (ltrimstr("-") | length) > 16 or ((ltrimstr("-") | length) == 16 and ltrimstr("-") > "9007199254740991") then . else null end
  else null
  end;

# Compares two texts of digits.
def digits_below($other): if length != ($other | length) then length < ($other | length) else . < $other end;

def int_below($other):
  if startswith("-") and ($other | startswith("-")) then $other[1:] as $positive | . as $own | $positive | digits_below($own[1:])
  elif startswith("-") then true
  elif $other | startswith("-") then false
  else digits_below($other)
  end;

def is_safe: ltrimstr("-") as $digits | ($digits | digits_below("9007199254740992"));

def read_int($ty; $path):
  . as $json
  | int_digits as $digits
  | if $digits == null then unfit($path; "an int")
    elif ($digits | int_below($ty.min // "-9223372036854775808")) or ($ty.max // "9223372036854775807" | int_below($digits))
    then unfit($path; "an int from \($ty.min // "-9223372036854775808") to \($ty.max // "9223372036854775807")")
    elif $digits | is_safe then $digits | tonumber
    else $digits
    end;

def read_float($ty; $path):
  . as $json
  | (if type == "number" then . elif is_marked then .[1:] | tonumber else unfit($path; "a float") end) + 0
  | if isinfinite then $json | unfit($path; "a finite number") else . end
  | if ($ty.min != null and (if $ty.min.inclusive then . < $ty.min.value else . <= $ty.min.value end))
      or ($ty.max != null and (if $ty.max.inclusive then . > $ty.max.value else . >= $ty.max.value end))
    then $json | unfit($path; "a float within its interval")
    else .
    end;

def read_duration($path):
  . as $json
  | if type == "string" and (is_marked | not) and test("^-?[0-9]+(ms|s|m|h|d)$") then
      capture("^(?<number>-?[0-9]+)(?<unit>[a-z]+)$")
      | (.number | tonumber) * {ms: 1, s: 1000, m: 60000, h: 3600000, d: 86400000}[.unit] + 0
      | if fabs > 9007199254740991 then $json | unfit($path; "a duration of at most 9007199254740991ms")
        elif . % 1000 == 0 then "\(. / 1000)s"
        else "\(.)ms"
        end
    else unfit($path; "a duration as text, such as \"30s\"")
    end;

def read_quantity($path):
  . as $json
  | (if is_marked then .[1:] | tonumber | number_text elif type == "number" then number_text elif type == "string" then . else "" end)
  | (capture("^(?<whole>[0-9]+)([.](?<fraction>[0-9]+))?(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi|[eE](?<exponent>[+-]?[0-9]+))?$") // null) as $parts
  | if $parts == null or ($parts.whole + ($parts.fraction // "") | length) > 30
      or ($parts.exponent != null and ($parts.exponent | tonumber | fabs) > 30)
    then $json | unfit($path; "a quantity, such as \"500m\" or \"8Gi\"")
    else .
    end;

def plain_json:
  if type == "array" then map(plain_json)
  elif type == "object" then with_entries(.value |= plain_json)
  elif is_marked then .[1:] | tonumber | if isinfinite then fault("is not JSON: a number out of range") else . + 0 end
  else .
  end;

# Gives the value, and adds to the checks that only the shell can make: patterns of strings, and paths of artifacts.
def read($ty; $types; $path):
  def fields($declared; $path):
    . as $object
    | ([keys[] | select(. as $key | $declared | any(.[]; .json_name == $key) | not)]) as $unknown
    | if ($unknown | length) > 0 then
        fault(at($path) + "expected only the fields \($declared | map(.json_name) | join(", ")), found the unknown field \($unknown | join(", "))")
      else
        reduce $declared[] as $field ({value: {}, checks: []};
          ($object | if has($field.json_name) then .[$field.json_name]
            elif $field | has("default") then ($field.default | tojson | parsed)
            elif $field.ty.type == "optional" then null
            else fault(at(in_field($path; $field.json_name)) + "expected \($field.ty.type), found no such field")
            end
            | read($field.ty; $types; in_field($path; $field.json_name))) as $read
          | .value[$field.json_name] = $read.value | .checks += $read.checks)
      end;
  $ty.type as $kind
  | if $kind == "bool" then (if type == "boolean" then {value: ., checks: []} else unfit($path; "true or false") end)
    elif $kind == "int" then {value: read_int($ty; $path), checks: []}
    elif $kind == "float" then {value: read_float($ty; $path), checks: []}
    elif $kind == "string" then
      if type == "string" and (is_marked | not) then
        {value: ., checks: (if $ty.pattern == null then [] else ["pattern", $ty.pattern, ., $path] end)}
      else unfit($path; "a string")
      end
    elif $kind == "duration" then {value: read_duration($path), checks: []}
    elif $kind == "quantity" then {value: read_quantity($path), checks: []}
    elif $kind == "json" then {value: plain_json, checks: []}
    elif $kind == "optional" then (if . == null then {value: null, checks: []} else read($ty.of; $types; $path) end)
    elif $kind == "list" then
      if type == "array" then
        . as $items
        | reduce range(length) as $index ({value: [], checks: []};
            ($items[$index] | read($ty.item; $types; $path + "[\($index)]")) as $read
            | .value += [$read.value] | .checks += $read.checks)
      else unfit($path; "a list")
      end
    elif $kind == "map" then
      if type == "object" then
        . as $map
        | reduce keys[] as $key ({value: {}, checks: []};
            ($map[$key] | read($ty.value; $types; in_field($path; $key))) as $read
            | .value[$key] = $read.value | .checks += $read.checks)
      else unfit($path; "an object")
      end
    elif $kind == "record" then
      if type == "object" then fields($types[$ty.name].fields; $path) else unfit($path; "an object of type \($ty.name)") end
    elif $kind == "enum" then
      $types[$ty.name].variants as $variants
      | ("one of " + ($variants | map(.json_name) | join(", "))) as $expected
      | . as $json
      | (if type == "string" then [., null]
          elif type == "object" and length == 1 then [keys[0], .[keys[0]]]
          else unfit($path; $expected)
          end) as [$name, $fields]
      | ($variants | map(select(.json_name == $name)) | first) as $variant
      | if $variant == null then unfit($path; $expected)
        elif ($variant.fields | length) == 0 and $fields == null and ($json | type) == "string" then {value: $name, checks: []}
        elif ($variant.fields | length) > 0 and ($fields | type) == "object" then
          ($fields | fields($variant.fields; in_field($path; $name))) | .value = {($name): .value}
        else unfit($path; $expected)
        end
    elif $kind == "file" or $kind == "table" or $kind == "dir" then
      if type == "string" and . != "" and (is_marked | not) then absolute_path as $place | {value: $place, checks: ["artifact", $kind, $place, $path]}
      else unfit($path; "the path of a \($kind)")
      end
    else unfit($path; "nothing: a \($kind) is never read from data")
    end;

# First the canonical JSON, then for each check its kind, its operand, the text and the place.
def checked($ty; $types): parsed | read($ty; $types; "") | (.value | canonical), .checks[];

//! Values as text: what is read as what, what is refused and how, and that nothing is lost on the way.

use pipec_ir::text::{MAX_VALUE_BYTES, check_size, parse_text, variable_text, without_newline};
use pipec_ir::wire::{decode, encode};
use pipec_ir::{
    Enum, Field, FloatBound, Record, Type, TypeDef, TypeTable, Value, Variant, canonical_json, from_json,
    to_json,
};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

fn field(name: &str, outside: Option<&str>, ty: Type, default: Option<Json>) -> Field {
    Field { name: name.to_owned(), outside: outside.map(str::to_owned), ty, default, doc: None }
}

fn types() -> TypeTable {
    let variant = |name: &str, outside: Option<&str>, fields: Vec<Field>| Variant {
        name: name.to_owned(),
        outside: outside.map(str::to_owned),
        fields,
        doc: None,
    };
    let mut types = TypeTable::new();
    let strands = vec![variant("auto", None, vec![]), variant("forward", Some("+ {{strand}}"), vec![])];
    types.insert("Strand".into(), TypeDef::Enum(Enum { variants: strands, doc: None }));
    let reason = field("reason", None, Type::STRING, None);
    let verdicts = vec![variant("good", None, vec![]), variant("weak", None, vec![reason])];
    types.insert("Verdict".into(), TypeDef::Enum(Enum { variants: verdicts, doc: None }));
    let fields = vec![
        field("depth", None, Type::Int { min: Some(1), max: Some(16) }, Some(json!(6))),
        field("label", Some("#LABEL"), Type::optional(Type::STRING), None),
        field("wait", None, Type::Duration, Some(json!("30s"))),
    ];
    types.insert("Params".into(), TypeDef::Record(Record { fields, doc: None }));
    let fields = vec![field("n", None, Type::INT, None), field("wait", None, Type::Duration, None)];
    types.insert("Plain".into(), TypeDef::Record(Record { fields, doc: None }));
    let reads = field("reads", None, Type::list(Type::File { format: None }), None);
    let fields = vec![field("id", None, Type::STRING, None), reads];
    types.insert("Sample".into(), TypeDef::Record(Record { fields, doc: None }));
    types
}

fn record(name: &str) -> Type {
    Type::Record { name: name.to_owned() }
}

fn enumeration(name: &str) -> Type {
    Type::Enum { name: name.to_owned() }
}

fn fraction() -> Type {
    let bound = |value, inclusive| Some(FloatBound { value, inclusive });
    Type::Float { min: bound(0.0, true), max: bound(1.0, false) }
}

/// The canonical JSON of what a text is read as, or what is wrong with it.
fn read(text: &str, ty: &Type) -> String {
    match parse_text(text, ty, &types()) {
        Ok(value) => canonical_json(&to_json(&value, ty, &types())),
        Err(found) => found.to_string(),
    }
}

#[test]
fn what_programs_write_and_people_type() {
    let depth = Type::Int { min: Some(1), max: Some(16) };
    let day = Type::String { pattern: Some(r"\d{4}-\d{2}-\d{2}".into()) };
    let file = Type::File { format: Some("csv".into()) };
    let table: Vec<(&str, Type, &str)> = vec![
        ("true", Type::Bool, "true"),
        ("True", Type::Bool, "expected true or false, found the text \"True\""),
        ("", Type::Bool, "expected true or false, found empty text"),
        ("007", Type::INT, "7"),
        ("9223372036854775807", Type::INT, "\"9223372036854775807\""),
        (
            "9223372036854775808",
            Type::INT,
            "expected an int, in digits, found the text \"9223372036854775808\"",
        ),
        ("1.0", Type::INT, "expected an int, in digits, found the text \"1.0\""),
        (" 1", Type::INT, "expected an int, in digits, found the text \" 1\""),
        ("17", depth.clone(), "expected an int from 1 to 16, found the number 17"),
        ("1e-05", Type::FLOAT, "0.00001"),
        ("nan", Type::FLOAT, "expected a float, a finite number such as 0.5 or 1e-3, found the text \"nan\""),
        ("1", fraction(), "expected a number of at least 0 and below 1, found the number 1"),
        ("", Type::STRING, "\"\""),
        ("a\nb\n", Type::STRING, "\"a\\nb\\n\""),
        ("2026-11-24", day.clone(), "\"2026-11-24\""),
        (
            "24.11.2026",
            day,
            r#"expected text that matches /\d{4}-\d{2}-\d{2}/ from start to end, found the text "24.11.2026""#,
        ),
        ("5m", Type::Duration, "\"300s\""),
        ("5", Type::Duration, "expected a duration, such as 500ms, 30s, 5m, 2h or 1d, found the text \"5\""),
        ("5m", Type::Quantity, "\"5m\""),
        ("5GG", Type::Quantity, "expected a quantity, such as 500m, 2 or 8Gi, found the text \"5GG\""),
        ("auto", enumeration("Strand"), "\"auto\""),
        ("+ {{strand}}", enumeration("Strand"), "\"+ {{strand}}\""),
        (
            "forward",
            enumeration("Strand"),
            r#"expected one of "auto", "+ {{strand}}", found the text "forward""#,
        ),
        ("good", enumeration("Verdict"), "\"good\""),
        (r#"{"weak": {"reason": "x"}}"#, enumeration("Verdict"), r#"{"weak":{"reason":"x"}}"#),
        (
            r#"{"weak": {}}"#,
            enumeration("Verdict"),
            "at weak.reason: expected a string, found nothing: the field is missing",
        ),
        ("null", Type::optional(Type::INT), "null"),
        ("null", Type::optional(Type::STRING), "\"null\""),
        ("{}", record("Params"), r##"{"#LABEL":null,"depth":6,"wait":"30s"}"##),
        (r#"{"depth": 17}"#, record("Params"), "at depth: expected an int from 1 to 16, found the number 17"),
        (
            r#"{"label": "x"}"#,
            record("Params"),
            "expected only the fields depth, #LABEL, wait, found the unknown field label",
        ),
        (r#"{"n": "1", "wait": "1s"}"#, record("Plain"), "at n: expected an int, found the text \"1\""),
        (
            r#"{"n": "9007199254740993", "wait": "1s"}"#,
            record("Plain"),
            r#"{"n":"9007199254740993","wait":"1s"}"#,
        ),
        ("[9007199254740993, 1.0]", Type::list(Type::INT), r#"["9007199254740993",1]"#),
        ("[1, 2.5]", Type::list(Type::INT), "at [1]: expected an int, found the number 2.5"),
        (
            "{\"a b\": [null]}",
            Type::map(Type::list(Type::INT)),
            "at [\"a b\"][0]: expected an int, found null",
        ),
        (
            "[1",
            Type::list(Type::INT),
            "expected a [int] as JSON (EOF while parsing a list at line 1 column 2), found the text \"[1\"",
        ),
        ("[9007199254740993, -0.0]", Type::Json, "[9007199254740992,0]"),
        ("./a.csv", file.clone(), "\"./a.csv\""),
        ("", file, "expected a file<csv>, found empty text"),
        ("x", Type::Secret, "expected a secret, found the text \"x\""),
    ];
    for (text, ty, expected) in table {
        assert_eq!(read(text, &ty), expected, "{text:?} as {ty}");
    }
    assert_eq!(without_newline("a\n\n"), "a\n");
}

#[test]
fn wire_texts() {
    let types = types();
    let table: Vec<(Json, Type, &str)> = vec![
        (json!("plain text, 100% (really)"), Type::STRING, "plain text, 100% (really)"),
        (json!(""), Type::STRING, "="),
        (json!("null"), Type::STRING, "=bnVsbA=="),
        (json!("=x"), Type::STRING, "=PXg="),
        (json!("_x"), Type::STRING, "=X3g="),
        (json!("{{workflow.name}}"), Type::STRING, "=e3t3b3JrZmxvdy5uYW1lfX0="),
        (json!("$(HOME)"), Type::STRING, "=JChIT01FKQ=="),
        (json!(null), Type::optional(Type::STRING), "null"),
        (json!("9223372036854775807"), Type::INT, "9223372036854775807"),
        (json!(1e21), Type::FLOAT, "1e+21"),
        (json!("auto"), enumeration("Strand"), "auto"),
        (json!("+ {{strand}}"), enumeration("Strand"), "=KyB7e3N0cmFuZH19"),
        (json!([1, 2]), Type::list(Type::INT), "[1,2]"),
        (json!({"n": 1, "wait": "1s"}), record("Plain"), r#"{"n":1,"wait":"1s"}"#),
        // An outside name that isn't inert encodes the whole.
        (json!(["auto"]), Type::list(enumeration("Strand")), "=WyJhdXRvIl0="),
        (json!(["a"]), Type::list(Type::STRING), "=WyJhIl0="),
        (json!({"a": 1}), Type::map(Type::INT), "=eyJhIjoxfQ=="),
        (json!("good"), enumeration("Verdict"), "good"),
    ];
    for (json, ty, expected) in table {
        let value = from_json(&json, &ty, &types).expect("a value");
        assert_eq!(encode(&value, &ty, &types), expected, "{json}");
        assert_eq!(decode(expected, &ty, &types), Ok(value), "{expected}");
    }
    for (text, ty) in [
        ("{{x}}", Type::STRING),
        ("", Type::STRING),
        ("=%%", Type::STRING),
        ("=/w==", Type::STRING),
        ("{{=fail}}", record("Plain")),
        ("auto2", enumeration("Strand")),
        ("=eyJpZCI6ImEifQ==", record("Sample")),
    ] {
        assert!(decode(text, &ty, &types).is_err(), "{text:?} as {ty}");
    }
}

#[test]
fn the_value_part_of_a_mixed_value_has_no_files() {
    let types = types();
    let sample =
        from_json(&json!({"id": "a", "reads": ["/x"]}), &record("Sample"), &types).expect("a sample");
    assert_eq!(variable_text(&sample, &record("Sample"), &types).as_deref(), Some(r#"{"id":"a"}"#));
    let samples = Value::List(vec![sample]);
    assert_eq!(encode(&samples, &Type::list(record("Sample")), &types), "=W3siaWQiOiJhIn1d");
    assert!(record("Sample").is_mixed(&types) && !record("Sample").is_value(&types));
}

#[test]
fn values_have_a_largest_size() {
    let types = types();
    let text = |length: usize| Value::String("x".repeat(length));
    assert_eq!(check_size(&text(MAX_VALUE_BYTES - 2), &Type::STRING, &types), Ok(()));
    let found =
        check_size(&text(MAX_VALUE_BYTES - 1), &Type::STRING, &types).map_err(|found| found.to_string());
    let message = "expected at most 90000 bytes of JSON in one value: make it a file, found 90001 bytes";
    assert_eq!(found, Err(message.to_owned()));
}

fn any_type() -> impl Strategy<Value = Type> {
    let leaf = prop_oneof![
        Just(Type::Bool),
        Just(Type::INT),
        Just(Type::FLOAT),
        Just(Type::STRING),
        Just(Type::Duration),
        Just(Type::Quantity),
        Just(Type::Json),
        Just(enumeration("Strand")),
        Just(enumeration("Verdict")),
        Just(record("Params")),
        Just(record("Plain")),
    ];
    leaf.prop_recursive(3, 8, 1, |inner| {
        prop_oneof![
            inner.clone().prop_map(Type::list),
            inner.clone().prop_map(Type::map),
            inner.prop_map(Type::optional),
        ]
    })
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof!["[^\u{0}]{0,8}", "[ -~]{0,8}", Just("null".to_owned()), Just("{{x}}$(y)".to_owned())]
}

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<f64>().prop_map(|number| if number.is_finite() {
            pipec_ir::number::json_number(number)
        } else {
            json!(0)
        }),
        any_text().prop_map(Json::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Json::from),
            prop::collection::btree_map(any_text(), inner, 0..3)
                .prop_map(|fields| Json::Object(fields.into_iter().collect())),
        ]
    })
}

fn values(ty: &Type) -> BoxedStrategy<Value> {
    let named = |name: &str, value: Value| (name.to_owned(), value);
    match ty {
        Type::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Type::Int { min, max } => {
            (min.unwrap_or(i64::MIN)..=max.unwrap_or(i64::MAX)).prop_map(Value::Int).boxed()
        }
        Type::Float { .. } => any::<f64>()
            .prop_map(|value| Value::Float(if value.is_finite() { value + 0.0 } else { 0.5 }))
            .boxed(),
        Type::String { .. } => any_text().prop_map(Value::String).boxed(),
        Type::Duration => (-(1_i64 << 53) + 1..1 << 53).prop_map(Value::Duration).boxed(),
        Type::Quantity => "[0-9]{1,4}(\\.[0-9])?(|m|Ki|Gi|e3)".prop_map(Value::Quantity).boxed(),
        Type::Json => any_json().prop_map(Value::Json).boxed(),
        Type::List { item } => prop::collection::vec(values(item), 0..4).prop_map(Value::List).boxed(),
        Type::Map { value } => {
            prop::collection::btree_map(any_text(), values(value), 0..4).prop_map(Value::Map).boxed()
        }
        Type::Optional { of } => prop_oneof![Just(Value::Null), values(of)].boxed(),
        Type::Enum { name } if name == "Strand" => prop_oneof![Just("auto"), Just("forward")]
            .prop_map(|name| Value::Variant { variant: name.to_owned(), fields: vec![] })
            .boxed(),
        Type::Enum { .. } => prop_oneof![
            Just(Value::Variant { variant: "good".into(), fields: vec![] }),
            any_text().prop_map(move |text| Value::Variant {
                variant: "weak".into(),
                fields: vec![named("reason", Value::String(text))],
            }),
        ]
        .boxed(),
        Type::Record { name } => match types().get(name) {
            Some(TypeDef::Record(record)) => {
                let names: Vec<String> = record.fields.iter().map(|field| field.name.clone()).collect();
                let fields: Vec<_> = record.fields.iter().map(|field| values(&field.ty)).collect();
                fields
                    .prop_map(move |values| Value::Record(names.iter().cloned().zip(values).collect()))
                    .boxed()
            }
            Some(TypeDef::Enum(_)) | None => panic!("{name} is no record"),
        },
        Type::Secret
        | Type::File { .. }
        | Type::Dir { .. }
        | Type::Table { .. }
        | Type::Timestamp
        | Type::Date
        | Type::Decimal => panic!("{ty} has no values here"),
    }
}

fn typed_value() -> impl Strategy<Value = (Type, Value)> {
    any_type().prop_flat_map(|ty| (Just(ty.clone()), values(&ty)))
}

/// A `json` value `null` in a `json?` is the optional's.
fn is_ambiguous(ty: &Type) -> bool {
    if let Type::List { item: inner } | Type::Map { value: inner } = ty {
        return is_ambiguous(inner);
    }
    *ty == Type::optional(Type::Json) || matches!(ty, Type::Optional { of } if is_ambiguous(of))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn json_loses_nothing((ty, value) in typed_value()) {
        prop_assume!(!is_ambiguous(&ty));
        let types = types();
        let json = to_json(&value, &ty, &types);
        prop_assert_eq!(from_json(&json, &ty, &types), Ok(value.clone()));
        // Also by way of the text, which is a fixed point.
        let text = canonical_json(&json);
        let again: Json = serde_json::from_str(&text).expect("canonical JSON is JSON");
        prop_assert_eq!(canonical_json(&again), text);
        prop_assert_eq!(from_json(&again, &ty, &types), Ok(value));
    }

    #[test]
    fn wire_texts_lose_nothing_and_are_harmless((ty, value) in typed_value()) {
        prop_assume!(!is_ambiguous(&ty));
        let types = types();
        let text = encode(&value, &ty, &types);
        for hostile in ["{{", "$(", "$$", "\\", "<", ">", "&", "'", "\n"] {
            prop_assert!(!text.contains(hostile), "{}", text);
        }
        prop_assert!(text.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
        prop_assert_eq!(decode(&text, &ty, &types), Ok(value));
    }

    #[test]
    fn what_a_program_reads_is_read_back((ty, value) in typed_value()) {
        prop_assume!(!is_ambiguous(&ty));
        let types = types();
        // `null` is an unset variable, and `null` in a file is text for a `string?`.
        if let Some(text) = variable_text(&value, &ty, &types) {
            let is_null_text = text == "null" && matches!(ty, Type::Optional { .. });
            prop_assume!(!is_null_text || matches!(ty.without_optional(), Type::String { .. }));
            prop_assert_eq!(parse_text(&text, &ty, &types), Ok(value));
        }
    }

    #[test]
    fn nothing_that_is_read_panics(text in any_text(), ty in any_type()) {
        let types = types();
        let _ = parse_text(&text, &ty, &types);
        let _ = decode(&text, &ty, &types);
        let _ = pipec_ir::read(&text);
    }
}

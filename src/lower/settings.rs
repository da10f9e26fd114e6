//! Settings: those of a task and those of a call's `with`, merged field by field.

use indexmap::IndexMap;
use pipec_ir as ir;

use super::expressions::{self, Surroundings};
use super::types::Types;
use crate::hir;

/// Settings by name, and by field or key for those that merge that way. In order of their first mention.
pub(super) type Flat = IndexMap<Key, ir::Expr>;

/// `resources.memory`, `env.PATH_PREFIX`, `image`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub name: &'static str,
    pub field: Option<String>,
}

/// Lowers settings, each value where it stands: over a task's inputs, or over a caller's names.
pub(super) fn flatten<'a>(
    settings: &'a [hir::Setting],
    types: &mut Types<'a>,
    around: &mut dyn Surroundings<'a>,
) -> Flat {
    let mut flat = Flat::new();
    for setting in settings {
        let value = expressions::lower(&setting.value, types, around);
        let merges = matches!(value.ty, ir::Type::Record { .. } | ir::Type::Map { .. });
        if !merges {
            flat.insert(Key { name: setting.name, field: None }, value);
            continue;
        }
        for (field, value) in parts(&value, types) {
            flat.insert(Key { name: setting.name, field: Some(field) }, value);
        }
    }
    flat
}

/// The fields of a record or the entries of a map, without those that are `null`.
fn parts(value: &ir::Expr, types: &Types) -> Vec<(String, ir::Expr)> {
    if let ir::ExprKind::Widen(of) = &value.kind {
        return parts(of, types);
    }
    let parts = if let ir::ExprKind::Record(fields) | ir::ExprKind::Map(fields) = &value.kind {
        fields.clone()
    } else if let ir::ExprKind::Const(serde_json::Value::Object(entries)) = &value.kind {
        constant_parts(value, entries, types)
    } else {
        panic!("a setting's record is written out or constant")
    };
    parts.into_iter().filter(|(_, value)| !is_null(value)).collect()
}

fn constant_parts(
    value: &ir::Expr,
    entries: &serde_json::Map<String, serde_json::Value>,
    types: &Types,
) -> Vec<(String, ir::Expr)> {
    let constant = |ty: &ir::Type, json: &serde_json::Value| ir::Expr {
        ty: ty.clone(),
        kind: ir::ExprKind::Const(json.clone()),
        span: value.span,
    };
    if let ir::Type::Map { value: ty } = &value.ty {
        return entries.iter().map(|(key, json)| (key.clone(), constant(ty, json))).collect();
    }
    let ir::Type::Record { name } = &value.ty else { panic!("a setting with parts is a record or a map") };
    let Some(ir::TypeDef::Record(record)) = types.table.get(name) else {
        panic!("the record `{name}` isn't in the table")
    };
    let part = |field: &ir::Field| {
        let json = entries.get(field.json_name())?;
        Some((field.name.clone(), constant(&field.ty, json)))
    };
    record.fields.iter().filter_map(part).collect()
}

fn is_null(value: &ir::Expr) -> bool {
    matches!(value.kind, ir::ExprKind::Const(serde_json::Value::Null))
}

/// Builds the IR's settings.
pub(super) fn build(flat: &Flat, types: &Types) -> ir::Settings {
    let one = |name| flat.get(&Key { name, field: None });
    let part = |name, field: &str| flat.get(&Key { name, field: Some(field.to_owned()) });
    let entries = |name: &'static str| {
        flat.iter()
            .filter(move |(key, _)| key.name == name)
            .filter_map(|(key, value)| key.field.clone().map(|field| (field, value.clone())))
    };
    let texts = |name| entries(name).map(|(key, value)| (key, text(&value))).collect();
    let quantity = |name, field| part(name, field).map(inner);
    ir::Settings {
        image: one("image").map(text),
        image_pull_policy: one("image_pull_policy").map(|value| match word(value).as_str() {
            "always" => ir::PullPolicy::Always,
            "never" => ir::PullPolicy::Never,
            "if_not_present" => ir::PullPolicy::IfNotPresent,
            other => panic!("unknown pull policy `{other}`"),
        }),
        resources: ir::Resources {
            cpu: quantity("resources", "cpu"),
            memory: quantity("resources", "memory"),
            gpu: quantity("resources", "gpu"),
            gpu_kind: part("resources", "gpu_kind").map(text),
            ephemeral_storage: quantity("resources", "ephemeral_storage"),
            cpu_limit: quantity("resources", "cpu_limit"),
            memory_limit: quantity("resources", "memory_limit"),
        },
        retry: part("retry", "limit").map(|limit| ir::Retry {
            limit: u32::try_from(integer(limit)).unwrap_or_else(|_| panic!("a negative retry limit")),
            backoff_ms: part("retry", "backoff").map(|value| duration(value, types)),
            factor: part("retry", "factor").map(float),
            max_backoff_ms: part("retry", "max_backoff").map(|value| duration(value, types)),
            exit_codes: part("retry", "exit_codes").map(|codes| {
                let code = |code: ir::Expr| {
                    u8::try_from(integer(&code)).unwrap_or_else(|_| panic!("no exit status"))
                };
                items(codes).into_iter().map(code).collect()
            }),
        }),
        timeout: one("timeout").map(inner),
        cache: one("cache").is_some_and(|value| matches!(constant(value), serde_json::Value::Bool(true))),
        env: entries("env").map(|(key, value)| (key, inner(&value))).collect(),
        secrets: entries("secrets").collect(),
        node_selector: texts("node_selector"),
        tolerations: one("tolerations")
            .map(items)
            .unwrap_or_default()
            .iter()
            .map(|item| toleration(item, types))
            .collect(),
        labels: texts("labels"),
        annotations: texts("annotations"),
        service_account: one("service_account").map(text),
        shm_size: one("shm_size").map(inner),
        volumes: one("volumes")
            .map(items)
            .unwrap_or_default()
            .iter()
            .map(|item| volume(item, types))
            .collect(),
    }
}

fn toleration(item: &ir::Expr, types: &Types) -> ir::Toleration {
    let fields: IndexMap<String, ir::Expr> = parts(item, types).into_iter().collect();
    ir::Toleration {
        key: fields.get("key").map(text),
        value: fields.get("value").map(text),
        effect: fields.get("effect").map(|value| match word(value).as_str() {
            "no_schedule" => ir::TolerationEffect::NoSchedule,
            "prefer_no_schedule" => ir::TolerationEffect::PreferNoSchedule,
            "no_execute" => ir::TolerationEffect::NoExecute,
            other => panic!("unknown toleration effect `{other}`"),
        }),
    }
}

fn volume(item: &ir::Expr, types: &Types) -> ir::Volume {
    let fields: IndexMap<String, ir::Expr> = parts(item, types).into_iter().collect();
    let Some(mount) = fields.get("mount") else { panic!("a volume without a mount") };
    let source = match (fields.get("claim"), fields.get("size")) {
        (Some(claim), _) => ir::VolumeSource::Claim { claim: text(claim) },
        (None, Some(size)) => ir::VolumeSource::Scratch { size: inner(size) },
        (None, None) => panic!("a volume without a size or a claim"),
    };
    let read_only =
        fields.get("read_only").is_some_and(|value| matches!(constant(value), serde_json::Value::Bool(true)));
    ir::Volume { mount: text(mount), source, read_only }
}

/// A value of an optional setting, as what it is.
pub(super) fn inner(value: &ir::Expr) -> ir::Expr {
    let ir::Type::Optional { of: ty } = &value.ty else { return value.clone() };
    if let ir::ExprKind::Widen(of) = &value.kind {
        return inner(of);
    }
    if let ir::ExprKind::Const(_) = &value.kind {
        return ir::Expr { ty: (**ty).clone(), ..value.clone() };
    }
    value.clone()
}

fn items(list: &ir::Expr) -> Vec<ir::Expr> {
    if let ir::ExprKind::List(items) = &list.kind {
        return items.clone();
    }
    if let ir::ExprKind::Widen(of) = &list.kind {
        return items(of);
    }
    let ir::Type::List { item } = list.ty.without_optional() else {
        panic!("a setting's list has no list's type")
    };
    let serde_json::Value::Array(values) = constant(list) else { panic!("a setting's list is no list") };
    let constant = |json: &serde_json::Value| ir::Expr {
        ty: (**item).clone(),
        kind: ir::ExprKind::Const(json.clone()),
        span: list.span,
    };
    values.iter().map(constant).collect()
}

fn constant(value: &ir::Expr) -> &serde_json::Value {
    if let ir::ExprKind::Widen(of) = &value.kind {
        return constant(of);
    }
    let ir::ExprKind::Const(json) = &value.kind else { panic!("a setting that must be constant isn't") };
    json
}

fn text(value: &ir::Expr) -> String {
    constant(value).as_str().unwrap_or_else(|| panic!("a setting's text is no string")).to_owned()
}

/// A variant's name.
fn word(value: &ir::Expr) -> String {
    text(value)
}

fn integer(value: &ir::Expr) -> i64 {
    constant(value).as_i64().unwrap_or_else(|| panic!("a setting's number is no int"))
}

fn float(value: &ir::Expr) -> f64 {
    constant(value).as_f64().unwrap_or_else(|| panic!("a setting's number is no float"))
}

/// Milliseconds.
fn duration(value: &ir::Expr, types: &Types) -> u64 {
    let ir::Expr { kind: ir::ExprKind::Const(json), .. } = inner(value) else {
        panic!("a setting's duration varies")
    };
    match ir::from_json(&json, &ir::Type::Duration, &types.table) {
        Ok(ir::value::Value::Duration(milliseconds)) if milliseconds >= 0 => milliseconds.unsigned_abs(),
        other => panic!("a setting's duration is {other:?}"),
    }
}

/// Builds a launch from its settings; what isn't a setting is left empty.
pub(super) fn launch(flat: &Flat, types: &Types) -> ir::Launch {
    let one = |name| flat.get(&Key { name, field: None });
    let labels = flat.iter().filter(|(key, _)| key.name == "labels");
    ir::Launch {
        doc: None,
        pipeline: ir::PipelineId(String::new()),
        arguments: Vec::new(),
        schedule: one("schedule").map(text),
        timezone: one("timezone").map(text),
        overlap: one("overlap").map(|value| match word(value).as_str() {
            "allow" => ir::Overlap::Allow,
            "forbid" => ir::Overlap::Forbid,
            "replace" => ir::Overlap::Replace,
            other => panic!("unknown overlap `{other}`"),
        }),
        deadline_ms: one("deadline").map(|value| duration(value, types)),
        labels: labels.filter_map(|(key, value)| Some((key.field.clone()?, text(value)))).collect(),
        span: None,
    }
}

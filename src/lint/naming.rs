//! Names, as far as the grammar leaves a choice: types as `CamelCase`, everything else with single `_`.

use crate::diagnostics::{Diagnostic, codes};
use crate::resolve::Modules;
use crate::syntax::ast::{self, ItemKind, Name};

pub(super) fn look(modules: &Modules, found: &mut Vec<Diagnostic>) {
    for module in modules.all.iter().filter(|module| !module.is_library) {
        module.tree.items.iter().for_each(|item| look_at_item(item, found));
    }
}

fn look_at_item(item: &ast::Item, found: &mut Vec<Diagnostic>) {
    match &item.kind {
        ItemKind::Const(tree) => snake(&tree.name, found),
        ItemKind::Type(tree) => camel(&tree.name, found),
        ItemKind::Record(tree) => {
            camel(&tree.name, found);
            tree.fields.iter().for_each(|field| snake(&field.name, found));
        }
        ItemKind::Enum(tree) => {
            camel(&tree.name, found);
            for variant in &tree.variants {
                snake(&variant.name, found);
                variant.fields.iter().for_each(|field| snake(&field.name, found));
            }
        }
        ItemKind::Format(tree) => snake(&tree.name, found),
        ItemKind::Task(tree) => {
            snake(&tree.name, found);
            interface(&tree.parameters, &tree.results, found);
        }
        ItemKind::Pipeline(tree) => {
            snake(&tree.name, found);
            interface(&tree.parameters, &tree.results, found);
        }
        ItemKind::Launch(tree) => snake(&tree.name, found),
        ItemKind::Use(_) | ItemKind::Error => {}
    }
}

fn interface(parameters: &[ast::Parameter], results: &ast::Results, found: &mut Vec<Diagnostic>) {
    parameters.iter().for_each(|parameter| snake(&parameter.name, found));
    if let ast::Results::Named(fields, _) = results {
        fields.iter().for_each(|field| snake(&field.name, found));
    }
}

/// `URI` is `Uri`.
fn camel(name: &Name, found: &mut Vec<Diagnostic>) {
    let text = &name.value;
    if text.len() > 1 && !text.chars().any(char::is_lowercase) {
        let better: String =
            text[..1].chars().chain(text[1..].chars().flat_map(char::to_lowercase)).collect();
        found.push(unusual(name, &better));
    }
}

/// One `_` between words, and none behind them. A `_` before them says that nobody reads the name.
fn snake(name: &Name, found: &mut Vec<Diagnostic>) {
    let words: Vec<&str> = name.value.split('_').filter(|word| !word.is_empty()).collect();
    let first = if name.value.starts_with('_') { "_" } else { "" };
    let better = format!("{first}{}", words.join("_"));
    if better != name.value && !words.is_empty() {
        found.push(unusual(name, &better));
    }
}

fn unusual(name: &Name, better: &str) -> Diagnostic {
    let message = format!("`{}` would be `{better}` as others write it", name.value);
    Diagnostic::warning(codes::NAMING, message, name.span, "an unusual name")
        .with_help(format!("call it `{better}`"))
}

//! A Mermaid flowchart.

use super::picture::{Box, Part, Picture, Shape};

pub(super) fn draw(picture: &Picture) -> String {
    let mut text = "flowchart TD\n".to_owned();
    push(&mut text, &picture.boxes, 1);
    push_arrows(&mut text, &picture.boxes);
    text
}

fn push(text: &mut String, boxes: &[Box], depth: usize) {
    let indentation = "  ".repeat(depth);
    for one in boxes {
        let label = quoted(&one.label());
        if one.parts.is_empty() {
            let (open, close) = brackets(one.shape);
            text.push_str(&format!("{indentation}{}{open}{label}{close}\n", one.id));
            continue;
        }
        text.push_str(&format!("{indentation}subgraph {}[{label}]\n", one.id));
        for (index, part) in one.parts.iter().enumerate() {
            push_part(text, one, index, part, depth + 1);
        }
        text.push_str(&format!("{indentation}end\n"));
    }
}

fn push_part(text: &mut String, of: &Box, index: usize, part: &Part, depth: usize) {
    if part.name.is_empty() {
        push(text, &part.boxes, depth);
        return;
    }
    let indentation = "  ".repeat(depth);
    text.push_str(&format!("{indentation}subgraph {}_{index}[{}]\n", of.id, quoted(&part.name)));
    push(text, &part.boxes, depth + 1);
    text.push_str(&format!("{indentation}end\n"));
}

fn push_arrows(text: &mut String, boxes: &[Box]) {
    for one in boxes {
        text.extend(one.after.iter().map(|from| format!("  {from} --> {}\n", one.id)));
        one.parts.iter().for_each(|part| push_arrows(text, &part.boxes));
    }
}

fn brackets(shape: Shape) -> (&'static str, &'static str) {
    match shape {
        Shape::Task => ("[", "]"),
        Shape::Pipeline => ("[[", "]]"),
        Shape::Value => ("(", ")"),
        Shape::Unit => ("{{", "}}"),
        Shape::Gate => ("([", "])"),
        Shape::Hook => (">", "]"),
    }
}

/// Mermaid reads `#quot;` as a quotation mark and `#35;` as `#`.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('#', "#35;").replace('"', "#quot;").replace('<', "#lt;"))
}

//! A Graphviz digraph.

use super::picture::{Box, Picture, Shape};

pub(super) fn draw(picture: &Picture) -> String {
    let name = quoted(&picture.name);
    let mut text = format!("digraph {name} {{\n  compound=true;\n  node [shape=box];\n");
    push(&mut text, &picture.boxes, 1);
    push_arrows(&mut text, &picture.boxes);
    text.push_str("}\n");
    text
}

fn push(text: &mut String, boxes: &[Box], depth: usize) {
    let indentation = "  ".repeat(depth);
    for one in boxes {
        let (id, label) = (&one.id, quoted(&one.label()));
        if one.parts.is_empty() {
            text.push_str(&format!("{indentation}{id} [label={label}{}];\n", shape(one.shape)));
            continue;
        }
        text.push_str(&format!("{indentation}subgraph cluster_{id} {{\n{indentation}  label={label};\n"));
        // Arrows from and to the whole end at this point.
        text.push_str(&format!("{indentation}  {id} [shape=point, style=invis];\n"));
        for (index, part) in one.parts.iter().enumerate() {
            if part.name.is_empty() {
                push(text, &part.boxes, depth + 1);
                continue;
            }
            let label = quoted(&part.name);
            text.push_str(&format!(
                "{indentation}  subgraph cluster_{id}_{index} {{\n{indentation}    label={label};\n"
            ));
            push(text, &part.boxes, depth + 2);
            text.push_str(&format!("{indentation}  }}\n"));
        }
        text.push_str(&format!("{indentation}}}\n"));
    }
}

fn push_arrows(text: &mut String, boxes: &[Box]) {
    for one in boxes {
        for from in boxes.iter().filter(|other| one.after.contains(&other.id)) {
            let tail = from.cluster().map(|cluster| format!("ltail={cluster}"));
            let head = one.cluster().map(|cluster| format!("lhead={cluster}"));
            let ends: Vec<String> = tail.into_iter().chain(head).collect();
            let ends = if ends.is_empty() { String::new() } else { format!(" [{}]", ends.join(", ")) };
            text.push_str(&format!("  {} -> {}{ends};\n", from.id, one.id));
        }
        one.parts.iter().for_each(|part| push_arrows(text, &part.boxes));
    }
}

impl Box {
    fn cluster(&self) -> Option<String> {
        (!self.parts.is_empty()).then(|| format!("cluster_{}", self.id))
    }
}

fn shape(shape: Shape) -> &'static str {
    match shape {
        Shape::Task => "",
        Shape::Pipeline => ", shape=box3d",
        Shape::Value => ", shape=ellipse",
        Shape::Unit => ", shape=hexagon",
        Shape::Gate => ", shape=octagon",
        Shape::Hook => ", shape=cds",
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

//! A line for each step, with what it waits for.

use super::picture::{Box, Picture};

pub(super) fn draw(picture: &Picture) -> String {
    let mut text = format!("{}\n", picture.name);
    push(&mut text, &picture.boxes, 1);
    text
}

fn push(text: &mut String, boxes: &[Box], depth: usize) {
    let indentation = "  ".repeat(depth);
    for one in boxes {
        let after: Vec<&str> = boxes
            .iter()
            .filter(|other| one.after.contains(&other.id))
            .map(|other| other.name.as_str())
            .collect();
        let after = if after.is_empty() { String::new() } else { format!("  ← {}", after.join(", ")) };
        text.push_str(&format!("{indentation}{}{after}\n", one.label()));
        for part in &one.parts {
            let mut inner = depth + 1;
            if !part.name.is_empty() {
                text.push_str(&format!("{indentation}  {}\n", part.name));
                inner += 1;
            }
            push(text, &part.boxes, inner);
        }
    }
}

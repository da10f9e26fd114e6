//! What a target has: keys of `[target.NAME]` that a program is checked against, whatever the backend.

use super::Problem;
use super::names::label_key;
use super::reader::Section;

/// The machines behind a target, and what they may run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// `NAME` of `[target.NAME]`.
    pub target: String,
    /// A step that asks for more than this fits nowhere.
    pub largest_node: Node,
    /// The kinds of GPUs, as the cluster calls them.
    pub gpu_kinds: Option<Vec<String>>,
    /// How many items a `for` may have, where it isn't the usual number.
    pub map_limit: Option<u32>,
    /// What names of images may begin with: a registry, or a registry and a path.
    pub registries: Option<Vec<String>>,
}

/// What a node has, as far as it is said. The amounts are quantities.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    pub cpu: Option<String>,
    pub memory: Option<String>,
    pub ephemeral_storage: Option<String>,
    pub gpu: Option<u32>,
}

pub(super) fn read(section: &mut Section, problems: &mut Vec<Problem>) -> Profile {
    Profile {
        target: String::new(),
        largest_node: section.section("largest_node", problems, node).unwrap_or_default(),
        gpu_kinds: section.names("gpu_kinds", label_key, problems),
        map_limit: None,
        registries: registries(section, problems),
    }
}

fn node(section: &mut Section, problems: &mut Vec<Problem>) -> Node {
    Node {
        cpu: section.quantity("cpu", problems),
        memory: section.quantity("memory", problems),
        ephemeral_storage: section.quantity("ephemeral_storage", problems),
        gpu: section.number("gpu", 0..=1_000, problems),
    }
}

fn registries(section: &mut Section, problems: &mut Vec<Problem>) -> Option<Vec<String>> {
    let registries = section.texts("registries", problems)?;
    let is_one =
        |text: &String| !text.is_empty() && !text.contains("://") && !text.contains(char::is_whitespace);
    if !registries.iter().all(is_one) {
        let place = section.place_of(&["registries"]);
        problems.push(Problem {
            message: "`registries` takes a list such as [\"ghcr.io/acme\", \"docker.io\"]".to_owned(),
            range: place,
            label: "one of these begins no name of an image".to_owned(),
            help: None,
        });
        return None;
    }
    Some(registries.iter().map(|text| text.trim_end_matches('/').to_owned()).collect())
}

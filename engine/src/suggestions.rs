//! "Did you mean": the name that is nearest to one that isn't there.

/// The nearest of the names, if it is near.
pub(crate) fn nearest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (wanted.chars().count() / 3).max(1);
    // Whoever mistakes the case means that very name.
    let folded = wanted.to_lowercase();
    names
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&folded, &name.to_lowercase()), name))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, name)| name)
}

/// `did you mean X?`, or else all names: `the inputs are a, b`.
pub(crate) fn help(wanted: &str, what: &str, names: &[&str]) -> String {
    match nearest(wanted, names.iter().copied()) {
        Some(name) => format!("did you mean {name}?"),
        None if names.is_empty() => format!("there are no {what}"),
        None => format!("the {what} are {}", names.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_suggested_and_far_ones_listed() {
        assert_eq!(help("flor", "inputs", &["floor", "grid"]), "did you mean floor?");
        assert_eq!(help("X", "inputs", &["b", "x"]), "did you mean x?");
        assert_eq!(help("zzz", "inputs", &["floor", "grid"]), "the inputs are floor, grid");
        assert_eq!(help("x", "launches", &[]), "there are no launches");
    }
}

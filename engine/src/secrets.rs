//! Secrets on this machine: key `token` of secret `openai` is the variable `PIPEC_SECRET_OPENAI_TOKEN` of the caller.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;

/// The values of the secrets that a run needs. They are never printed: also its `Debug` has only their names.
#[derive(Clone, Default)]
pub(crate) struct Secrets {
    values: BTreeMap<(String, String), String>,
}

impl Secrets {
    pub(crate) fn insert(&mut self, name: &str, key: &str, value: String) {
        self.values.insert((name.to_owned(), key.to_owned()), value);
    }

    pub(crate) fn get(&self, name: &str, key: &str) -> Option<&str> {
        self.values.get(&(name.to_owned(), key.to_owned())).map(String::as_str)
    }

    /// All values, longest first, for masking.
    pub(crate) fn values(&self) -> Vec<String> {
        let mut values: Vec<String> = self.values.values().cloned().collect();
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        values
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_list().entries(self.values.keys()).finish()
    }
}

/// The variable that holds a secret's key.
pub(crate) fn variable_name(name: &str, key: &str) -> OsString {
    let part = |text: &str| -> String {
        let upper = |character: char| {
            if character.is_ascii_alphanumeric() { character.to_ascii_uppercase() } else { '_' }
        };
        text.chars().map(upper).collect()
    };
    OsString::from(format!("PIPEC_SECRET_{}_{}", part(name), part(key)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_a_variable_and_never_printed() {
        assert_eq!(variable_name("openai", "token"), "PIPEC_SECRET_OPENAI_TOKEN");
        assert_eq!(variable_name("my-db.prod", "user name"), "PIPEC_SECRET_MY_DB_PROD_USER_NAME");
        let mut secrets = Secrets::default();
        secrets.insert("openai", "token", "hunter2".to_owned());
        assert!(!format!("{secrets:?}").contains("hunter2"));
    }
}

//! A program of the suite: its folder, what it is given and what is expected of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use indexmap::IndexMap;
use serde_json::Value as Json;

pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
}

/// A run, and what its steps printed.
pub(crate) struct Run {
    pub(crate) ended: Ended,
    pub(crate) printed: String,
}

/// How a run ended.
pub(crate) enum Ended {
    /// With these outputs.
    Well(Json),
    /// With a failure, and this was said.
    Badly(String),
}

/// What an entry takes and gives.
pub(crate) struct Interface {
    pub(crate) entry_pipeline: String,
    pub(crate) pipeline: pipec_ir::Pipeline,
    pub(crate) types: pipec_ir::TypeTable,
}

pub(crate) fn all() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/programs");
    let mut cases: Vec<Case> = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("main.pipe").is_file())
        .map(|folder| Case { name: folder.file_name().unwrap().to_str().unwrap().to_owned(), folder })
        .collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(!cases.is_empty());
    cases
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Everything that a program said.
pub(crate) fn said(output: &Output) -> String {
    text(&output.stdout) + &text(&output.stderr)
}

impl Case {
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn json(&self, name: &str) -> Option<Json> {
        let text = fs::read_to_string(self.path(name)).ok()?;
        Some(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}/{name}: {error}", self.name)))
    }

    /// Values of the entry's inputs, as JSON by name.
    pub(crate) fn inputs(&self) -> IndexMap<String, Json> {
        let inputs = self.json("inputs.json").unwrap_or_else(|| Json::Object(Default::default()));
        serde_json::from_value(inputs).unwrap()
    }

    /// Texts that a person types for the entry's inputs, by name.
    pub(crate) fn typed(&self) -> IndexMap<String, String> {
        self.json("typed.json").map(|json| serde_json::from_value(json).unwrap()).unwrap_or_default()
    }

    /// The launch that is started instead of the pipeline.
    pub(crate) fn launch(&self) -> Option<String> {
        fs::read_to_string(self.path("launch.txt")).ok().map(|name| name.trim().to_owned())
    }

    /// What `pipec` is told to compile or to run.
    pub(crate) fn entry(&self) -> String {
        self.launch().map_or("main.pipe".to_owned(), |launch| format!("main.pipe::{launch}"))
    }

    /// What the program's secrets hold: by secret, then by key.
    pub(crate) fn secrets(&self) -> IndexMap<String, IndexMap<String, String>> {
        self.json("secrets.json").map(|json| serde_json::from_value(json).unwrap()).unwrap_or_default()
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pipec"));
        command.current_dir(&self.folder).args(arguments);
        command
    }

    /// What `pipec` prints, where it succeeds.
    pub(crate) fn pipec(&self, arguments: &[&str]) -> Result<String, String> {
        let output = self.command(arguments).output().unwrap();
        if output.status.success() { Ok(text(&output.stdout)) } else { Err(said(&output)) }
    }

    /// The YAML for that version of Argo, or the refusal.
    pub(crate) fn for_argo(&self, version: &str) -> Result<String, String> {
        let target = crate::proven::target(version);
        self.pipec(&["compile", &self.entry(), "--target", target, "-o", "-"])
    }

    pub(crate) fn program(&self) -> Result<Interface, String> {
        let program =
            pipec_ir::read(&self.pipec(&["ir", &self.entry()])?).map_err(|error| error.to_string())?;
        let entry = match program.entry {
            pipec_ir::Entry::Pipeline(id) => id,
            pipec_ir::Entry::Launch(name) => program.launches[&name].pipeline.clone(),
        };
        let pipeline = program.pipelines[&entry].clone();
        Ok(Interface { entry_pipeline: pipeline.name.clone(), pipeline, types: program.types })
    }

    /// Whether a run ended as `expected.json` or `failure.txt` says, and printed what `printed.txt` says.
    pub(crate) fn judge(&self, run: &Run) -> Result<(), String> {
        let failure = fs::read_to_string(self.path("failure.txt")).ok();
        match (&run.ended, failure) {
            (Ended::Well(outputs), None) => self.compare(outputs)?,
            (Ended::Well(outputs), Some(_)) => return Err(format!("it should fail, but gave {outputs}")),
            (Ended::Badly(said), None) => return Err(said.clone()),
            (Ended::Badly(said), Some(failure)) => {
                if let Some(line) = failure.lines().find(|line| !said.contains(line)) {
                    return Err(format!("it should say `{line}`\n{said}"));
                }
            }
        }
        self.judge_printed(&run.printed)
    }

    /// Whether `printed.txt` has to be compared with what steps printed.
    pub(crate) fn has_printed(&self) -> bool {
        self.path("printed.txt").exists()
    }

    fn judge_printed(&self, printed: &str) -> Result<(), String> {
        let expected = fs::read_to_string(self.path("printed.txt")).unwrap_or_default();
        for line in expected.lines() {
            let (text, wanted) = line.strip_prefix('!').map_or((line, true), |text| (text, false));
            if printed.contains(text) != wanted {
                let what = if wanted { "should have" } else { "shouldn't have" };
                return Err(format!("a step {what} printed `{text}`\n{printed}"));
            }
        }
        Ok(())
    }

    fn compare(&self, outputs: &Json) -> Result<(), String> {
        let expected = self.json("expected.json").ok_or("expected.json is missing")?;
        let same = |a: &Json, b: &Json| pipec_ir::canonical_json(a) == pipec_ir::canonical_json(b);
        if same(outputs, &expected) {
            return Ok(());
        }
        let (Json::Object(given), Json::Object(wanted)) = (outputs, &expected) else {
            return Err(format!("gave {outputs}\nnot  {expected}"));
        };
        let mut wrong = String::new();
        for name in given.keys().chain(wanted.keys().filter(|name| !given.contains_key(*name))) {
            let (given, wanted) = (given.get(name), wanted.get(name));
            if !given.is_some_and(|given| wanted.is_some_and(|wanted| same(given, wanted))) {
                let shown = |value: Option<&Json>| value.map_or("nothing".to_owned(), Json::to_string);
                wrong += &format!("{name}: gave {}\n{name}: not  {}\n", shown(given), shown(wanted));
            }
        }
        Err(wrong)
    }

    /// What stands for the program as a whole: emitted text, inputs, and what is expected.
    pub(crate) fn digest(&self, yaml: &str) -> String {
        let mut whole = yaml.to_owned();
        let names = ["inputs.json", "typed.json", "launch.txt", "secrets.json"];
        for name in names.into_iter().chain(["expected.json", "failure.txt", "printed.txt"]) {
            whole += &format!("\0{name}\0{}", fs::read_to_string(self.path(name)).unwrap_or_default());
        }
        pipec_ir::sha256_hex(whole.as_bytes())
    }
}

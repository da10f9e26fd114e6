//! Reads what a program gave, and checks all of it against what its task declares.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use pipec_ir::text::{MAX_VALUE_BYTES, check_size, parse_text, without_newline};
use pipec_ir::{Format, Output, Results, Task, Type, TypeTable, Value, from_json};

use super::python::{Assigned, read_result};
use crate::artifacts::collect::{OutputFault, collect};
use crate::artifacts::extension;
use crate::error::io_message;

/// What is longer isn't even read. JSON may be written with more blanks and escapes than canonical JSON has.
const MAX_TEXT_BYTES: u64 = 16 * MAX_VALUE_BYTES as u64;

pub(super) struct OutputReader<'a> {
    pub(super) task: &'a Task,
    pub(super) types: &'a TypeTable,
    /// Names and paths, in declared order.
    pub(super) places: &'a [(String, String)],
    /// The file with what a python block assigned.
    pub(super) python_result: Option<PathBuf>,
    pub(super) stdout: &'a Path,
}

/// Where each output is to be written, below a directory.
pub(super) fn output_places(
    results: &Results,
    directory: &Path,
    formats: &IndexMap<String, Format>,
) -> Vec<(String, PathBuf)> {
    let place =
        |output: &Output| directory.join(format!("{}{}", output.name, extension(&output.ty, formats)));
    results.outputs().iter().map(|output| (output.name.clone(), place(output))).collect()
}

impl OutputReader<'_> {
    /// The outputs in declared order. An error is a message that names the task, the output and the value.
    pub(super) fn read(&self) -> Result<Vec<(String, Value)>, String> {
        let assigned = match &self.python_result {
            Some(path) => Some(read_result(path)?),
            None => None,
        };
        let outputs = self.task.results.outputs().iter().zip(self.places);
        outputs.map(|(output, (_, place))| self.output(output, Path::new(place), assigned.as_ref())).collect()
    }

    fn output(
        &self,
        output: &Output,
        place: &Path,
        assigned: Option<&Assigned>,
    ) -> Result<(String, Value), String> {
        let name = &output.name;
        if let Some(fault) = assigned.and_then(|assigned| assigned.faults.get(name)) {
            return Err(self.wrong(name, fault.as_str().unwrap_or_default()));
        }
        let found = match assigned {
            _ if output.ty.holds_artifacts(self.types) => collect(place, &output.ty),
            Some(assigned) => self.assigned(output, assigned),
            None => self.written(&output.ty, place),
        };
        match found {
            Ok(value) => Ok((name.clone(), value)),
            Err(OutputFault::Missing) => Err(self.missing(output, assigned.is_some())),
            Err(OutputFault::Wrong(sentence)) => Err(self.wrong(name, &sentence)),
        }
    }

    fn assigned(&self, output: &Output, assigned: &Assigned) -> Result<Value, OutputFault> {
        match assigned.values.get(&output.name) {
            None if matches!(output.ty, Type::Optional { .. }) => Ok(Value::Null),
            None => Err(OutputFault::Missing),
            Some(json) => {
                let value = from_json(json, &output.ty, self.types);
                self.sized(value.map_err(|found| OutputFault::Wrong(found.to_string()))?, &output.ty)
            }
        }
    }

    fn written(&self, ty: &Type, place: &Path) -> Result<Value, OutputFault> {
        let text = match read_text(place) {
            Ok(Some(text)) => text,
            Ok(None) if matches!(ty, Type::Optional { .. }) => return Ok(Value::Null),
            Ok(None) => return Err(OutputFault::Missing),
            Err(sentence) => return Err(OutputFault::Wrong(sentence)),
        };
        let value = parse_text(without_newline(&text), ty, self.types);
        self.sized(value.map_err(|found| OutputFault::Wrong(found.to_string()))?, ty)
    }

    fn sized(&self, value: Value, ty: &Type) -> Result<Value, OutputFault> {
        check_size(&value, ty, self.types).map_err(|found| OutputFault::Wrong(found.to_string()))?;
        Ok(value)
    }

    fn wrong(&self, output: &str, sentence: &str) -> String {
        format!("the output `{output}` of task `{}` is wrong: {sentence}", self.task.name)
    }

    fn missing(&self, output: &Output, is_python: bool) -> String {
        let Output { name, ty, .. } = output;
        let is_value = !ty.holds_artifacts(self.types);
        let mut message = format!("the output `{name}` ({ty}) of task `{}` is missing: ", self.task.name);
        if is_python && is_value {
            message.push_str(&format!("the block never assigns `{name}`"));
        } else if is_python {
            message.push_str(&format!("the block wrote nothing to the path `{name}`"));
        } else {
            message.push_str(&format!("the program wrote nothing to the path in ${name}"));
        }
        let printed = fs::metadata(self.stdout).map_or(0, |metadata| metadata.len());
        if printed > 0 {
            let way_out = if is_python && is_value {
                format!("assign it: {name} = …")
            } else if is_python {
                format!("write it to a file: {name}.write_text(…)")
            } else {
                format!("redirect it: … >\"${name}\"")
            };
            message.push_str(&format!(
                ". It wrote {printed} bytes to standard output instead, which only goes to the log; {way_out}"
            ));
        }
        message
    }
}

/// What a program wrote as a value; `None` where there is nothing.
fn read_text(place: &Path) -> Result<Option<String>, String> {
    let metadata = match fs::metadata(place) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound && fs::symlink_metadata(place).is_err() => {
            return Ok(None);
        }
        Err(error) => return Err(io_message("read", place, &error)),
    };
    if !metadata.is_file() {
        return Err("it is a value, which is written to a file, but there is a directory or something else"
            .to_owned());
    }
    if metadata.len() > MAX_TEXT_BYTES {
        return Err(format!(
            "it has {} bytes, and a value may have {MAX_VALUE_BYTES}; make it a file, such as file<jsonl>",
            metadata.len()
        ));
    }
    let bytes = fs::read(place).map_err(|error| io_message("read", place, &error))?;
    String::from_utf8(bytes).map(Some).map_err(|error| {
        format!("it isn't text in UTF-8 (at byte {}); make it a file", error.utf8_error().valid_up_to())
    })
}

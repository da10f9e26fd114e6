//! The program as a whole: its version, entry, formats, captured files, spans; then everything in it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::Validator;
use super::names::is_id;
use super::place::Place;
use crate::FEATURES;
use crate::document::is_readable;
use crate::identity::sha256_hex;
use crate::program::{Blob, Entry, Span};

impl Validator<'_> {
    pub(super) fn whole_program(&mut self) {
        let program = self.program;
        let root = Place::root("program");
        self.require(is_readable(&program.ir), &root.at("ir"), None, || {
            format!("version {} isn't known here", program.ir)
        });
        for feature in &program.features {
            let is_known = FEATURES.contains(&feature.as_str());
            self.require(is_known, &root.at("features"), None, || {
                format!("the feature {feature} isn't known here")
            });
        }
        let has_name = !program.name.is_empty() && !program.name.contains(['/', '\0']);
        self.require(has_name, &root.at("name"), None, || "a program needs a name".to_owned());
        let has_entry = match &program.entry {
            Entry::Pipeline(id) => program.pipelines.contains_key(id),
            Entry::Launch(name) => program.launches.contains_key(name),
        };
        self.require(has_entry, &root.at("entry"), None, || "there is no such pipeline or launch".to_owned());
        self.formats();
        self.blobs();
        for (id, task) in &program.tasks {
            let place = Place::root("tasks");
            let place = place.at(&id.0);
            self.require(is_id(&id.0), &place, task.span, || format!("`{}` is no id of a task", id.0));
            self.task(task, &place);
        }
        for (index, (id, pipeline)) in program.pipelines.iter().enumerate() {
            let place = Place::root("pipelines");
            let place = place.at(&id.0);
            self.require(is_id(&id.0), &place, pipeline.span, || {
                format!("`{}` is no id of a pipeline", id.0)
            });
            self.pipeline(index, pipeline, &place);
        }
        for (name, launch) in &program.launches {
            let place = Place::root("launches");
            self.launch(name, launch, &place.at(name));
        }
        // Walking needs bounded nesting, which is known by now.
        if self.found.is_empty() {
            self.spans();
        }
    }

    fn formats(&mut self) {
        let root = Place::root("formats");
        for (name, format) in &self.program.formats {
            let place = root.at(name);
            let is_extension = format.extension.strip_prefix('.').is_some_and(|rest| {
                !rest.is_empty()
                    && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-+".contains(&byte))
            });
            self.require(is_extension, &place, None, || {
                format!("`{}` is no extension: it begins with a dot", format.extension)
            });
            self.require(!format.media_type.is_empty(), &place, None, || {
                "a format needs a media type".to_owned()
            });
        }
    }

    fn blobs(&mut self) {
        let root = Place::root("blobs");
        for (sha256, blob) in &self.program.blobs {
            let place = root.at(sha256);
            let found = match blob {
                Blob::Text(text) => Ok(sha256_hex(text.as_bytes())),
                Blob::Base64(text) => BASE64.decode(text).map(|bytes| sha256_hex(&bytes)),
            };
            match found {
                Ok(found) => {
                    self.require(found == *sha256, &place, None, || {
                        format!("the content's sha256 is {found}")
                    });
                }
                Err(error) => self.report(&place, None, format!("this is no base64: {error}")),
            }
        }
    }

    /// Every span lies in a source that the program names.
    fn spans(&mut self) {
        let program = self.program;
        let mut wrong: Option<Span> = None;
        let mut look = |span: Option<Span>| {
            let fits = span.is_none_or(|span| {
                (span.file as usize) < program.sources.len()
                    && span.start <= span.end
                    && span.line > 0
                    && span.column > 0
            });
            wrong = if fits { wrong } else { wrong.or(span) };
        };
        program.visit_spans(&mut look);
        if let Some(span) = wrong {
            let place = Place::root("program");
            self.report(
                &place,
                None,
                format!("a span isn't in any source: file {}, line {}", span.file, span.line),
            );
        }
    }
}

//! Templates that pipec adds for artifacts: storing a constant one, and laying the items of a list side by side.

use pipec_ir::{ArtifactRef, Span};

use super::manifest::{
    Archive, Arguments, Artifact, ConfigMapVolume, Container, Dag as DagSpec, DagTask, EnvVar, Http, Key,
    KeyToPath, Parameter, Template, ValueFrom, Volume, VolumeMount,
};
use super::workflow::Workflow;
use crate::Refusal;

/// A step that stores a constant artifact, and what it needs.
pub(crate) struct Stored {
    /// What the DAG task is called.
    pub(crate) name: String,
    pub(crate) template: String,
    pub(crate) artifacts: Vec<Artifact>,
    /// What follows the key, where keys travel with identities.
    identity: Option<String>,
}

impl Stored {
    /// What the step has to be told.
    pub(crate) fn parameters(&self, key: impl Into<String>) -> Vec<Parameter> {
        Stored::place(key, self.identity.as_deref())
    }

    /// Where to store something, and what follows its key.
    pub(crate) fn place(key: impl Into<String>, identity: Option<&str>) -> Vec<Parameter> {
        let identity = identity.map(|identity| Parameter::value("identity", identity));
        std::iter::once(Parameter::value("key", key)).chain(identity).collect()
    }
}

impl Workflow<'_> {
    /// An image with a shell for steps of pipec's own.
    fn helper_image(&self) -> Result<String, Refusal> {
        let program = self.context.program;
        let of_task = || program.tasks.values().find_map(|task| task.settings.image.clone());
        self.context.target.default_image.clone().or_else(of_task).ok_or_else(|| {
            Refusal::new("a step that pipec adds to move files needs an image with a shell")
                .help("give the target a `default_image`")
        })
    }

    pub(crate) fn stored(&mut self, artifact: &ArtifactRef, span: Option<Span>) -> Result<Stored, Refusal> {
        match artifact {
            ArtifactRef::CapturedFile { path, sha256 } => {
                let entry = (sha256.clone(), file_name(path).to_owned(), false);
                self.stored_captured(artifact, path, &[entry], false).map_err(|refusal| refusal.spanned(span))
            }
            ArtifactRef::CapturedDir { path, entries, .. } => {
                let entries: Vec<(String, String, bool)> =
                    entries.iter().map(|entry| (entry.sha256.clone(), entry.path.clone(), entry.executable)).collect();
                self.stored_captured(artifact, path, &entries, true).map_err(|refusal| refusal.spanned(span))
            }
            ArtifactRef::Uri { uri, .. } if uri.starts_with("http://") || uri.starts_with("https://") => {
                let template = self.download()?;
                let download =
                    Artifact { name: "file".into(), http: Some(Http { url: uri.clone() }), ..Artifact::default() };
                Ok(Stored {
                    name: format!("download-{}", file_name(uri)),
                    template,
                    artifacts: vec![download],
                    identity: self.identity(artifact),
                })
            }
            ArtifactRef::Uri { uri, .. } => Err(Refusal::new(format!("Argo can't fetch `{uri}` for this target"))
                .help("name the artifact repository's bucket in the target (`artifact_bucket`), or use an https URI")
                .spanned(span)),
        }
    }

    /// What follows the key of a constant artifact.
    fn identity(&self, artifact: &ArtifactRef) -> Option<String> {
        self.context.keyed.identified.then(|| super::identities::suffix(artifact))
    }

    fn stored_captured(
        &mut self,
        artifact: &ArtifactRef,
        path: &str,
        entries: &[(String, String, bool)],
        directory: bool,
    ) -> Result<Stored, Refusal> {
        let wanted = format!("file-{}", file_name(path));
        let id = format!("{path}\0{entries:?}");
        if let Some(template) = self.helper(&id) {
            let identity = self.identity(artifact);
            return Ok(Stored { name: wanted, template, artifacts: Vec::new(), identity });
        }
        let name = self.template_name(&wanted);
        let image = self.helper_image()?;
        let mut items = Vec::new();
        for (sha256, path, executable) in entries {
            let key = self.files.add_blob(self.context.program, sha256)?;
            items.push(KeyToPath { key, path: path.clone(), mode: executable.then_some(0o555) });
        }
        let source = if directory { "/pipec/files/." } else { "/pipec/files/$FILE" };
        let copy = if directory {
            format!(
                "mkdir /tmp/stored && cp -RL {source} /tmp/stored/ && rm -rf /tmp/stored/..data /tmp/stored/..2*"
            )
        } else {
            format!("cp -L \"{source}\" /tmp/stored")
        };
        let mut env = self.key_env();
        if !directory {
            env.push(EnvVar::new("FILE", file_name(path)));
        }
        self.push(Template {
            name: name.clone(),
            inputs: self.key_input(),
            volumes: vec![Volume {
                name: "task-files".into(),
                config_map: Some(ConfigMapVolume { name: self.files.name().to_owned(), items }),
                ..Volume::default()
            }],
            container: Some(Container {
                image,
                image_pull_policy: None,
                command: vec!["sh".into(), "-c".into()],
                args: vec![format!("{copy} && printf %s \"{}\" >/tmp/key", self.key_text())],
                env,
                resources: super::pod::default_resources(self.context.target),
                volume_mounts: vec![VolumeMount {
                    name: "task-files".into(),
                    mount_path: "/pipec/files".into(),
                    read_only: true,
                    ..VolumeMount::default()
                }],
            }),
            outputs: stored_output("/tmp/stored"),
            ..Template::default()
        });
        self.add_helper(&id, &name);
        Ok(Stored { name: wanted, template: name, artifacts: Vec::new(), identity: self.identity(artifact) })
    }

    /// A step whose input artifact becomes its output, under a key of our own.
    pub(crate) fn download(&mut self) -> Result<String, Refusal> {
        if let Some(name) = self.helper("store") {
            return Ok(name);
        }
        let name = self.template_name("store");
        self.add_helper("store", &name);
        let image = self.helper_image()?;
        let mut inputs = self.key_input();
        inputs.artifacts.push(Artifact {
            name: "file".into(),
            path: Some("/pipec/in/file".into()),
            ..Artifact::default()
        });
        self.push(Template {
            name: name.clone(),
            inputs,
            container: Some(Container {
                image,
                image_pull_policy: None,
                command: vec!["sh".into(), "-c".into()],
                args: vec![format!(
                    "cp -R /pipec/in/file /tmp/stored && printf %s \"{}\" >/tmp/key",
                    self.key_text()
                )],
                env: self.key_env(),
                resources: super::pod::default_resources(self.context.target),
                volume_mounts: Vec::new(),
            }),
            outputs: stored_output("/tmp/stored"),
            ..Template::default()
        });
        Ok(name)
    }

    /// Copies the artifacts with these keys to `prefix/0`, `prefix/1`, …, unless they lie side by side already.
    pub(crate) fn collect(&mut self) -> Result<String, Refusal> {
        if let Some(name) = self.helper("collect") {
            return Ok(name);
        }
        let name = self.template_name("collect");
        self.add_helper("collect", &name);
        let place = self.reserve();
        let copy = self.download()?;
        let nothing = self.no_time();
        let identity = self.context.keyed.identified.then(String::new);
        // The first key without its last part.
        let keys = "fromJSON(inputs.parameters.keys)";
        let first = format!("trimSuffix({keys}[0], '/0')");
        let side_by_side = format!(
            "(len({keys}) == 0 or {keys}[0] != nil and {keys}[0] endsWith '/0' and \
             toJson({keys}) == toJson(map({keys}, {first} + '/' + string(#index))))"
        );
        let items = format!(
            "{{{{={side_by_side} ? '[]' : toJson(filter(map({keys}, ({{'i': string(#index), 'key': #}})), #.key != nil))}}}}"
        );
        let each = DagTask {
            name: "copy".into(),
            template: copy,
            with_param: Some(items),
            arguments: Arguments {
                parameters: Stored::place("{{inputs.parameters.prefix}}/{{item.i}}", identity.as_deref()),
                artifacts: vec![Artifact {
                    name: "file".into(),
                    s3: Some(Key { key: "{{item.key}}".into() }),
                    ..Artifact::default()
                }],
            },
            ..DagTask::default()
        };
        let ready = DagTask { name: "ready".into(), template: nothing, ..DagTask::default() };
        let result = format!("{side_by_side} and len({keys}) > 0 ? {first} : inputs.parameters.prefix");
        self.put(
            place,
            Template {
                name: name.clone(),
                inputs: Arguments {
                    parameters: vec![Parameter::named("keys"), Parameter::named("prefix")],
                    ..Arguments::default()
                },
                dag: Some(DagSpec { fail_fast: None, tasks: vec![ready, each] }),
                outputs: Arguments {
                    parameters: vec![Parameter::from("prefix", ValueFrom::Expression(result))],
                    ..Arguments::default()
                },
                ..Template::default()
            },
        );
        Ok(name)
    }
}

impl Workflow<'_> {
    /// Where a step of pipec's own stores something, and what that is.
    fn key_input(&self) -> Arguments {
        let mut parameters = vec![Parameter::named("key")];
        if self.context.keyed.identified {
            parameters.push(Parameter::named("identity"));
        }
        Arguments { parameters, ..Arguments::default() }
    }

    fn key_env(&self) -> Vec<EnvVar> {
        let mut env = vec![EnvVar::new("KEY", "{{inputs.parameters.key}}")];
        if self.context.keyed.identified {
            env.push(EnvVar::new("IDENTITY", "{{inputs.parameters.identity}}"));
        }
        env
    }

    fn key_text(&self) -> &'static str {
        if self.context.keyed.identified { "$KEY$IDENTITY" } else { "$KEY" }
    }
}

fn stored_output(path: &str) -> Arguments {
    Arguments {
        parameters: vec![Parameter::from("key", ValueFrom::Path("/tmp/key".into()))],
        artifacts: vec![Artifact {
            name: "file".into(),
            path: Some(path.to_owned()),
            archive: Some(Archive::default()),
            s3: Some(Key { key: "{{inputs.parameters.key}}".into() }),
            ..Artifact::default()
        }],
    }
}

fn file_name(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("file")
}

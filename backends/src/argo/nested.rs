//! Lists of lists of artifacts: a directory of directories. Argo has no such thing, so the artifacts are copied to a prefix
//! of their own, each to its place.

use super::expression::Term;
use super::helpers::Stored;
use super::identities::MARK;
use super::manifest::{Arguments, Artifact, Dag as DagSpec, DagTask, Key, Parameter, Template, ValueFrom};
use super::workflow::Workflow;
use crate::Refusal;

/// The tag of a list with the key of each artifact and its place: `{"i":"2/0","key":"…"}`.
pub(crate) fn items(lists: &Term, identified: bool) -> String {
    let key = if identified { format!("split(#, '{MARK}')[0]") } else { "#".to_owned() };
    // A predicate doesn't see the index of the one around it: inner places first, then the outer in front of them.
    let inner = format!("map({}, map(#, string(#index) + ' ' + (# == nil ? '' : {key})))", lists.text);
    let outer = "split(string(#index) + '/' + join(#, '\\n' + string(#index) + '/'), '\\n')";
    let all = format!("flatten(map({inner}, len(#) == 0 ? [] : {outer}))");
    let there = format!("filter({all}, not (# endsWith ' '))");
    let pairs = format!("map({there}, ({{'i': split(#, ' ', 2)[0], 'key': split(#, ' ', 2)[1]}}))");
    format!("{{{{=toJson({pairs})}}}}")
}

/// How many items there are at each level, for a shell: `2 0:3 1:0`.
pub(crate) fn counts(lists: &str) -> String {
    format!("string(len({lists})) + join(map({lists}, ' ' + string(#index) + ':' + string(len(#))), '')")
}

impl Workflow<'_> {
    /// Copies artifacts to places below a prefix.
    pub(crate) fn copy_all(&mut self) -> Result<String, Refusal> {
        let what = "copy-all";
        if let Some(name) = self.helper(what) {
            return Ok(name);
        }
        let name = self.template_name(what);
        self.add_helper(what, &name);
        let place = self.reserve();
        let template = self.download()?;
        let nothing = self.no_time();
        let identity = self.context.keyed.identified.then(String::new);
        let parameters = Stored::place("{{inputs.parameters.prefix}}/{{item.i}}", identity.as_deref());
        let artifact = Artifact {
            name: "file".into(),
            s3: Some(Key { key: "{{item.key}}".into() }),
            ..Artifact::default()
        };
        let copy = DagTask {
            name: "copy".into(),
            template,
            with_param: Some("{{inputs.parameters.items}}".into()),
            arguments: Arguments { parameters, artifacts: vec![artifact] },
            ..DagTask::default()
        };
        let ready = DagTask { name: "ready".into(), template: nothing, ..DagTask::default() };
        let prefix = ValueFrom::Expression("inputs.parameters.prefix".into());
        self.put(
            place,
            Template {
                name: name.clone(),
                inputs: Arguments {
                    parameters: ["items", "prefix"].map(Parameter::named).to_vec(),
                    ..Arguments::default()
                },
                dag: Some(DagSpec { fail_fast: None, tasks: vec![ready, copy] }),
                outputs: Arguments {
                    parameters: vec![Parameter::from("prefix", prefix)],
                    ..Arguments::default()
                },
                ..Template::default()
            },
        );
        Ok(name)
    }
}

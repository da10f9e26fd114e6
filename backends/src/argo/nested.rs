//! Lists and maps of artifacts, in each other as deep as they are: a directory of directories. Argo has no such thing, so the
//! artifacts are copied to a prefix of their own, each to its place; a map's entries lie there in the order of their keys,
//! and the step gives them their names.

use pipec_ir::Type;

use super::expression::Term;
use super::helpers::Stored;
use super::identities::{MARK, identity};
use super::manifest::{Arguments, Artifact, Dag as DagSpec, DagTask, Key, Parameter, Template, ValueFrom};
use super::workflow::Workflow;
use crate::Refusal;

/// How artifacts lie in each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    Artifact,
    List { item: Box<Layout>, optional: bool },
    Map { value: Box<Layout>, optional: bool },
}

impl Layout {
    pub(crate) fn of(ty: &Type) -> Layout {
        let inner = |ty: &Type| (Box::new(Layout::of(ty)), matches!(ty, Type::Optional { .. }));
        match ty {
            Type::Optional { of } => Layout::of(of),
            Type::List { item } => {
                let (item, optional) = inner(item);
                Layout::List { item, optional }
            }
            Type::Map { value } => {
                let (value, optional) = inner(value);
                Layout::Map { value, optional }
            }
            Type::File { .. } | Type::Dir { .. } | Type::Table { .. } => Layout::Artifact,
            Type::Bool | Type::Int { .. } | Type::Float { .. } | Type::String { .. } => Layout::Artifact,
            Type::Duration | Type::Quantity | Type::Json | Type::Secret => Layout::Artifact,
            Type::Enum { .. } | Type::Record { .. } => Layout::Artifact,
            Type::Timestamp | Type::Date | Type::Decimal => Layout::Artifact,
        }
    }

    /// A plain list: its artifacts may lie side by side already.
    pub(crate) fn is_flat(&self) -> bool {
        matches!(self, Layout::List { item, .. } if **item == Layout::Artifact)
    }

    /// For a python step: `l` and `m` for lists and maps, from outside inwards.
    pub(crate) fn letters(&self) -> String {
        match self {
            Layout::Artifact => String::new(),
            Layout::List { item, .. } => format!("l{}", item.letters()),
            Layout::Map { value, .. } => format!("m{}", value.letters()),
        }
    }

    /// What lies directly inside of the value in a place, as a list; of what kind, and whether some may be missing.
    fn items(&self, place: &str) -> Option<(String, &Layout, bool)> {
        match self {
            Layout::Artifact => None,
            Layout::List { item, optional } => Some((place.to_owned(), item, *optional)),
            Layout::Map { value, optional } => {
                Some((format!("map(sortBy(toPairs({place}), #[0]), #[1])"), value, *optional))
            }
        }
    }

    /// A list of `PLACE TEXT`, one for each artifact; TEXT is made of its key, and empty where there is none.
    fn leaves(&self, place: &str, text: &str) -> String {
        let Some((items, inner, optional)) = self.items(place) else { return "[]".to_owned() };
        if *inner == Layout::Artifact {
            return format!("map({items}, string(#index) + ' ' + (# == nil ? '' : {text}))");
        }
        // A predicate doesn't see the index of the one around it: inner places first, then the outer in front of them.
        let element = inner.element(optional);
        let outer = "split(string(#index) + '/' + join(#, '\\n' + string(#index) + '/'), '\\n')";
        format!("flatten(map(map({items}, {}), len(#) == 0 ? [] : {outer}))", inner.leaves(&element, text))
    }

    /// An element of a predicate, with nothing inside where it is missing.
    pub(crate) fn element(&self, optional: bool) -> String {
        match (self, optional) {
            (Layout::Artifact, _) | (_, false) => "#".to_owned(),
            (Layout::List { .. }, true) => "(# ?? [])".to_owned(),
            (Layout::Map { .. }, true) => "(# ?? fromJSON('{}'))".to_owned(),
        }
    }

    /// Words for a shell: `PLACE:NUMBER` of what lies there; for maps then `PLACE=KEY` in base64, and `PLACE!` at the end.
    fn words(&self, place: &str) -> String {
        let own = format!("[':' + string(len({place}))]");
        let mut parts = vec![own];
        if let Some((items, inner, optional)) = self.items(place)
            && *inner != Layout::Artifact
        {
            let words = inner.words("#");
            let words = if optional { format!("# == nil ? [] : {words}") } else { words };
            let outer = "split('/' + string(#index) + join(#, '\\n/' + string(#index)), '\\n')";
            parts.push(format!("flatten(map(map({items}, {words}), len(#) == 0 ? [] : {outer}))"));
        }
        if let Layout::Map { .. } = self {
            parts.push(format!("map(sort(keys({place})), '/' + string(#index) + '=' + toBase64(#))"));
            parts.push("['!']".to_owned());
        }
        if parts.len() == 1 { parts.remove(0) } else { format!("concat({})", parts.join(", ")) }
    }

    /// What a shell has to know of the value in a place: how many items there are, and what is inside of them.
    pub(crate) fn counts(&self, place: &str) -> String {
        if self.is_flat() {
            format!("string(len({place}))")
        } else {
            format!("join({}, ' ')[1:]", self.words(place))
        }
    }

    /// What Python has to know of the value in a place: which items are missing, and the names in maps, as wire text.
    pub(crate) fn described(&self, place: &str) -> String {
        if self.letters().contains('m') {
            format!("'=' + toBase64(toJson({place}))")
        } else {
            format!("toJson({place})")
        }
    }

    /// The tag of a list with the key of each artifact and its place: `{"i":"2/0","key":"…"}`.
    pub(crate) fn copies(&self, place: &Term, identified: bool) -> String {
        let key = if identified { format!("split(#, '{MARK}')[0]") } else { "#".to_owned() };
        let there = format!("filter({}, not (# endsWith ' '))", self.leaves(&place.text, &key));
        let pairs = format!("map({there}, ({{'i': split(#, ' ', 2)[0], 'key': split(#, ' ', 2)[1]}}))");
        format!("{{{{=toJson({pairs})}}}}")
    }

    /// What the cache knows of the artifacts in a place.
    pub(crate) fn identities(&self, place: &str) -> String {
        if self.is_flat() {
            return format!("map({place} ?? [], # == nil ? 'null' : {})", identity("#"));
        }
        let nothing = self.element(true).replacen('#', place, 1);
        format!("concat({}, {})", self.leaves(&nothing, &identity("#")), self.words(&nothing))
    }
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

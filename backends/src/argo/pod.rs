//! Settings that become fields of the pod: resources, placement, volumes, secrets.

use indexmap::IndexMap;
use pipec_ir::{Expr, ExprKind, Task, TolerationEffect, Type, VolumeSource};

use super::Context;
use super::computed::Computed;
use super::expression::{Scope, WireValue};
use super::manifest::{
    Claim, EmptyDir, EnvSource, EnvVar, KeyToPath, Resources, SecretKey, SecretVolume, Template, Toleration,
    Volume, VolumeMount,
};
use super::target::Target;
use crate::Refusal;

/// Everything but literal resources, which belong to the container.
pub(crate) fn apply(
    context: &Context<'_>,
    task: &Task,
    scope: &Scope,
    computed: &mut Computed,
    template: &mut Template,
    mounts: &mut Vec<VolumeMount>,
) -> Result<(), Refusal> {
    let settings = &task.settings;
    template.metadata.labels = settings.labels.clone();
    for (name, text) in &settings.annotations {
        template.metadata.annotations.insert(name.clone(), text.clone());
    }
    template.service_account_name = settings.service_account.clone();
    place(context, task, template);
    let mut patch = resources_patch(context, task, scope, computed)?;
    for (index, (path, secret)) in settings.secrets.iter().enumerate() {
        let (name, key) = secret_reference(secret)?;
        let volume = format!("secret-{}", index + 1);
        let file = path.rsplit('/').next().unwrap_or("secret").to_owned();
        template.volumes.push(Volume {
            name: volume.clone(),
            secret: Some(SecretVolume {
                secret_name: name,
                items: vec![KeyToPath { key, path: file.clone(), mode: None }],
            }),
            ..Volume::default()
        });
        mounts.push(VolumeMount {
            name: volume,
            mount_path: path.clone(),
            sub_path: Some(file),
            read_only: true,
        });
    }
    for (index, volume) in settings.volumes.iter().enumerate() {
        let name = format!("volume-{}", index + 1);
        let mut entry = Volume { name: name.clone(), ..Volume::default() };
        match &volume.source {
            VolumeSource::Scratch { size } => {
                let room = Room { name: &name, medium: None, size };
                entry.empty_dir = Some(room.in_volumes(context, scope, computed, &mut patch)?);
            }
            VolumeSource::Claim { claim } => {
                entry.persistent_volume_claim =
                    Some(Claim { claim_name: claim.clone(), read_only: volume.read_only });
            }
        }
        template.volumes.push(entry);
        mounts.push(VolumeMount {
            name,
            mount_path: volume.mount.clone(),
            sub_path: None,
            read_only: volume.read_only,
        });
    }
    if let Some(size) = &settings.shm_size {
        let room = Room { name: "shm", medium: Some("Memory"), size };
        let empty_dir = Some(room.in_volumes(context, scope, computed, &mut patch)?);
        template.volumes.push(Volume { name: "shm".into(), empty_dir, ..Volume::default() });
        mounts.push(VolumeMount {
            name: "shm".into(),
            mount_path: "/dev/shm".into(),
            sub_path: None,
            read_only: false,
        });
    }
    template.pod_spec_patch = patch.text();
    Ok(())
}

/// What of the pod depends on inputs: fields that hold amounts take no tags in a template. In YAML, as Argo reads it.
#[derive(Default)]
struct Patch {
    resources: String,
    volumes: String,
}

impl Patch {
    fn text(self) -> Option<String> {
        let mut text = String::new();
        if !self.resources.is_empty() {
            text.push_str("containers:\n- name: main\n  resources:\n");
            text.push_str(&self.resources);
        }
        if !self.volumes.is_empty() {
            text.push_str("volumes:\n");
            text.push_str(&self.volumes);
        }
        (!text.is_empty()).then_some(text)
    }
}

/// An empty directory of some size.
struct Room<'e> {
    name: &'e str,
    medium: Option<&'static str>,
    size: &'e Expr,
}

impl Room<'_> {
    fn in_volumes(
        &self,
        context: &Context<'_>,
        scope: &Scope,
        computed: &mut Computed,
        patch: &mut Patch,
    ) -> Result<EmptyDir, Refusal> {
        let size = inert(context, self.size, scope, computed)?;
        if let ExprKind::Const(_) = self.size.kind {
            return Ok(EmptyDir { medium: self.medium, size_limit: Some(size) });
        }
        patch.volumes.push_str(&format!("- name: {}\n  emptyDir:\n", self.name));
        if let Some(medium) = self.medium {
            patch.volumes.push_str(&format!("    medium: {medium}\n"));
        }
        patch.volumes.push_str(&format!("    sizeLimit: \"{size}\"\n"));
        Ok(EmptyDir { medium: self.medium, size_limit: None })
    }
}

/// Where the pod may run: on the nodes of the target's pool, and as the task itself says.
fn place(context: &Context<'_>, task: &Task, template: &mut Template) {
    let settings = &task.settings;
    let gpu = settings.resources.gpu.as_ref().map(|_| gpu_kind(task));
    if let Some(pool) = context.target.node_pool(gpu.as_deref()) {
        template.node_selector = pool.node_selector.clone();
        template.tolerations = pool.tolerations.iter().map(toleration).collect();
    }
    template.node_selector.extend(settings.node_selector.clone());
    template.tolerations.extend(settings.tolerations.iter().map(toleration));
}

fn gpu_kind(task: &Task) -> String {
    task.settings.resources.gpu_kind.clone().unwrap_or_else(|| "nvidia.com/gpu".to_owned())
}

fn toleration(toleration: &pipec_ir::Toleration) -> Toleration {
    Toleration {
        key: toleration.key.clone(),
        operator: if toleration.value.is_some() { "Equal" } else { "Exists" },
        value: toleration.value.clone(),
        effect: toleration.effect.map(|effect| match effect {
            TolerationEffect::NoSchedule => "NoSchedule",
            TolerationEffect::PreferNoSchedule => "PreferNoSchedule",
            TolerationEffect::NoExecute => "NoExecute",
        }),
    }
}

/// What requests and limits are set: (limits?, name, expression).
fn wanted(task: &Task) -> Vec<(bool, String, &Expr)> {
    let resources = &task.settings.resources;
    let gpu = gpu_kind(task);
    let memory_limit = resources.memory_limit.as_ref().or(resources.memory.as_ref());
    [
        (false, "cpu".to_owned(), resources.cpu.as_ref()),
        (false, "memory".to_owned(), resources.memory.as_ref()),
        (false, "ephemeral-storage".to_owned(), resources.ephemeral_storage.as_ref()),
        (true, "cpu".to_owned(), resources.cpu_limit.as_ref()),
        (true, "memory".to_owned(), memory_limit),
        (true, gpu, resources.gpu.as_ref()),
    ]
    .into_iter()
    .filter_map(|(limit, name, expr)| Some((limit, name, expr?)))
    .collect()
}

/// The target's resources for a step that says nothing about them.
pub(crate) fn default_resources(target: &Target) -> Option<Resources> {
    let mut resources = Resources::default();
    add_defaults(target, &[], &mut resources);
    (resources != Resources::default()).then_some(resources)
}

/// Adds the target's resources, but for those that the task itself wants.
fn add_defaults(target: &Target, wanted: &[(bool, String, &Expr)], resources: &mut Resources) {
    let own = |limit: bool, name: &str| wanted.iter().any(|(of, own, _)| *of == limit && own == name);
    let defaults = &target.default_resources;
    let memory_limit = defaults.memory_limit.as_ref().or(defaults.memory.as_ref());
    for (limit, name, amount) in [
        (false, "cpu", defaults.cpu.as_ref()),
        (false, "memory", defaults.memory.as_ref()),
        (false, "ephemeral-storage", defaults.ephemeral_storage.as_ref()),
        (true, "cpu", defaults.cpu_limit.as_ref()),
        (true, "memory", memory_limit),
    ] {
        if let Some(amount) = amount
            && !own(limit, name)
        {
            let list = if limit { &mut resources.limits } else { &mut resources.requests };
            list.insert(name.to_owned(), amount.clone());
        }
    }
}

/// Resources that are constants.
pub(crate) fn literal_resources(context: &Context<'_>, task: &Task) -> Result<Option<Resources>, Refusal> {
    let mut resources = Resources::default();
    add_defaults(context.target, &wanted(task), &mut resources);
    for (limit, name, expr) in wanted(task) {
        if let ExprKind::Const(_) = expr.kind
            && let WireValue::Literal(text) = context.lowering().wire(expr, &Scope::default())?
        {
            let list = if limit { &mut resources.limits } else { &mut resources.requests };
            list.insert(name, text);
        }
    }
    Ok((resources != Resources::default()).then_some(resources))
}

/// Resources that depend on inputs.
fn resources_patch(
    context: &Context<'_>,
    task: &Task,
    scope: &Scope,
    computed: &mut Computed,
) -> Result<Patch, Refusal> {
    let mut lists: [IndexMap<String, String>; 2] = [IndexMap::new(), IndexMap::new()];
    for (limit, name, expr) in wanted(task) {
        if !matches!(expr.kind, ExprKind::Const(_)) {
            lists[usize::from(limit)].insert(name, inert(context, expr, scope, computed)?);
        }
    }
    let mut patch = Patch::default();
    for (heading, list) in ["requests", "limits"].iter().zip(&lists) {
        if !list.is_empty() {
            patch.resources.push_str(&format!("    {heading}:\n"));
            for (name, value) in list {
                patch.resources.push_str(&format!("      {name}: \"{value}\"\n"));
            }
        }
    }
    Ok(patch)
}

/// A value as it may stand in a field of the pod.
fn inert(
    context: &Context<'_>,
    expr: &Expr,
    scope: &Scope,
    computed: &mut Computed,
) -> Result<String, Refusal> {
    Ok(computed.in_step(context.lowering().wire(expr, scope)?).into_argument())
}

/// (name of the Secret, key), as text or as tags over the template's inputs.
pub(crate) fn secret_reference(expr: &Expr) -> Result<(String, String), Refusal> {
    let expr = super::keyed::unwidened(expr);
    if let ExprKind::Secret { name, key } = &expr.kind {
        Ok((name.clone(), key.clone()))
    } else if let ExprKind::Input(input) = &expr.kind {
        Ok((
            format!("{{{{inputs.parameters.{input}-secret}}}}"),
            format!("{{{{inputs.parameters.{input}-key}}}}"),
        ))
    } else {
        Err(Refusal::new("a secret must be given directly, not chosen by an expression").spanned(expr.span))
    }
}

/// A variable that Kubernetes fills from a secret.
pub(crate) fn secret_variable(name: &str, expr: &Expr) -> Result<EnvVar, Refusal> {
    debug_assert!(matches!(expr.ty, Type::Secret));
    let (secret, key) = secret_reference(expr)?;
    Ok(EnvVar {
        name: name.to_owned(),
        value: None,
        value_from: Some(EnvSource { secret_key_ref: SecretKey { name: secret, key } }),
    })
}

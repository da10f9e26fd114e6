//! Ids into the arenas of a `Program`, and of a body's locals.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);

        impl $name {
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// `Program::modules`: the prelude is 0, then files in the order in which imports reach them, the entry file first.
    ModuleId
    RecordId
    EnumId
    DistinctId
    TypeAliasId
    FormatId
    ConstantId
    TaskId
    PipelineId
    LaunchId
    TypeParameterId
    /// `locals` of the task, pipeline or launch around it, in the order of their declarations.
    LocalId
}

/// The standard prelude.
pub const PRELUDE: ModuleId = ModuleId(0);

/// The compiled file.
pub const ENTRY_MODULE: ModuleId = ModuleId(1);

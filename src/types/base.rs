//! Types without what their declarations add: names, intervals and patterns.

use super::Type;
use crate::hir::Program;

impl Type {
    /// The type without `distinct`, intervals and patterns, at the outside.
    pub fn base(&self, program: &Program) -> Type {
        self.without_name(program).clone().unrefined()
    }

    /// The type without `distinct`, intervals and patterns, also of items and of values of maps.
    pub fn base_throughout(&self, program: &Program) -> Type {
        self.throughout(program, &Type::unrefined)
    }

    /// The type without `distinct`, also of items and of values of maps.
    pub fn without_names(&self, program: &Program) -> Type {
        self.throughout(program, &|ty| ty)
    }

    fn throughout(&self, program: &Program, plain: &dyn Fn(Type) -> Type) -> Type {
        let at = self.without_name(program);
        if let Type::List(item) = at {
            return Type::list(item.throughout(program, plain));
        }
        if let Type::Map(value) = at {
            return Type::map(value.throughout(program, plain));
        }
        if let Type::Optional(of) = at {
            return Type::optional(of.throughout(program, plain));
        }
        plain(at.clone())
    }

    fn without_name<'a>(&'a self, program: &'a Program) -> &'a Type {
        let mut at = self;
        while let Type::Distinct(id) = at {
            at = &program.distincts[id.index()].of;
        }
        at
    }

    fn unrefined(self) -> Type {
        if matches!(self, Type::Int(_)) {
            return Type::INT;
        }
        if matches!(self, Type::Float(_)) {
            return Type::FLOAT;
        }
        if matches!(self, Type::String(_)) {
            return Type::STRING;
        }
        self
    }
}

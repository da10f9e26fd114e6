//! Where branches, arms and list items meet: the one of their types that all others convert to.

use super::{Conversion, Type, assign};
use crate::hir::Program;

/// The type at which values of `types` meet. `null` and `?` are set aside and put back. No supertype is invented: if
/// none of the types takes all others, the two that don't go together are given by their indices.
pub fn meet(types: &[&Type], program: &Program) -> Result<Type, (usize, usize)> {
    let mut optional = false;
    let mut best: Option<(usize, &Type)> = None;
    for (index, ty) in types.iter().enumerate() {
        optional |= matches!(ty, Type::Null | Type::Optional(_));
        let ty = ty.without_optional();
        match best {
            _ if matches!(ty, Type::Null) => {}
            _ if matches!(ty, Type::Error) => return Ok(Type::Error),
            None => best = Some((index, ty)),
            Some((_, known)) if always(ty, known, program) => {}
            Some((_, known)) if always(known, ty, program) => best = Some((index, ty)),
            Some(_) => {}
        }
    }
    let Some((place, ty)) = best else { return Ok(Type::Null) };
    for (index, other) in types.iter().enumerate() {
        let other = other.without_optional();
        if !matches!(other, Type::Null) && !always(other, ty, program) {
            return Err((place.min(index), place.max(index)));
        }
    }
    Ok(if optional { Type::optional(ty.clone()) } else { ty.clone() })
}

fn always(from: &Type, to: &Type, program: &Program) -> bool {
    match assign(from, to, program) {
        Conversion::Identity | Conversion::Widen => true,
        Conversion::Refine | Conversion::Impossible(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::meet;
    use crate::hir::Program;
    use crate::types::{IntInterval, Type};

    fn met(types: &[&Type]) -> Result<Type, (usize, usize)> {
        meet(types, &Program::default())
    }

    #[test]
    fn one_of_the_types_that_are_there() {
        let small = Type::Int(IntInterval { min: Some(1), max: Some(3) });
        assert_eq!(met(&[&small, &Type::INT]), Ok(Type::INT));
        assert_eq!(met(&[&Type::INT, &Type::FLOAT, &small]), Ok(Type::FLOAT));
        assert_eq!(met(&[&small, &Type::Null]), Ok(Type::optional(small.clone())));
        assert_eq!(met(&[&Type::optional(Type::INT), &Type::FLOAT]), Ok(Type::optional(Type::FLOAT)));
        assert_eq!(met(&[&Type::Null, &Type::Null]), Ok(Type::Null));
    }

    #[test]
    fn no_supertype_is_invented() {
        assert_eq!(met(&[&Type::STRING, &Type::STRING, &Type::INT]), Err((0, 2)));
        let low = Type::Int(IntInterval { min: Some(1), max: Some(3) });
        let high = Type::Int(IntInterval { min: Some(2), max: Some(4) });
        assert_eq!(met(&[&low, &high]), Err((0, 1)));
    }
}

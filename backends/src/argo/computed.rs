//! Values that a step's settings need and that may fail to compute. In a step's own template a failed expression would
//! be handed on as text; so they are arguments of the step, in the DAG around it.

use super::expression::WireValue;
use super::manifest::Parameter;

/// Arguments that the template around a step computes.
#[derive(Debug, Default)]
pub(crate) struct Computed {
    pub(crate) arguments: Vec<Parameter>,
}

impl Computed {
    /// The value as it may stand in the step's template: what may fail becomes a parameter of it.
    pub(crate) fn in_step(&mut self, value: WireValue) -> WireValue {
        if value.fits_leaf() {
            return value;
        }
        let text = value.into_argument();
        let known = self.arguments.iter().find(|argument| argument.value.as_ref() == Some(&text));
        let name = match known {
            Some(argument) => argument.name.clone(),
            None => {
                let name = format!("computed-{}", self.arguments.len() + 1);
                self.arguments.push(Parameter::value(&name, text));
                name
            }
        };
        WireValue::Reference(format!("inputs.parameters['{name}']"))
    }
}

//! Records that attachments and messages hang on: whether the caller may see or change them.

use crate::engine::{env::Env, model::Operation};

/// Whether the caller may do this with the record; never if there is no such model or record.
pub(super) fn allows(env: &Env, model: &str, id: i64, operation: Operation) -> bool {
    let Ok(model) = env.model(model) else {
        return false;
    };
    env.may(model, operation)
        && env
            .passing(model, &[id], operation)
            .is_ok_and(|passing| !passing.is_empty())
}

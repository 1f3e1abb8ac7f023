//! The trait that every tool implements.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use crate::access::Access;
use crate::answer::Answer;
use crate::error::ToolError;
use crate::session::UserSession;

/// A question that can be asked, or a job that can be done: the struct's fields are the arguments.
///
/// Doc comments are part of the contract: the struct's is the description that an assistant chooses
/// the tool by, a field's is the description of the argument. Schemas are kept flat (no nested
/// structs), an `Option` is an argument that may be left out, and what needs no explanation has none.
///
/// ```
/// use odoo_tools::{Access, Amount, Answer, Tool, ToolError, UserSession};
/// use schemars::JsonSchema;
/// use serde::{Deserialize, Serialize};
///
/// /// Add two numbers.
/// #[derive(Deserialize, JsonSchema)]
/// struct Add {
///     left: f64,
///     right: f64,
/// }
///
/// #[derive(Serialize, JsonSchema)]
/// struct Sum {
///     sum: Amount,
/// }
///
/// impl Answer for Sum {}
///
/// impl Tool for Add {
///     const NAME: &'static str = "add";
///     const TITLE: &'static str = "Add";
///     const ACCESS: Access = Access::Read;
///     const NEEDS: &'static [&'static str] = &[];
///     type Answer = Sum;
///
///     async fn run(self, _user: &UserSession) -> Result<Sum, ToolError> {
///         Ok(Sum { sum: Amount::new(self.left + self.right) })
///     }
/// }
/// ```
pub trait Tool: DeserializeOwned + JsonSchema + Send + 'static {
    /// The name it is called by: `snake_case`, at most 64 characters, never changed.
    const NAME: &'static str;
    /// What people see.
    const TITLE: &'static str;
    /// What it does; scope and annotations follow from it.
    const ACCESS: Access;
    /// The models it cannot work without. Users who may not read one of them do not see the tool.
    const NEEDS: &'static [&'static str];
    /// Whether an argument holds a file. Only such a call may be large.
    const TAKES_FILE: bool = false;
    /// What it answers.
    type Answer: Answer;

    /// Does the work, with the user's own rights.
    fn run(
        self,
        user: &UserSession,
    ) -> impl Future<Output = Result<Self::Answer, ToolError>> + Send;
}

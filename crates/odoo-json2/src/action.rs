//! What a method behind a button answers.

use serde_json::{Map, Value};

/// The answer of an action method.
///
/// `Done` is not a proof: several of Odoo's methods answer the same when they silently did nothing.
/// Read the record again and look at its state.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ActionOutcome {
    /// Nothing more is wanted (`null`, `true`, `false` or a plain value).
    Done,
    /// A dialog wants more input, and nothing has been done yet (`target: "new"`).
    Wizard {
        /// The model of the wizard.
        res_model: String,
        /// The wizard's record, when Odoo made one already.
        res_id: Option<i64>,
        /// The context in which to create and run the wizard.
        context: Map<String, Value>,
        /// The whole action.
        raw: Value,
    },
    /// Done, and Odoo would open a record or a list now.
    Window {
        /// The model to show.
        res_model: String,
        /// The record, when it is one.
        res_id: Option<i64>,
        /// The whole action.
        raw: Value,
    },
    /// A wizard has finished.
    Closed,
    /// Done, and the web client would show something of its own, such as a notification.
    Client {
        /// Which client action, such as `display_notification`.
        tag: String,
        /// Its parameters.
        params: Value,
        /// The whole action.
        raw: Value,
    },
    /// Any other action: a report, a URL, a server action.
    Other {
        /// Its type, such as `ir.actions.report`.
        kind: String,
        /// The whole action.
        raw: Value,
    },
}

impl ActionOutcome {
    /// Reads what a method returned.
    pub fn of(raw: Value) -> Self {
        let kind = text(&raw, "type");
        match kind.as_str() {
            "" => Self::Done,
            "ir.actions.act_window_close" => Self::Closed,
            "ir.actions.act_window" => Self::of_window(raw),
            "ir.actions.client" => {
                let params = raw.get("params").cloned().unwrap_or(Value::Null);
                Self::Client {
                    tag: text(&raw, "tag"),
                    params,
                    raw,
                }
            }
            _ => Self::Other { kind, raw },
        }
    }

    fn of_window(raw: Value) -> Self {
        let res_model = text(&raw, "res_model");
        let res_id = raw
            .get("res_id")
            .and_then(Value::as_i64)
            .filter(|id| *id > 0);
        if text(&raw, "target") != "new" {
            return Self::Window {
                res_model,
                res_id,
                raw,
            };
        }
        let context = raw
            .get("context")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default();
        Self::Wizard {
            res_model,
            res_id,
            context,
            raw,
        }
    }
}

fn text(action: &Value, key: &str) -> String {
    action
        .get(key)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

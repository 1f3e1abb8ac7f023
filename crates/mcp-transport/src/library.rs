//! Resources, prompts and completions as the application gives them.
//!
//! Not for their wire format, which is `wire`'s.

use std::borrow::Cow;

use serde_json::{Map, Value};

/// A resource in `resources/list`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceDescriptor {
    /// Its URI, for example `odoo://instructions`.
    pub uri: Cow<'static, str>,
    /// The programmatic name.
    pub name: Cow<'static, str>,
    /// The name that people read.
    pub title: Cow<'static, str>,
    /// What it holds.
    pub description: Cow<'static, str>,
    /// Its media type, for example `text/markdown`.
    pub mime_type: Cow<'static, str>,
}

/// The text of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceContent {
    /// The URI that was read.
    pub uri: String,
    /// Its media type.
    pub mime_type: String,
    /// Its text.
    pub text: String,
}

/// A prompt in `prompts/list`: a job that a person starts by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromptDescriptor {
    /// The programmatic name.
    pub name: Cow<'static, str>,
    /// The name that people read.
    pub title: Cow<'static, str>,
    /// What the job is.
    pub description: Cow<'static, str>,
    /// What a person fills in.
    pub arguments: Vec<PromptArgument>,
}

/// An argument of a prompt. Its value is always a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromptArgument {
    /// The programmatic name.
    pub name: Cow<'static, str>,
    /// What to fill in.
    pub description: Cow<'static, str>,
    /// Whether the prompt makes no sense without it.
    pub required: bool,
}

/// A prompt, filled in: what is put to the model in the person's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromptText {
    /// What the job is.
    pub description: String,
    /// The message, in the role of the user.
    pub text: String,
}

/// A question for suggestions while a person types an argument.
#[derive(Debug, Clone, PartialEq)]
pub struct Completion {
    /// What the argument belongs to.
    pub target: CompletionTarget,
    /// The argument's name.
    pub argument: String,
    /// What was typed so far.
    pub typed: String,
    /// The arguments that are filled in already; their values are texts.
    pub filled: Map<String, Value>,
}

/// What the argument of a [`Completion`] belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CompletionTarget {
    /// A prompt, by name.
    Prompt(String),
    /// A resource template, by its URI template.
    Resource(String),
}

//! The environment of a call: who calls, with which context, on which database.
//!
//! Not for rules of access; it only knows whether they are lifted (`sudo`).

use std::{
    cell::{Cell, Ref, RefCell, RefMut},
    collections::{HashMap, HashSet},
    rc::Rc,
    sync::Arc,
};

use jiff::{Timestamp, civil::Date, civil::DateTime, tz::TimeZone};
use serde_json::{Map, Value as Json};

use super::{
    error::{OdooError, Result},
    model::Model,
    record::Record,
    registry::Registry,
    store::Database,
};

/// The id of the superuser, who owns what the sandbox itself creates.
pub(crate) const SUPERUSER: i64 = 1;

/// Who calls, with which context, on which database. A clone is cheap and sees the same database.
#[derive(Clone)]
pub(crate) struct Env {
    shared: Rc<Shared>,
    uid: i64,
    sudo: bool,
    context: Rc<Map<String, Json>>,
}

struct Shared {
    registry: Arc<Registry>,
    database: RefCell<Database>,
    now: Timestamp,
    /// The groups of each user, until users or groups change.
    memberships: RefCell<HashMap<i64, Rc<HashSet<String>>>>,
    /// Whether the caller's password was checked in this call or, by session, a short while ago.
    identity_checked: Cell<bool>,
}

impl Env {
    /// The environment of `uid` at the moment `now`, with an empty context.
    pub(crate) fn new(
        registry: Arc<Registry>,
        database: Database,
        now: Timestamp,
        uid: i64,
    ) -> Self {
        let shared = Shared {
            registry,
            database: RefCell::new(database),
            now,
            memberships: RefCell::default(),
            identity_checked: Cell::new(false),
        };
        Self {
            shared: Rc::new(shared),
            uid,
            sudo: uid == SUPERUSER,
            context: Rc::default(),
        }
    }

    /// The database as it is now.
    pub(crate) fn into_database(self) -> Database {
        self.shared.database.borrow().clone()
    }

    /// The id of the user who calls, also under `sudo`.
    pub(crate) fn uid(&self) -> i64 {
        self.uid
    }

    /// Whether access rights, record rules and field groups are lifted.
    pub(crate) fn is_sudo(&self) -> bool {
        self.sudo
    }

    /// The same user with access rules lifted.
    pub(crate) fn sudo(&self) -> Self {
        Self {
            sudo: true,
            ..self.clone()
        }
    }

    /// Another user, with access rules on.
    pub(crate) fn with_user(&self, uid: i64) -> Self {
        Self {
            uid,
            sudo: uid == SUPERUSER,
            ..self.clone()
        }
    }

    /// Another context in place of this one.
    pub(crate) fn with_context(&self, context: Map<String, Json>) -> Self {
        Self {
            context: Rc::new(context),
            ..self.clone()
        }
    }

    /// The context with one key set.
    pub(crate) fn with(&self, key: &str, value: impl Into<Json>) -> Self {
        let mut context = (*self.context).clone();
        context.insert(key.to_owned(), value.into());
        self.with_context(context)
    }

    /// The context.
    pub(crate) fn context(&self) -> &Map<String, Json> {
        &self.context
    }

    /// A key of the context that is there and not `null`.
    pub(crate) fn key(&self, name: &str) -> Option<&Json> {
        self.context.get(name).filter(|value| !value.is_null())
    }

    /// Whether archived records are hidden.
    pub(crate) fn active_test(&self) -> bool {
        self.context.get("active_test").is_none_or(truthy)
    }

    /// The moment of the call, in UTC.
    pub(crate) fn now(&self) -> DateTime {
        let now = self.shared.now.to_zoned(TimeZone::UTC).datetime();
        now.with().subsec_nanosecond(0).build().unwrap_or(now)
    }

    /// The day of the call in the zone of the context, else of UTC (`fields.Date.context_today`).
    pub(crate) fn today(&self) -> Date {
        self.shared.now.to_zoned(self.zone()).date()
    }

    /// The zone of the context; UTC if there is none or an unknown one.
    pub(crate) fn zone(&self) -> TimeZone {
        let name = self.context.get("tz").and_then(Json::as_str);
        name.and_then(|name| TimeZone::get(name).ok())
            .unwrap_or(TimeZone::UTC)
    }

    /// The companies the user works in: those of the context, else all of the user's.
    pub(crate) fn companies(&self) -> Vec<i64> {
        match self.key("allowed_company_ids").and_then(Json::as_array) {
            Some(ids) if !ids.is_empty() => ids.iter().filter_map(Json::as_i64).collect(),
            _ => {
                let user = self.user();
                let first = user.get("company_id").as_int();
                let others = user
                    .ids("company_ids")
                    .into_iter()
                    .filter(|id| *id != first);
                std::iter::once(first)
                    .chain(others)
                    .filter(|id| *id != 0)
                    .collect()
            }
        }
    }

    /// The current company: the first of the context, else the user's default.
    pub(crate) fn company(&self) -> i64 {
        self.companies().first().copied().unwrap_or(1)
    }

    /// The user who calls.
    pub(crate) fn user(&self) -> Record<'_> {
        self.record_of("res.users", self.uid)
    }

    /// Whether the user who calls is a member of the group, directly or by implication.
    pub(crate) fn in_group(&self, xml_id: &str) -> bool {
        self.memberships().contains(xml_id)
    }

    /// The XML ids of all groups of the user who calls.
    pub(crate) fn memberships(&self) -> Rc<HashSet<String>> {
        if let Some(known) = self.shared.memberships.borrow().get(&self.uid) {
            return Rc::clone(known);
        }
        let user = self.user();
        let mut direct: Vec<String> = user
            .many("group_ids")
            .iter()
            .map(|group| group.text("xml_id"))
            .collect();
        // Odoo puts users into this group, and takes them out, as their companies change.
        if user.ids("company_ids").len() > 1 {
            direct.push("base.group_multi_company".to_owned());
        }
        let all = self
            .shared
            .registry
            .implied(direct.iter().map(String::as_str));
        let all: Rc<HashSet<String>> = Rc::new(all.into_iter().map(ToOwned::to_owned).collect());
        self.shared
            .memberships
            .borrow_mut()
            .insert(self.uid, Rc::clone(&all));
        all
    }

    /// Forgets what is known of memberships, because users changed.
    pub(crate) fn forget_memberships(&self) {
        self.shared.memberships.borrow_mut().clear();
    }

    /// Whether the caller's password was checked a short while ago.
    pub(crate) fn identity_checked(&self) -> bool {
        self.shared.identity_checked.get()
    }

    /// Notes that the caller's password was checked.
    pub(crate) fn set_identity_checked(&self) {
        self.shared.identity_checked.set(true);
    }

    /// Everything that is declared.
    pub(crate) fn registry(&self) -> &Registry {
        &self.shared.registry
    }

    /// The model of that name, or the 404 that names it.
    pub(crate) fn model(&self, name: &str) -> Result<&Model> {
        let found = self.shared.registry.model(name);
        found.ok_or_else(|| OdooError::not_found(format!("the model '{name}' does not exist")))
    }

    /// A handle on a record, which need not exist.
    pub(crate) fn record<'e>(&'e self, model: &'e Model, id: i64) -> Record<'e> {
        Record::new(self, model, id)
    }

    /// A handle on a record of a model by name. An unknown model gives a record where everything is empty.
    pub(crate) fn record_of(&self, model: &str, id: i64) -> Record<'_> {
        debug_assert!(self.registry().model(model).is_some(), "no model {model}");
        let model = self
            .registry()
            .model(model)
            .unwrap_or_else(|| self.registry().blank());
        Record::new(self, model, id)
    }

    /// Handles on several records.
    pub(crate) fn browse(&self, model: &str, ids: &[i64]) -> Vec<Record<'_>> {
        ids.iter().map(|id| self.record_of(model, *id)).collect()
    }

    /// The id of the record with an XML id.
    pub(crate) fn xml_id(&self, name: &str) -> Option<i64> {
        self.database().named(name).map(|(_, id)| id)
    }

    /// Gives a record an XML id.
    pub(crate) fn set_xml_id(&self, name: &str, model: &'static str, id: i64) {
        self.database_mut().set_name(name, model, id);
    }

    /// The next number of a sequence, from 1.
    pub(crate) fn next_number(&self, sequence: &str) -> i64 {
        self.database_mut().next_number(sequence)
    }

    /// The tables, for reading. Not to be held while anything else of the environment is called.
    pub(super) fn database(&self) -> Ref<'_, Database> {
        self.shared.database.borrow()
    }

    /// The tables, for writing. Not to be held while anything else of the environment is called.
    pub(super) fn database_mut(&self) -> RefMut<'_, Database> {
        self.shared.database.borrow_mut()
    }
}

/// What Python calls truthy.
pub(crate) fn truthy(value: &Json) -> bool {
    match value {
        Json::Null => false,
        Json::Bool(value) => *value,
        Json::Number(value) => value.as_f64() != Some(0.0),
        Json::String(value) => !value.is_empty(),
        Json::Array(value) => !value.is_empty(),
        Json::Object(value) => !value.is_empty(),
    }
}

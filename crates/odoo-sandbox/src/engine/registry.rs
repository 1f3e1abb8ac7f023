//! All models, groups and modules that an instance declares.
//!
//! Not for the rows that stand for them (`res.groups`, `ir.model`, `ir.module.module`); those are made in `base`.

use std::collections::{HashMap, HashSet};

use super::{
    field::{Field, Kind, Source},
    method::Method,
    model::Model,
};

/// A group of users (`res.groups`).
#[derive(Clone, Debug)]
pub(crate) struct Group {
    /// `account.group_account_invoice`.
    pub(crate) xml_id: &'static str,
    /// The privilege it belongs to, "Accounting", or empty.
    pub(crate) privilege: &'static str,
    /// "Invoicing".
    pub(crate) name: &'static str,
    /// The groups that its members are in as well, by XML id.
    pub(crate) implies: &'static [&'static str],
}

impl Group {
    /// How error texts show it: "Accounting/Invoicing".
    pub(crate) fn full_name(&self) -> String {
        match self.privilege {
            "" => self.name.to_owned(),
            privilege => format!("{privilege}/{}", self.name),
        }
    }
}

/// An application (`ir.module.module`).
#[derive(Clone, Debug)]
pub(crate) struct Module {
    /// `account`.
    pub(crate) name: &'static str,
    /// "Invoicing".
    pub(crate) label: &'static str,
    /// "19.0.1.4".
    pub(crate) version: &'static str,
}

/// Everything that is declared. Built once, then shared.
pub(crate) struct Registry {
    blank: Model,
    models: Vec<Model>,
    by_name: HashMap<&'static str, usize>,
    groups: Vec<Group>,
    modules: Vec<Module>,
    methods: HashMap<&'static str, Method>,
}

impl Default for Registry {
    fn default() -> Self {
        Self {
            blank: Model::new("", ""),
            models: Vec::new(),
            by_name: HashMap::new(),
            groups: Vec::new(),
            modules: Vec::new(),
            methods: HashMap::new(),
        }
    }
}

impl Registry {
    /// A model without rows, for handles that lead nowhere.
    pub(crate) fn blank(&self) -> &Model {
        &self.blank
    }

    /// Adds a model, or replaces the one of that name.
    pub(crate) fn add(&mut self, model: Model) {
        if let Some(&index) = self.by_name.get(model.name) {
            self.models[index] = model;
        } else {
            self.by_name.insert(model.name, self.models.len());
            self.models.push(model);
        }
    }

    /// Adds fields, methods or hooks to a model that another part declared; nothing happens if there is none.
    pub(crate) fn extend(&mut self, name: &str, change: impl FnOnce(Model) -> Model) {
        if let Some(&index) = self.by_name.get(name) {
            let model = self.models[index].clone();
            self.models[index] = change(model);
        }
    }

    /// Adds a group, or replaces the one of that XML id.
    pub(crate) fn add_group(&mut self, group: Group) {
        self.groups.retain(|known| known.xml_id != group.xml_id);
        self.groups.push(group);
    }

    /// Adds an installed module.
    pub(crate) fn add_module(&mut self, module: Module) {
        self.modules.push(module);
    }

    /// Adds a method that every model has.
    pub(crate) fn add_method(&mut self, method: Method) {
        self.methods.insert(method.name, method);
    }

    /// The method of that name that every model has.
    pub(crate) fn standard(&self, method: &str) -> Option<&Method> {
        self.methods.get(method)
    }

    /// The model of that name.
    pub(crate) fn model(&self, name: &str) -> Option<&Model> {
        self.by_name.get(name).map(|&index| &self.models[index])
    }

    /// The index of the table that a model reads.
    pub(crate) fn table_of(&self, model: &Model) -> usize {
        self.by_name.get(model.table).copied().unwrap_or_default()
    }

    /// The column of a stored field in the table that its model reads.
    pub(crate) fn column_of(&self, model: &Model, field: &str) -> Option<usize> {
        if model.table == model.name {
            return model.position(field);
        }
        self.model(model.table)
            .and_then(|table| table.position(field))
    }

    /// All models in the order of declaration, which is that of the tables.
    pub(crate) fn models(&self) -> impl Iterator<Item = &Model> {
        self.models.iter()
    }

    /// All groups.
    pub(crate) fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The group of an XML id.
    pub(crate) fn group(&self, xml_id: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.xml_id == xml_id)
    }

    /// All modules.
    pub(crate) fn modules(&self) -> &[Module] {
        &self.modules
    }

    /// The groups that come with `direct`, those included.
    pub(crate) fn implied<'a>(&'a self, direct: impl Iterator<Item = &'a str>) -> HashSet<&'a str> {
        let mut found = HashSet::new();
        let mut open: Vec<&str> = direct.collect();
        while let Some(xml_id) = open.pop() {
            if found.insert(xml_id) {
                open.extend(
                    self.group(xml_id)
                        .into_iter()
                        .flat_map(|group| group.implies),
                );
            }
        }
        found
    }

    /// The many2one columns that some one2many lists, as (table, column).
    pub(crate) fn inverse_columns(&self) -> Vec<(usize, usize)> {
        let listed = self
            .models
            .iter()
            .flat_map(Model::all_fields)
            .filter_map(|field| {
                let Kind::One2many(model, inverse) = field.kind else {
                    return None;
                };
                let model = self.model(model)?;
                Some((self.table_of(model), self.column_of(model, inverse)?))
            });
        listed.collect()
    }

    /// What the declarations get wrong: relations to unknown models, paths and inverses to unknown fields,
    /// unknown groups. Empty when all is well.
    pub(crate) fn mistakes(&self) -> Vec<String> {
        let mut found = Vec::new();
        for model in &self.models {
            for field in model.all_fields() {
                if let Some(mistake) = self.mistake(model, field) {
                    found.push(format!("{}.{}: {mistake}", model.name, field.name));
                }
            }
            let groups = model.access.iter().map(|(group, _)| *group);
            let groups = groups.chain(model.rules.iter().flat_map(|rule| rule.groups).copied());
            for group in groups.filter(|group| !group.is_empty() && self.group(group).is_none()) {
                found.push(format!("{}: no group {group}", model.name));
            }
        }
        found
    }

    fn mistake(&self, model: &Model, field: &Field) -> Option<String> {
        if let Some(relation) = field.relation()
            && self.model(relation).is_none()
        {
            return Some(format!("no model {relation}"));
        }
        if let Kind::One2many(relation, inverse) = field.kind
            && matches!(field.source, Source::Stored)
            && self.model(relation)?.get(inverse).is_none()
        {
            return Some(format!("no field {relation}.{inverse}"));
        }
        if let Some(group) = field
            .groups
            .iter()
            .find(|group| **group != "." && self.group(group).is_none())
        {
            return Some(format!("no group {group}"));
        }
        let Source::Related(path) = field.source else {
            return None;
        };
        let mut at = model;
        let mut steps = path.split('.').peekable();
        while let Some(step) = steps.next() {
            let Some(next) = at.get(step) else {
                return Some(format!("no field {}.{step}", at.name));
            };
            if steps.peek().is_some() {
                at = next.relation().and_then(|name| self.model(name))?;
            }
        }
        None
    }
}

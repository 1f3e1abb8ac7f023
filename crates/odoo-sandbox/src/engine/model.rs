//! How a model is declared: fields, access, record rules, methods and hooks.
//!
//! Not for its rows; see `store`.

use std::collections::HashMap;

use serde_json::{Map, Value as Json, json};

use super::{
    cell::Cell,
    env::Env,
    error::Result,
    field::Field,
    method::{Body, Method},
    record::Record,
};

/// The values of a `create` or `write`, as a client sends them (x2many as commands).
pub(crate) type Vals = Map<String, Json>;

/// A hook that may complete, change or refuse the values of a new record.
pub(crate) type BeforeCreate = fn(&Env, &mut Vals) -> Result<()>;
/// A hook on a new record.
pub(crate) type AfterCreate = fn(&Record<'_>) -> Result<()>;
/// A hook that may change or refuse the values of a write.
pub(crate) type BeforeWrite = fn(&Env, &[i64], &mut Vals) -> Result<()>;
/// A hook after a write, with the values as written.
pub(crate) type AfterWrite = fn(&Env, &[i64], &Vals) -> Result<()>;
/// A hook that may refuse a removal, or remove what hangs on the records.
pub(crate) type BeforeUnlink = fn(&Env, &[i64]) -> Result<()>;

/// What a group may do with a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Read,
    Write,
    Create,
    Unlink,
}

impl Operation {
    /// The name on the wire.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Create => "create",
            Self::Unlink => "unlink",
        }
    }

    /// The operation of that name.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        [Self::Read, Self::Write, Self::Create, Self::Unlink]
            .into_iter()
            .find(|operation| operation.name() == name)
    }

    /// The letter that stands for it in declarations: `r`, `w`, `c` or `d`.
    pub(crate) fn letter(self) -> char {
        match self {
            Self::Read => 'r',
            Self::Write => 'w',
            Self::Create => 'c',
            Self::Unlink => 'd',
        }
    }
}

/// Which records of a model somebody may see or change (`ir.rule`).
#[derive(Clone)]
pub(crate) struct Rule {
    /// The groups it speaks of; empty for a rule on everybody.
    pub(crate) groups: &'static [&'static str],
    /// The operations, as letters of `rwcd`.
    pub(crate) operations: &'static str,
    /// The domain, in the JSON form, evaluated as superuser.
    pub(crate) domain: fn(&Env) -> Json,
}

impl Rule {
    /// A rule that narrows everybody; all of these must hold.
    pub(crate) fn global(domain: fn(&Env) -> Json) -> Self {
        Self {
            groups: &[],
            operations: "rwcd",
            domain,
        }
    }

    /// A rule for members of `groups`; one of these must hold, if any speaks of the user.
    pub(crate) fn of(groups: &'static [&'static str], domain: fn(&Env) -> Json) -> Self {
        Self {
            groups,
            operations: "rwcd",
            domain,
        }
    }

    /// Restricts the rule to some operations, as letters of `rwcd`.
    pub(crate) fn on(mut self, operations: &'static str) -> Self {
        self.operations = operations;
        self
    }
}

/// The domain of the usual multi-company rule: records of the active companies and shared ones.
pub(crate) fn own_companies(env: &Env) -> Json {
    let mut companies: Vec<Json> = env.companies().into_iter().map(Json::from).collect();
    companies.push(json!(false));
    json!([["company_id", "in", companies]])
}

/// Functions around the changes of records. All run after the access check, as the caller.
#[derive(Clone, Copy, Default)]
pub(crate) struct Hooks {
    /// May complete or refuse the values of a new record; defaults are not yet in.
    pub(crate) before_create: Option<BeforeCreate>,
    /// Runs on the new record.
    pub(crate) after_create: Option<AfterCreate>,
    /// May change or refuse the values of a write.
    pub(crate) before_write: Option<BeforeWrite>,
    /// Runs after a write, with the values as written.
    pub(crate) after_write: Option<AfterWrite>,
    /// May refuse a removal, or remove what hangs on the records.
    pub(crate) before_unlink: Option<BeforeUnlink>,
}

/// The declaration of one model.
#[derive(Clone)]
pub(crate) struct Model {
    pub(crate) name: &'static str,
    /// The label, "Journal Entry".
    pub(crate) label: &'static str,
    pub(crate) order: &'static str,
    /// The field that `display_name` shows and `name_search` looks into.
    pub(crate) rec_name: &'static str,
    /// Further fields that `name_search` looks into.
    pub(crate) search_names: &'static [&'static str],
    pub(crate) display_name: Option<fn(&Record<'_>) -> String>,
    pub(crate) transient: bool,
    pub(crate) access: Vec<(&'static str, &'static str)>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) hooks: Hooks,
    /// The table behind a view of another model (`hr.employee.public` shows `hr.employee`).
    pub(crate) table: &'static str,
    fields: Vec<Field>,
    positions: HashMap<&'static str, usize>,
    methods: HashMap<&'static str, Method>,
}

impl Model {
    /// A model with Odoo's automatic fields: `id`, `display_name`, `create_date`, `create_uid`, `write_date`, `write_uid`.
    pub(crate) fn new(name: &'static str, label: &'static str) -> Self {
        let blank = Self {
            name,
            label,
            order: "id",
            rec_name: "name",
            search_names: &[],
            display_name: None,
            transient: false,
            access: Vec::new(),
            rules: Vec::new(),
            hooks: Hooks::default(),
            table: name,
            fields: Vec::new(),
            positions: HashMap::new(),
            methods: HashMap::new(),
        };
        let automatic = [
            Field::integer("id").label("ID").without_aggregator(),
            Field::char("display_name").compute(|record| record.display_name().into()),
            Field::datetime("create_date").label("Created on"),
            Field::many2one("create_uid", "res.users").label("Created by"),
            Field::datetime("write_date").label("Last Updated on"),
            Field::many2one("write_uid", "res.users").label("Last Updated by"),
        ];
        blank.fields(automatic.map(|field| field.readonly().no_copy().searchable()))
    }

    /// Adds a field; one of the same name is replaced.
    pub(crate) fn field(mut self, field: Field) -> Self {
        if let Some(&position) = self.positions.get(field.name) {
            self.fields[position] = field;
        } else {
            self.positions.insert(field.name, self.fields.len());
            self.fields.push(field);
        }
        self
    }

    /// Adds several fields.
    pub(crate) fn fields(self, fields: impl IntoIterator<Item = Field>) -> Self {
        fields.into_iter().fold(self, Self::field)
    }

    /// Adds `active`, which hides archived records, and the two methods that set it.
    pub(crate) fn archivable(self) -> Self {
        self.field(Field::boolean("active").default(true))
    }

    /// The default order, `"date desc, id desc"`.
    pub(crate) fn order(mut self, order: &'static str) -> Self {
        self.order = order;
        self
    }

    /// The field that names a record (`name` if not said).
    pub(crate) fn rec_name(mut self, field: &'static str) -> Self {
        self.rec_name = field;
        self
    }

    /// The fields that `name_search` looks into, beside the one that names a record.
    pub(crate) fn search_names(mut self, fields: &'static [&'static str]) -> Self {
        self.search_names = fields;
        self
    }

    /// A display name that is more than one field.
    pub(crate) fn display_name(mut self, name: fn(&Record<'_>) -> String) -> Self {
        self.display_name = Some(name);
        self
    }

    /// A wizard: not listed among the models, each row visible to its creator only.
    pub(crate) fn transient(mut self) -> Self {
        self.transient = true;
        self
    }

    /// Reads the rows of another model under the same ids; stored fields go by their names there.
    pub(crate) fn view_of(mut self, table: &'static str) -> Self {
        self.table = table;
        self
    }

    /// Allows a group (XML id, or `""` for everybody) some operations, as letters of `rwcd`.
    pub(crate) fn access(mut self, group: &'static str, operations: &'static str) -> Self {
        self.access.push((group, operations));
        self
    }

    /// Adds a record rule.
    pub(crate) fn rule(mut self, rule: Rule) -> Self {
        self.rules.push(rule);
        self
    }

    /// Adds the usual rule on `company_id`.
    pub(crate) fn multi_company(self) -> Self {
        self.rule(Rule::global(own_companies))
    }

    /// Adds a method, or replaces a standard one for this model.
    pub(crate) fn method(mut self, method: Method) -> Self {
        self.methods.insert(method.name, method);
        self
    }

    /// Adds a record method without parameters, as most `action_…` are.
    pub(crate) fn action(self, name: &'static str, body: Body) -> Self {
        self.method(Method::record(name, body))
    }

    /// Sets the hook that runs before a creation.
    pub(crate) fn before_create(mut self, hook: BeforeCreate) -> Self {
        self.hooks.before_create = Some(hook);
        self
    }

    /// Sets the hook that runs on a new record.
    pub(crate) fn after_create(mut self, hook: AfterCreate) -> Self {
        self.hooks.after_create = Some(hook);
        self
    }

    /// Sets the hook that runs before a write.
    pub(crate) fn before_write(mut self, hook: BeforeWrite) -> Self {
        self.hooks.before_write = Some(hook);
        self
    }

    /// Sets the hook that runs after a write.
    pub(crate) fn after_write(mut self, hook: AfterWrite) -> Self {
        self.hooks.after_write = Some(hook);
        self
    }

    /// Sets the hook that runs before a removal.
    pub(crate) fn before_unlink(mut self, hook: BeforeUnlink) -> Self {
        self.hooks.before_unlink = Some(hook);
        self
    }

    /// The field of that name.
    pub(crate) fn get(&self, name: &str) -> Option<&Field> {
        self.positions
            .get(name)
            .map(|&position| &self.fields[position])
    }

    /// The position of a field, which is also that of its column.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.positions.get(name).copied()
    }

    /// All fields in the order of declaration.
    pub(crate) fn all_fields(&self) -> &[Field] {
        &self.fields
    }

    /// The model's own method of that name.
    pub(crate) fn own_method(&self, name: &str) -> Option<&Method> {
        self.methods.get(name)
    }

    /// A row where every column is empty.
    pub(crate) fn blank(&self) -> Vec<Cell> {
        vec![Cell::Empty; self.fields.len()]
    }
}

//! Who may do what: model access by group, restricted fields, and record rules.

use super::{
    condition::Binder,
    domain::Domain,
    env::{Env, truthy},
    error::{OdooError, Result},
    field::Field,
    matcher::Test,
    model::{Model, Operation, Rule},
    registry::Group,
};

impl Env {
    /// Whether the caller may do this with some records of the model.
    pub(crate) fn may(&self, model: &Model, operation: Operation) -> bool {
        if self.is_sudo() {
            return true;
        }
        let groups = self.memberships();
        model.access.iter().any(|(group, operations)| {
            operations.contains(operation.letter()) && (group.is_empty() || groups.contains(*group))
        })
    }

    /// The same, or the 403 that names the groups who may.
    pub(crate) fn check_access(&self, model: &Model, operation: Operation) -> Result<()> {
        if self.may(model, operation) {
            return Ok(());
        }
        let verb = match operation {
            Operation::Read => "access",
            Operation::Write => "modify",
            Operation::Create => "create",
            Operation::Unlink => "delete",
        };
        let holders: Vec<&str> = model
            .access
            .iter()
            .filter(|(_, operations)| operations.contains(operation.letter()))
            .map(|(group, _)| *group)
            .collect();
        let holders = self.group_names(&holders);
        let who = if holders.is_empty() {
            "No group currently allows this operation.".to_owned()
        } else {
            let list = holders
                .iter()
                .map(|name| format!("\t- {name}"))
                .collect::<Vec<_>>();
            format!(
                "This operation is allowed for the following groups:\n{}",
                list.join("\n")
            )
        };
        Err(OdooError::access(format!(
            "You are not allowed to {verb} '{}' ({}) records.\n\n{who}\n\n\
             Contact your administrator to request access if necessary.",
            model.label, model.name
        )))
    }

    /// Whether the caller may read or write a field.
    pub(crate) fn may_use(&self, field: &Field) -> bool {
        if self.is_sudo() || field.groups.is_empty() {
            return true;
        }
        let groups = self.memberships();
        field.groups.iter().any(|group| groups.contains(*group))
    }

    /// The same, or the 403 that names the field.
    pub(crate) fn check_field(
        &self,
        model: &Model,
        field: &Field,
        operation: Operation,
    ) -> Result<()> {
        if self.may_use(field) {
            return Ok(());
        }
        let names = self.group_names(field.groups);
        // Here, unlike in the list of those who may, Odoo writes spaces around the slash.
        let names = names
            .iter()
            .map(|name| format!("'{}'", name.replace('/', " / ").replace("  ", " ")))
            .collect::<Vec<_>>()
            .join(", ");
        let who = match names.as_str() {
            "" => "always forbidden".to_owned(),
            names => format!("allowed for groups {names}"),
        };
        Err(OdooError::access(format!(
            "You do not have enough rights to access the field \"{}\" on {} ({}). \
             Please contact your system administrator.\n\nOperation: {}\nUser: {}\n\
             Groups: {who}",
            field.name,
            model.label,
            model.name,
            operation.name(),
            self.uid()
        )))
    }

    /// The record rules of the caller as a test; everything passes where none speaks of them.
    pub(super) fn rules(&self, model: &Model, operation: Operation) -> Result<Test> {
        if self.is_sudo() {
            return Ok(Test::Always(true));
        }
        if model.transient {
            return self.bind_sudo(model, &serde_json::json!([["create_uid", "=", self.uid()]]));
        }
        let rules = model
            .rules
            .iter()
            .filter(|rule| rule.operations.contains(operation.letter()));
        let rules: Vec<&Rule> = rules.collect();
        if rules.is_empty() {
            return Ok(Test::Always(true));
        }
        self.check_companies()?;
        let groups = self.memberships();
        let mut all = Vec::new();
        let mut any = Vec::new();
        for rule in rules {
            if rule.groups.is_empty() {
                all.push(self.bind_sudo(model, &(rule.domain)(self))?);
            } else if rule.groups.iter().any(|group| groups.contains(*group)) {
                any.push(self.bind_sudo(model, &(rule.domain)(self))?);
            }
        }
        if !any.is_empty() {
            all.push(Test::Any(any));
        }
        Ok(Test::All(all))
    }

    /// Refuses the records that record rules hide from the caller. Missing ones pass.
    pub(crate) fn check_records(
        &self,
        model: &Model,
        ids: &[i64],
        operation: Operation,
    ) -> Result<()> {
        let passing = self.passing(model, ids, operation)?;
        let mut hidden = self.existing(model, ids);
        hidden.retain(|id| !passing.contains(id));
        if hidden.is_empty() {
            return Ok(());
        }
        let name = self.user().get("name");
        let mut error = OdooError::access(format!(
            "Uh-oh! Looks like you have stumbled upon some top-secret records.\n\n\
             Sorry, {} (id={}) doesn't have '{}' access to:\n- {} ({})\n\n\
             If you really, really need access, perhaps you can win over your friendly \
             administrator with a batch of freshly baked cookies.",
            name.as_text().unwrap_or_default(),
            self.uid(),
            operation.name(),
            model.label,
            model.name
        ));
        self.suggest_company(model, &hidden, operation, &mut error);
        Err(error)
    }

    /// Adds the company that hidden records belong to, if a rule about companies hides them
    /// (`ir.rule._make_access_error`).
    fn suggest_company(
        &self,
        model: &Model,
        hidden: &[i64],
        operation: Operation,
        error: &mut OdooError,
    ) {
        if model.get("company_id").is_none() || !self.hidden_by_company(model, hidden, operation) {
            return;
        }
        let sudo = self.sudo();
        let companies: std::collections::BTreeSet<i64> = hidden
            .iter()
            .filter_map(|id| sudo.record(model, *id).get("company_id").as_id())
            .collect();
        let own = self.user().ids("company_ids");
        let hint = match companies.iter().collect::<Vec<_>>().as_slice() {
            [] => return,
            [company] if own.contains(company) => {
                let name = sudo.record_of("res.company", **company).display_name();
                let context =
                    serde_json::json!({"suggested_company": {"id": company, "display_name": name}});
                error.context = Some(Box::new(context));
                format!(
                    "This seems to be a multi-company issue, you might be able to access the \
                     record by switching to the company: {name}."
                )
            }
            [_] => "This seems to be a multi-company issue, but you do not have access to the \
                    proper company to access the record anyhow."
                .to_owned(),
            _ => "Note: this might be a multi-company issue. Switching company may help - in \
                  Odoo, not in real life!"
                .to_owned(),
        };
        error.message = format!("{}\n\n{hint}", error.message);
    }

    /// Whether a rule about companies is among those that hide the records.
    fn hidden_by_company(&self, model: &Model, hidden: &[i64], operation: Operation) -> bool {
        let rules = model
            .rules
            .iter()
            .filter(|rule| rule.groups.is_empty() && rule.operations.contains(operation.letter()));
        let domains = rules.map(|rule| (rule.domain)(self));
        let mut domains = domains.filter(|domain| domain.to_string().contains("company_id"));
        let table = std::sync::Arc::clone(self.database().table(self.registry().table_of(model)));
        domains.any(|domain| {
            self.bind_sudo(model, &domain).is_ok_and(|test| {
                hidden.iter().any(|id| {
                    table
                        .row(*id)
                        .is_some_and(|row| !test.matches(self, model, *id, row))
                })
            })
        })
    }

    /// Those of the records that exist and that record rules let through.
    pub(crate) fn passing(
        &self,
        model: &Model,
        ids: &[i64],
        operation: Operation,
    ) -> Result<Vec<i64>> {
        let test = self.rules(model, operation)?;
        let table = std::sync::Arc::clone(self.database().table(self.registry().table_of(model)));
        let pass = |id: &&i64| {
            table
                .row(**id)
                .is_some_and(|row| test.matches(self, model, **id, row))
        };
        Ok(ids.iter().filter(pass).copied().collect())
    }

    /// Those of the records that exist.
    pub(crate) fn existing(&self, model: &Model, ids: &[i64]) -> Vec<i64> {
        let database = self.database();
        let table = database.table(self.registry().table_of(model));
        ids.iter()
            .filter(|id| table.row(**id).is_some())
            .copied()
            .collect()
    }

    /// Refuses records that are not there (404).
    pub(crate) fn check_existing(&self, model: &Model, ids: &[i64]) -> Result<()> {
        let found = self.existing(model, ids);
        let gone: Vec<i64> = ids
            .iter()
            .filter(|id| !found.contains(id))
            .copied()
            .collect();
        if gone.is_empty() {
            return Ok(());
        }
        Err(OdooError::missing(model.name, &gone, self.uid()))
    }

    /// Refuses companies in the context that are not the user's.
    pub(crate) fn check_companies(&self) -> Result<()> {
        let Some(asked) = self
            .key("allowed_company_ids")
            .filter(|asked| truthy(asked))
        else {
            return Ok(());
        };
        let own = self.user().ids("company_ids");
        let allowed = |ids: &Vec<serde_json::Value>| {
            ids.iter()
                .all(|id| id.as_i64().is_some_and(|id| own.contains(&id)))
        };
        if self.is_sudo() || asked.as_array().is_some_and(allowed) {
            return Ok(());
        }
        Err(OdooError::access(
            "Access to unauthorized or invalid companies.",
        ))
    }

    fn bind_sudo(&self, model: &Model, domain: &serde_json::Value) -> Result<Test> {
        Binder {
            env: &self.sudo(),
            model,
        }
        .bind(&Domain::parse(domain)?)
    }

    /// The names of groups as error texts list them: those of a privilege first.
    fn group_names(&self, xml_ids: &[&str]) -> Vec<String> {
        let known = xml_ids
            .iter()
            .filter_map(|xml_id| self.registry().group(xml_id));
        let mut groups: Vec<&Group> = known.collect();
        groups.sort_by_key(|group| (group.privilege.is_empty(), group.privilege, group.name));
        groups.dedup_by_key(|group| group.xml_id);
        groups.into_iter().map(Group::full_name).collect()
    }
}

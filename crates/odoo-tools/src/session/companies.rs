//! The companies that one call speaks of.

use odoo_json2::{CompanyRef, Context, Domain, Profile, Ref, field};

use crate::answer::Named;
use crate::error::{FailureKind, ToolError};

/// A choice among the user's own companies.
#[derive(Clone, Debug)]
pub(crate) struct Companies<'a> {
    chosen: Vec<&'a CompanyRef>,
    /// Whether one was named, so that it is a filter.
    named: bool,
    profile: &'a Profile,
}

impl<'a> Companies<'a> {
    /// All of the user's companies. Odoo takes the first for defaults and account codes.
    pub(crate) fn all(profile: &'a Profile) -> Self {
        Self {
            chosen: sorted(profile),
            named: false,
            profile,
        }
    }

    /// The named company, or all of the user's with the current one first.
    pub(crate) fn choose(profile: &'a Profile, id: Option<i64>) -> Result<Self, ToolError> {
        let Some(id) = id else {
            return Ok(Self::all(profile));
        };
        match profile.companies.iter().find(|company| company.id == id) {
            Some(company) => Ok(Self {
                chosen: vec![company],
                named: true,
                profile,
            }),
            None => Err(unknown(profile, id)),
        }
    }

    /// The records of these companies, by the field that says whose a record is.
    ///
    /// The context alone keeps Odoo to them only where its record rules do so strictly: they show
    /// managers their people in other companies, and branches the journals of their parent.
    pub(crate) fn own(&self, path: &str) -> Domain {
        field(path).in_(self.chosen.iter().map(|company| company.id))
    }

    /// The same, where a company was named; otherwise whatever the user may see.
    pub(crate) fn filter(&self, path: &str) -> Domain {
        if self.named {
            self.own(path)
        } else {
            Domain::all()
        }
    }

    /// The same for records that may belong to no company, and so to all of them.
    pub(crate) fn filter_shared(&self, path: &str) -> Domain {
        if self.named {
            self.own(path) | field(path).is_not_set()
        } else {
            Domain::all()
        }
    }

    /// The context that keeps Odoo to these companies.
    pub(crate) fn context(&self) -> Context {
        let mut context = Context::new().companies(self.chosen.iter().map(|company| company.id));
        if let Some(lang) = &self.profile.lang {
            context = context.lang(lang);
        }
        if let Some(tz) = &self.profile.tz {
            context = context.tz(tz);
        }
        context
    }

    /// Whether an answer has to say which company a record belongs to.
    pub(crate) fn are_several(&self) -> bool {
        self.chosen.len() > 1
    }

    /// The company of a record, where there is a choice.
    pub(crate) fn named(&self, company: Option<Ref>) -> Option<Named> {
        company.filter(|_| self.are_several()).map(Named::from)
    }

    /// The companies themselves.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &'a CompanyRef> {
        self.chosen.iter().copied()
    }
}

fn unknown(profile: &Profile, id: i64) -> ToolError {
    let own: Vec<String> = sorted(profile)
        .iter()
        .map(|company| format!("{} ({})", company.id, company.name))
        .collect();
    ToolError::of(
        FailureKind::InvalidArguments,
        format!("`company_id` {id} is none of your companies in Odoo"),
        format!(
            "Use one of {}, or leave it out for all of them.",
            own.join(", ")
        ),
    )
}

/// All companies of the user, the current one first.
fn sorted(profile: &Profile) -> Vec<&CompanyRef> {
    let mut companies: Vec<&CompanyRef> = profile.companies.iter().collect();
    companies.sort_by_key(|company| (company.id != profile.company.id, company.id));
    companies
}

//! Where a new bill belongs: company, journal and vendor, and what is there already.

use odoo_json2::{Context, Date, Domain, Operation, Record, Ref, field};

use super::CreateBillFromFile;
use crate::answer::{Amount, Named};
use crate::characters::clip;
use crate::error::{FailureKind, ToolError};
use crate::session::UserSession;

/// The journals' model.
pub(super) const JOURNALS: &str = "account.journal";

/// So many records of one name are listed for a choice.
const CHOICES: usize = 6;

/// All that is found before anything is stored.
pub(super) struct Frame {
    context: Context,
    journal: Ref,
    vendor: Option<Ref>,
    /// Documents of the same reference.
    pub(super) alike: Vec<Alike>,
}

#[derive(Debug, Record)]
#[odoo(model = "account.journal")]
struct Journal {
    id: i64,
    name: String,
    code: Option<String>,
}

#[derive(Debug, Record)]
#[odoo(model = "res.partner")]
struct Vendor {
    id: i64,
    display_name: String,
}

/// A document with the same reference.
#[derive(Debug, Record)]
#[odoo(model = "account.move")]
pub(super) struct Alike {
    pub(super) id: i64,
    pub(super) name: Option<String>,
    pub(super) partner_id: Option<Ref>,
    pub(super) invoice_date: Option<Date>,
    pub(super) amount_total: f64,
    pub(super) currency_id: Ref,
    pub(super) state: String,
}

impl Frame {
    /// Looks for everything at the same time, as the user.
    pub(super) async fn find(
        wanted: &CreateBillFromFile,
        user: &UserSession,
    ) -> Result<Self, ToolError> {
        let company = wanted.company_id.unwrap_or(user.profile().company.id);
        let context = user.companies(Some(company))?.context();
        let odoo = user.odoo().with_context(context.clone());
        let may = odoo.has_access(super::MODEL, Operation::Create);
        let journals = odoo
            .search::<Journal>(journal(wanted.journal.as_deref(), company))
            .order("sequence, id")
            .limit(CHOICES);
        let vendors = odoo.search::<Vendor>(vendor(wanted)?).limit(CHOICES);
        let alike = odoo
            .search::<Alike>(alike(wanted, company))
            .order("id desc")
            .limit(CHOICES);
        let (may, journals, vendors, alike) = tokio::try_join!(
            may,
            journals.into_future(),
            vendors.into_future(),
            alike.into_future()
        )?;
        if !may {
            return Err(may_not());
        }
        let vendor = wanted.pick_vendor(vendors.records)?;
        let same_vendor = |other: &Alike| {
            let theirs = other.partner_id.as_ref().map(|partner| partner.id);
            vendor
                .as_ref()
                .is_none_or(|vendor| theirs.is_none_or(|id| id == vendor.id))
        };
        Ok(Self {
            context,
            journal: wanted.pick_journal(journals.records)?,
            alike: alike.records.into_iter().filter(same_vendor).collect(),
            vendor,
        })
    }

    /// The context of the one company.
    pub(super) fn context(&self) -> Context {
        self.context.clone()
    }

    /// The journal's id.
    pub(super) fn journal(&self) -> i64 {
        self.journal.id
    }

    /// The vendor's id.
    pub(super) fn vendor(&self) -> Option<i64> {
        self.vendor.as_ref().map(|vendor| vendor.id)
    }
}

impl CreateBillFromFile {
    fn pick_journal(&self, mut found: Vec<Journal>) -> Result<Ref, ToolError> {
        let Some(text) = &self.journal else {
            // Odoo takes the first, too.
            let first = found.into_iter().next().map(Journal::reference);
            return first.ok_or_else(|| {
                nothing("your company has no purchase journal that you may see".to_owned())
            });
        };
        let exactly = |journal: &Journal| {
            journal.name.eq_ignore_ascii_case(text)
                || journal
                    .code
                    .as_deref()
                    .is_some_and(|code| code.eq_ignore_ascii_case(text))
        };
        if found.iter().filter(|journal| exactly(journal)).count() == 1 {
            found.retain(exactly);
        }
        let found: Vec<Ref> = found.into_iter().map(Journal::reference).collect();
        one("purchase journal", text, found)
    }

    fn pick_vendor(&self, found: Vec<Vendor>) -> Result<Option<Ref>, ToolError> {
        let id = self.vendor_id.map(|id| format!("with the id {id}"));
        let Some(text) = self.vendor.clone().or(id) else {
            return Ok(None);
        };
        let mut found: Vec<Ref> = found
            .into_iter()
            .map(|vendor| Ref {
                id: vendor.id,
                name: vendor.display_name,
            })
            .collect();
        let exactly = |vendor: &Ref| vendor.name.to_lowercase() == text.trim().to_lowercase();
        if found.iter().filter(|vendor| exactly(vendor)).count() == 1 {
            found.retain(exactly);
        }
        one("vendor", &text, found).map(Some)
    }
}

impl Journal {
    fn reference(self) -> Ref {
        Ref {
            id: self.id,
            name: self.name,
        }
    }
}

impl Alike {
    /// How an answer shows it.
    pub(super) fn shown(self) -> super::bill::Duplicate {
        super::bill::Duplicate {
            id: self.id,
            number: self.name,
            vendor: Named::of(self.partner_id),
            date: self.invoice_date,
            total: Amount::new(self.amount_total),
            currency: self.currency_id.name,
            state: self.state,
        }
    }
}

fn journal(text: Option<&str>, company: i64) -> Domain {
    let purchase = field("type").eq("purchase") & field("company_id").eq(company);
    match text.map(str::trim) {
        None => purchase,
        Some(text) => purchase & (field("name").ilike(text) | field("code").ilike(text)),
    }
}

/// Contacts by id or name; none where no vendor is wanted.
fn vendor(wanted: &CreateBillFromFile) -> Result<Domain, ToolError> {
    match (wanted.vendor_id, wanted.vendor.as_deref().map(str::trim)) {
        (Some(_), Some(_)) => Err(ToolError::argument(
            "`vendor` and `vendor_id` are two ways to say one thing",
            "Nothing was stored. Give one of them.",
        )),
        (Some(id), None) => Ok(field("id").eq(id)),
        (None, Some(name)) => Ok(field("name").ilike(name)),
        (None, None) => Ok(Domain::none()),
    }
}

/// Documents that may be the same one.
fn alike(wanted: &CreateBillFromFile, company: i64) -> Domain {
    let Some(reference) = wanted.reference.as_deref().map(str::trim) else {
        return Domain::none();
    };
    field("ref").eq(reference)
        & field("move_type").eq(wanted.kind().move_type())
        & field("state").ne("cancel")
        & field("company_id").eq(company)
}

/// The one record of a name.
fn one(what: &str, text: &str, mut found: Vec<Ref>) -> Result<Ref, ToolError> {
    let text = clip(text, 60);
    match found.len() {
        0 => Err(nothing(format!(
            "there is no {what} {text} in this company"
        ))),
        1 => Ok(found.swap_remove(0)),
        _ => {
            let choices: Vec<String> = found
                .iter()
                .map(|choice| format!("{} (id {})", choice.name, choice.id))
                .collect();
            Err(ToolError::of(
                FailureKind::Ambiguous,
                format!("{text} may be any {what} of {}", choices.join(", ")),
                "Nothing was stored. Give the whole name, or the id of a vendor as `vendor_id`.",
            ))
        }
    }
}

fn nothing(message: String) -> ToolError {
    ToolError::not_found(
        message,
        "Nothing was stored. Check the spelling, or leave it out and complete the draft in Odoo.",
    )
}

fn may_not() -> ToolError {
    ToolError::of(
        FailureKind::NoAccess,
        "your rights in Odoo do not include entering bills",
        "Nothing was stored. Somebody with the right to enter invoices can create it.",
    )
}

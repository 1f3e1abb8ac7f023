//! Where a new bill belongs: company, journal, vendor and currency, and what is there already.

use odoo_json2::{Context, Date, Error, Odoo, Operation, Record, Ref, field};

use super::choice::CHOICES;
use super::{CreateBillFromFile, journal, vendor};
use crate::answer::{Amount, Named};
use crate::currency;
use crate::error::{FailureKind, ToolError};
use crate::session::UserSession;

/// All that is found before anything is stored.
pub(super) struct Frame {
    context: Context,
    journal: Ref,
    vendor: Option<Ref>,
    currency: Option<i64>,
    /// Documents of the same reference.
    pub(super) alike: Vec<Alike>,
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
        let id = wanted.company_id.unwrap_or(user.profile().company.id);
        let companies = user.companies(Some(id))?;
        let company = companies.iter().next().unwrap_or(&user.profile().company);
        let context = companies.context();
        let odoo = user.odoo().with_context(context.clone());
        // Whoever may not enter bills is told that, whatever else is wrong.
        let (may, journal, vendor, currency, alike) = tokio::join!(
            odoo.has_access(super::MODEL, Operation::Create),
            journal::find(&odoo, wanted.journal.as_deref(), company.id),
            vendor::find(&odoo, wanted),
            currency::named(user, company, wanted.currency.as_deref()),
            alike(&odoo, wanted, company.id),
        );
        if !may? {
            return Err(may_not());
        }
        let (vendor, alike) = (vendor?, alike?);
        let same_vendor = |other: &Alike| {
            let theirs = other.partner_id.as_ref().map(|partner| partner.id);
            vendor
                .as_ref()
                .is_none_or(|vendor| theirs.is_none_or(|id| id == vendor.id))
        };
        Ok(Self {
            context,
            journal: journal?,
            currency: currency?,
            alike: alike.into_iter().filter(same_vendor).collect(),
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

    /// The id of the currency, where one was named.
    pub(super) fn currency(&self) -> Option<i64> {
        self.currency
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

/// Documents that may be the same one.
async fn alike(
    odoo: &Odoo,
    wanted: &CreateBillFromFile,
    company: i64,
) -> Result<Vec<Alike>, Error> {
    let Some(reference) = wanted.reference.as_deref() else {
        return Ok(Vec::new());
    };
    let same = field("ref").eq(reference)
        & field("move_type").eq(wanted.kind().move_type())
        & field("state").ne("cancel")
        & field("company_id").eq(company);
    let found = odoo.search::<Alike>(same).order("id desc").limit(CHOICES);
    Ok(found.await?.records)
}

fn may_not() -> ToolError {
    ToolError::of(
        FailureKind::NoAccess,
        "your rights in Odoo do not include entering bills",
        "Nothing was stored. Somebody with the right to enter invoices can create it.",
    )
}

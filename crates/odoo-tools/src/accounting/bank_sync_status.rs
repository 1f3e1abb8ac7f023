//! `bank_sync_status`: how current the bank accounts in Odoo are, and what keeps them so.

use odoo_json2::{Date, Error};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::access::Access;
use crate::answer::Answer;
use crate::error::ToolError;
use crate::session::UserSession;
use crate::tool::Tool;
use connection::Connection;
use journal::BankJournal;

mod connection;
mod journal;

/// What an empty list means.
const NO_JOURNALS: &str = "no bank, cash or card journals of these companies; a branch may use its \
                           parent's: ask for that company";

/// Show for each bank, cash and card journal: balance, last transaction and statement, how many
/// transactions wait to be matched, and the state of bank connections.
#[derive(Deserialize, JsonSchema)]
pub(super) struct BankSyncStatus {
    company_id: Option<i64>,
}

/// The bank accounts of the user's companies.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Status {
    /// The day it speaks of.
    as_of: Date,
    journals: Vec<BankJournal>,
    /// Why there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'static str>,
    /// What fetches transactions from the banks.
    synchronisation: &'static str,
    /// Its connections; those in trouble say what to do.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    connections: Vec<Connection>,
    /// Where a journal is in Odoo, with its id in the place of `{id}`.
    link: String,
}

impl Answer for Status {}

impl Tool for BankSyncStatus {
    const NAME: &'static str = "bank_sync_status";
    const TITLE: &'static str = "Bank accounts and connections";
    const ACCESS: Access = Access::Read;
    const NEEDS: &'static [&'static str] = &[
        journal::MODEL,
        journal::ITEMS,
        "account.bank.statement.line",
    ];
    type Answer = Status;

    async fn run(self, user: &UserSession) -> Result<Status, ToolError> {
        let companies = user.companies(self.company_id)?;
        let (journals, movements, (synchronisation, connections)) = tokio::try_join!(
            journal::journals(user, &companies),
            journal::movements(user, &companies),
            synchronisation(user, &companies),
        )?;
        let journals: Vec<BankJournal> = journals
            .into_iter()
            .map(|row| row.shape(&movements, &companies))
            .collect();
        Ok(Status {
            as_of: user.today(),
            note: journals.is_empty().then_some(NO_JOURNALS),
            journals,
            synchronisation,
            connections,
            link: user.link(journal::MODEL),
        })
    }
}

/// What fetches transactions, of the two apps that can.
async fn synchronisation(
    user: &UserSession,
    companies: &crate::session::companies::Companies<'_>,
) -> Result<(&'static str, Vec<Connection>), Error> {
    let (by_odoo, by_oca) = (
        user.reads(connection::LINKS),
        user.reads(connection::PROVIDERS),
    );
    if by_odoo || by_oca {
        let links = async {
            if by_odoo {
                connection::links(user, companies).await
            } else {
                Ok(Vec::new())
            }
        };
        let providers = async {
            if by_oca {
                connection::providers(user, companies).await
            } else {
                Ok(Vec::new())
            }
        };
        let (mut connections, providers) = tokio::try_join!(links, providers)?;
        connections.extend(providers);
        let what = match (connections.is_empty(), by_odoo) {
            (true, _) => {
                "a bank synchronisation app is installed, but no bank is connected: connect one on \
                 the card of its journal, on the accounting dashboard"
            }
            (false, true) => "Odoo's bank synchronisation",
            (false, false) => "online bank statements (OCA)",
        };
        return Ok((what, connections));
    }
    let what = if connection::is_installed(user).await? {
        "a bank synchronisation app is installed, but your rights in Odoo do not show its connections"
    } else {
        "no bank synchronisation app is installed: transactions are entered or imported by hand"
    };
    Ok((what, Vec::new()))
}

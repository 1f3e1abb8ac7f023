//! `read_employee_history`: positions, résumé and skills of one colleague.
//!
//! HR reads everything in one call. For everybody else the titles within the company are a second
//! question, asked at the same time where the id is known; Odoo answers it to all who may see the
//! employee, as it shows them in the résumé.

use odoo_json2::{Error, Record};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::detail::Detail;
use super::history::row::{FullRow, Person, PublicRow, VersionRow};
use super::history::{History, Position, ResumeLine, Version};
use super::skill::Skill;
use super::whom::Whom;
use super::{FULL, PUBLIC, VERSION, is_in_hr};
use crate::access::Access;
use crate::answer::Named;
use crate::error::ToolError;
use crate::session::UserSession;
use crate::tool::Tool;

/// Read how a colleague's career went: positions with what changed, résumé and skills over time.
/// Wages and contracts are shown to administrators of HR only.
#[derive(Deserialize, JsonSchema)]
pub(super) struct ReadEmployeeHistory {
    id: Option<i64>,
    /// Part of the name, or me.
    name: Option<String>,
}

impl Tool for ReadEmployeeHistory {
    const NAME: &'static str = "read_employee_history";
    const TITLE: &'static str = "Read an employee's history";
    const ACCESS: Access = Access::Read;
    const NEEDS: &'static [&'static str] = &[PUBLIC];
    type Answer = History;

    async fn run(self, user: &UserSession) -> Result<History, ToolError> {
        let whom = Whom::new(user, self.id, self.name.as_deref())?;
        if is_in_hr(user) {
            let person = whom.choose(find::<FullRow>(user, &whom).await?)?;
            return as_hr(user, person).await;
        }
        let (person, told) = ask(user, &whom).await?;
        let mut history = shape(user, person, (Detail::PublicProfile, PUBLIC)).await;
        history.positions = told;
        Ok(history)
    }
}

/// The answer with versions.
async fn as_hr(user: &UserSession, mut person: Person) -> Result<History, ToolError> {
    let readable = user.readable::<VersionRow>().await?;
    let detail = Detail::in_hr(&readable, VERSION);
    let versions = Version::all(std::mem::take(&mut person.versions), user.today());
    let mut history = shape(user, person, (detail, FULL)).await;
    history.versions = versions;
    Ok(history)
}

/// The employee and the titles, as a colleague.
async fn ask(user: &UserSession, whom: &Whom) -> Result<(Person, Vec<Position>), ToolError> {
    // Who is meant by a name is known only when they were found.
    if let Some(id) = whom.id() {
        let (found, told) = tokio::join!(find::<PublicRow>(user, whom), positions(user, id));
        return Ok((whom.choose(found?)?, told?));
    }
    let person = whom.choose(find::<PublicRow>(user, whom).await?)?;
    let told = positions(user, person.id).await?;
    Ok((person, told))
}

async fn find<R>(user: &UserSession, whom: &Whom) -> Result<Vec<Person>, ToolError>
where
    R: Record + Into<Person>,
{
    let readable = user.readable::<R>().await?;
    let page = user
        .odoo()
        .search::<R>(whom.domain(user)?)
        .order("name, id")
        .limit(whom.limit())
        .count_limit(whom.limit())
        .readable(&readable)
        .await?;
    Ok(page.records.into_iter().map(Into::into).collect())
}

/// The titles within the company. An Odoo without the skills app has none to tell, and whoever may
/// not see the employee is told so by the other question.
async fn positions(user: &UserSession, id: i64) -> Result<Vec<Position>, Error> {
    let told: Result<Value, Error> = user
        .odoo()
        .call(FULL, "get_internal_resume_lines")
        .arg("res_id", id)
        .arg("res_model", FULL)
        .read_only()
        .fetch()
        .await;
    match told {
        Ok(told) => Ok(Position::all(&told)),
        Err(Error::UnknownMethod { .. }) => Ok(Vec::new()),
        Err(error) if error.is_access() => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

async fn shape(user: &UserSession, person: Person, (detail, model): (Detail, &str)) -> History {
    History {
        detail,
        archived: !person.active,
        versions: Vec::new(),
        positions: Vec::new(),
        resume: ResumeLine::all(person.resume).await,
        truncated: false,
        skills: Skill::all(person.skills),
        link: user.link_to(model, person.id),
        employee: Named {
            id: person.id,
            name: person.name,
        },
    }
}

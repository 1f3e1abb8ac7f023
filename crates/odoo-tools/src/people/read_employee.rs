//! `read_employee`: one colleague, as far as the reader may see them.
//!
//! Two questions to Odoo, at the same time where the id is known: the person, and who stands above.

use odoo_json2::{Error, Record};
use schemars::JsonSchema;
use serde::Deserialize;

use super::detail::Detail;
use super::profile::chain::{self, FullLeader, Leader, PublicLeader};
use super::profile::row::{FullRow, PublicRow};
use super::profile::{Employee, is_you};
use super::skill::Skill;
use super::whom::{Candidate, Whom};
use super::{FULL, PUBLIC, is_in_hr};
use crate::access::Access;
use crate::error::ToolError;
use crate::session::UserSession;
use crate::session::companies::Companies;
use crate::tool::Tool;

/// Read one colleague's profile: job, department, managers, reports, contact and skills. HR also
/// sees private data and contract. Yourself without arguments.
#[derive(Deserialize, JsonSchema)]
pub(super) struct ReadEmployee {
    id: Option<i64>,
    /// Part of the name, or me.
    name: Option<String>,
}

impl Tool for ReadEmployee {
    const NAME: &'static str = "read_employee";
    const TITLE: &'static str = "Read an employee";
    const ACCESS: Access = Access::Read;
    const NEEDS: &'static [&'static str] = &[PUBLIC];
    type Answer = Employee;

    async fn run(self, user: &UserSession) -> Result<Employee, ToolError> {
        let whom = Whom::new(user, self.id, self.name.as_deref())?;
        let question = Question {
            user,
            whom,
            companies: user.companies(None)?,
        };
        if is_in_hr(user) {
            question.read_in_hr().await
        } else {
            question.read_profile().await
        }
    }
}

struct Question<'a> {
    user: &'a UserSession,
    whom: Whom,
    companies: Companies<'a>,
}

impl Question<'_> {
    async fn read_profile(self) -> Result<Employee, ToolError> {
        let (mut row, above): (PublicRow, _) = self.ask::<_, PublicLeader>().await?;
        let mut line = row.line();
        line.above = chain::climb(row.parent_id.as_ref(), &above);
        Ok(Employee {
            id: row.id,
            detail: Detail::PublicProfile,
            is_you: is_you(self.user.profile(), row.user_id.as_ref()),
            archived: !row.active,
            place: row.place(&self.companies),
            reach: row.reach(),
            line,
            skills: Skill::all(row.current_employee_skill_ids.take()),
            private: None,
            contract: None,
            link: self.link(PUBLIC, row.id),
            name: row.name,
        })
    }

    async fn read_in_hr(self) -> Result<Employee, ToolError> {
        let (mut row, above): (FullRow, _) = self.ask::<_, FullLeader>().await?;
        let readable = self.user.readable::<FullRow>().await?;
        let detail = Detail::in_hr(&readable, FULL);
        let mut line = row.line();
        line.above = chain::climb(row.parent_id.as_ref(), &above);
        Ok(Employee {
            id: row.id,
            detail,
            is_you: is_you(self.user.profile(), row.user_id.as_ref()),
            archived: !row.active,
            place: row.place(&self.companies),
            reach: row.reach(),
            line,
            skills: Skill::all(row.current_employee_skill_ids.take()),
            private: Some(row.private()),
            contract: row.contract(),
            link: self.link(FULL, row.id),
            name: row.name,
        })
    }

    /// The employee, and those above.
    async fn ask<R, L>(&self) -> Result<(R, Vec<Leader>), ToolError>
    where
        R: Record + Candidate,
        L: Record + Into<Leader>,
    {
        // Who is meant by a name is known only when they were found.
        if let Some(id) = self.whom.id() {
            let (found, above) = tokio::join!(self.find::<R>(), self.above::<L>(id));
            return Ok((self.whom.choose(found?)?, above?));
        }
        let one: R = self.whom.choose(self.find().await?)?;
        let above = self.above::<L>(one.id()).await?;
        Ok((one, above))
    }

    async fn find<R: Record>(&self) -> Result<Vec<R>, ToolError> {
        let readable = self.user.readable::<R>().await?;
        let page = self
            .user
            .odoo()
            .search::<R>(self.whom.domain(self.user)?)
            .order("name, id")
            .limit(self.whom.limit())
            .count_limit(self.whom.limit())
            .readable(&readable)
            .await?;
        Ok(page.records)
    }

    async fn above<L: Record + Into<Leader>>(&self, id: i64) -> Result<Vec<Leader>, Error> {
        let leaders = self
            .user
            .odoo()
            .search::<L>(chain::above(id))
            .order("id")
            .limit(chain::LONGEST)
            .count_limit(chain::LONGEST)
            .await?;
        Ok(leaders.records.into_iter().map(Into::into).collect())
    }

    fn link(&self, model: &str, id: i64) -> String {
        self.user.link_to(model, id)
    }
}

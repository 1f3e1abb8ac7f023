//! `list_tasks`: what is to be done, by whom and until when.

use jiff::civil::Date;
use odoo_json2::{DateTime, Domain, Record, Ref, field};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::access::Access;
use crate::answer::{Named, Page};
use crate::cursor::{Key, Order, Place};
use crate::error::ToolError;
use crate::listing::{Limit, Listing};
use crate::session::UserSession;
use crate::session::companies::Companies;
use crate::tool::Tool;
use crate::words::Words;
use words::{PriorityName, State, StateFilter};

mod words;

const MODEL: &str = "project.task";

/// List tasks of projects and your own to-dos, open ones unless asked otherwise; never templates.
#[derive(Deserialize, JsonSchema)]
pub(super) struct ListTasks {
    /// Part of the project's name.
    project: Option<String>,
    project_id: Option<i64>,
    /// Part of a person's name; me; or nobody.
    assignee: Option<String>,
    state: Option<StateFilter>,
    overdue: Option<bool>,
    /// At least this.
    priority: Option<PriorityName>,
    due_from: Option<Date>,
    due_to: Option<Date>,
    /// In the title.
    text: Option<String>,
    company_id: Option<i64>,
    order: Option<OrderBy>,
    limit: Option<Limit>,
    cursor: Option<String>,
}

// How the list is sorted; the first is the default.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum OrderBy {
    Deadline,
    Newest,
    Priority,
}

/// A task in a list.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Task {
    id: i64,
    title: String,
    /// None for a private to-do.
    #[serde(skip_serializing_if = "Option::is_none")]
    project: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<String>,
    state: State,
    #[serde(skip_serializing_if = "Option::is_none")]
    priority: Option<PriorityName>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    assignees: Vec<String>,
    /// YYYY-MM-DD HH:MM in the user's time zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    deadline: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    overdue: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<String>,
    /// The task that it is a part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<Named>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    company: Option<Named>,
}

#[derive(Debug, Record)]
#[odoo(model = "project.task")]
struct Row {
    id: i64,
    name: Option<String>,
    project_id: Option<Ref>,
    stage_id: Option<Ref>,
    state: String,
    priority: String,
    user_ids: Vec<Ref>,
    date_deadline: Option<DateTime>,
    partner_id: Option<Ref>,
    parent_id: Option<Ref>,
    tag_ids: Vec<Ref>,
    company_id: Option<Ref>,
}

impl Tool for ListTasks {
    const NAME: &'static str = "list_tasks";
    const TITLE: &'static str = "List tasks";
    const ACCESS: Access = Access::Read;
    const NEEDS: &'static [&'static str] = &[MODEL];
    type Answer = Page<Task>;

    async fn run(self, user: &UserSession) -> Result<Page<Task>, ToolError> {
        let companies = user.companies(self.company_id)?;
        let order = self.order.unwrap_or(OrderBy::Deadline);
        let listing = Listing::new(order.order(), self.cursor.as_deref(), self.limit)?;
        let domain = self.domain(user)? & companies.filter_shared("company_id");
        let page = listing
            .fetch::<Row, _>(user, domain, companies.context(), |row| {
                (order.place(&row), row.shape(user, &companies))
            })
            .await?;
        let zone = format!("Deadlines are in the time zone {}.", user.time_zone());
        Ok(page.with_link(user.link(MODEL)).with_note(Some(zone)))
    }
}

impl ListTasks {
    fn domain(&self, user: &UserSession) -> Result<Domain, ToolError> {
        let now = DateTime::from_timestamp(user.now());
        let overdue = |wanted: bool| {
            let late = State::open() & field("date_deadline").lt(now);
            let not_late = State::closed() | field("date_deadline").gte(now);
            if wanted {
                late
            } else {
                not_late | field("date_deadline").is_not_set()
            }
        };
        // A day begins and ends where the user is, and Odoo keeps deadlines in UTC.
        let from = self.due_from.map(|day| user.start_of(day)).transpose()?;
        let to = self
            .due_to
            .map(|day| user.start_of(day.saturating_add(jiff::Span::new().days(1))));
        let to = to.transpose()?;
        Ok(Domain::all_of(
            [
                // A search does not leave templates out by itself, nor the subtasks of templates.
                Some(field("is_template").eq(false) & field("has_template_ancestor").eq(false)),
                Some(self.state.unwrap_or(StateFilter::Open).domain()),
                self.project
                    .as_ref()
                    .map(|name| Words::of(name).within("project_id.name")),
                self.project_id.map(|id| field("project_id").eq(id)),
                self.assignee.as_deref().map(|name| assigned(name, user)),
                self.overdue.map(overdue),
                self.priority
                    .map(|least| field("priority").in_(least.and_above())),
                from.map(|moment| field("date_deadline").gte(moment)),
                to.map(|moment| field("date_deadline").lt(moment)),
                self.text
                    .as_ref()
                    .map(|text| Words::of(text).within("name")),
            ]
            .into_iter()
            .flatten(),
        ))
    }
}

fn assigned(name: &str, user: &UserSession) -> Domain {
    match name.to_lowercase().as_str() {
        "me" => field("user_ids").in_([user.profile().uid]),
        "nobody" => field("user_ids").is_not_set(),
        _ => Words::of(name).among("user_ids", "name"),
    }
}

impl OrderBy {
    const fn order(self) -> Order {
        let (name, key, kind, descending) = match self {
            Self::Deadline => ("deadline", "date_deadline", Key::Time, false),
            Self::Newest => ("newest", "id", Key::Id, true),
            Self::Priority => ("priority", "priority", Key::Choice, true),
        };
        Order {
            name,
            key,
            kind,
            descending,
        }
    }

    fn place(self, row: &Row) -> Place {
        match self {
            Self::Deadline => Place::by(row.date_deadline, row.id),
            Self::Newest => Place::at(row.id),
            Self::Priority => Place::by(Some(&row.priority), row.id),
        }
    }
}

impl Row {
    fn shape(self, user: &UserSession, companies: &Companies<'_>) -> Task {
        let state = State::of(&self.state);
        let late = |deadline: DateTime| deadline.timestamp() < user.now();
        Task {
            id: self.id,
            title: self.name.unwrap_or_default(),
            project: Named::of(self.project_id),
            stage: self.stage_id.map(|stage| stage.name),
            state,
            priority: PriorityName::of(&self.priority),
            assignees: Named::names(self.user_ids),
            overdue: state.is_open() && self.date_deadline.is_some_and(late),
            deadline: self
                .date_deadline
                .map(|moment| user.local(moment).strftime("%Y-%m-%d %H:%M").to_string()),
            customer: self.partner_id.map(|customer| customer.name),
            parent: Named::of(self.parent_id),
            tags: Named::names(self.tag_ids),
            company: companies.named(self.company_id),
        }
    }
}

//! Records that hang together, to be drawn again and again with other dates, amounts and partners.
//!
//! For filling tables with more rows than can be entered through the methods of their models in reasonable time. Rows
//! are written as they are: no access check, no hook, no validation. What was consistent stays so.

use jiff::{ToSpan, civil::Date};

use super::{
    cell::Cell,
    env::Env,
    error::Result,
    field::{Field, Kind},
    store::Row,
};

/// The records, as they were when the stencil was cut.
pub(crate) struct Stencil {
    members: Vec<Member>,
}

/// One record, and what of it changes from drawing to drawing.
struct Member {
    model: &'static str,
    table: usize,
    row: Row,
    changes: Vec<(usize, Change)>,
}

/// What happens to one cell.
enum Change {
    /// It points at the drawing of another member.
    Member(usize),
    /// It lists these records, some of them members.
    Members(Vec<(i64, Option<usize>)>),
    /// It points at the record that is exchanged.
    Exchanged,
    /// A day that moves.
    Day,
    /// An amount that is multiplied.
    Amount,
    /// A text in which numbers may be named.
    Text,
}

/// How a drawing differs from the stencil.
#[derive(Clone, Copy)]
pub(crate) struct Drawing {
    /// How many days earlier everything happens.
    pub(crate) days_earlier: i32,
    /// By how much all amounts are multiplied. A whole number, so that sums stay right to the cent.
    pub(crate) times: u8,
    /// The record of [`Stencil::cut`] that is exchanged, and the one in its place.
    pub(crate) exchanged: i64,
}

impl Stencil {
    /// A stencil of these records. `exchanged` is a record that they all may point at, to be exchanged at each drawing.
    pub(crate) fn cut(
        env: &Env,
        records: &[(&'static str, i64)],
        exchanged: (&'static str, i64),
    ) -> Result<Self> {
        let mut members = Vec::with_capacity(records.len());
        for (name, id) in records {
            let model = env.model(name)?;
            let table = env.registry().table_of(model);
            let Some(row) = env.database().table(table).row(*id).cloned() else {
                continue;
            };
            let columns = model.all_fields().iter().enumerate();
            let changes = columns.filter(|(_, field)| field.has_column());
            let changes = changes.filter_map(|(column, field)| {
                change(field, &row[column], records, exchanged).map(|change| (column, change))
            });
            members.push(Member {
                model: name,
                table,
                changes: changes.collect(),
                row: row.as_ref().clone(),
            });
        }
        Ok(Self { members })
    }

    /// Adds the records once more. Answers their ids, in the order of the records that were cut.
    pub(crate) fn draw(&self, env: &Env, drawing: &Drawing) -> Vec<i64> {
        let mut database = env.database_mut();
        let mut ids: Vec<i64> = Vec::with_capacity(self.members.len());
        for (position, member) in self.members.iter().enumerate() {
            let earlier = self.members[..position].iter();
            let earlier = earlier.filter(|other| other.table == member.table).count();
            let next = database.table(member.table).next_id();
            ids.push(next + i64::try_from(earlier).unwrap_or_default());
        }
        for member in &self.members {
            let mut row = member.row.clone();
            for (column, change) in &member.changes {
                row[*column] = change.apply(&row[*column], drawing, &ids);
            }
            database.insert(member.table, row);
        }
        ids
    }

    /// Replaces pieces of text, such as the numbers of documents, in the records of a drawing.
    pub(crate) fn rename(&self, env: &Env, ids: &[i64], pieces: &[(String, String)]) {
        let mut database = env.database_mut();
        for (member, id) in self.members.iter().zip(ids) {
            for (column, change) in &member.changes {
                if let (Change::Text, Cell::Text(text)) = (change, &member.row[*column])
                    && let Some(new) = renamed(text, pieces)
                {
                    database.put(member.table, *id, *column, new.into());
                }
            }
        }
    }

    /// The positions of the records of a model.
    pub(crate) fn of_model(&self, model: &str) -> Vec<usize> {
        let members = self.members.iter().enumerate();
        let members = members.filter(|(_, member)| member.model == model);
        members.map(|(position, _)| position).collect()
    }
}

impl Change {
    fn apply(&self, cell: &Cell, drawing: &Drawing, ids: &[i64]) -> Cell {
        match (self, cell) {
            (Self::Member(position), _) => ids[*position].into(),
            (Self::Exchanged, _) => drawing.exchanged.into(),
            (Self::Members(listed), _) => {
                let new = listed
                    .iter()
                    .map(|(id, member)| member.map_or(*id, |position| ids[position]));
                new.collect::<Vec<i64>>().into()
            }
            (Self::Day, Cell::Date(day)) => earlier(*day, drawing.days_earlier).into(),
            (Self::Amount, Cell::Float(amount)) => {
                ((amount * f64::from(drawing.times) * 100.0).round() / 100.0).into()
            }
            (_, cell) => cell.clone(),
        }
    }
}

fn change(
    field: &Field,
    cell: &Cell,
    records: &[(&'static str, i64)],
    exchanged: (&'static str, i64),
) -> Option<Change> {
    Some(match (&field.kind, cell) {
        (Kind::Many2one(model), Cell::Int(id)) if exchanged == (*model, *id) => Change::Exchanged,
        (Kind::Many2one(model), Cell::Int(id)) => {
            Change::Member(records.iter().position(|record| *record == (*model, *id))?)
        }
        (Kind::Many2many(model), Cell::Ids(ids)) => {
            let listed = ids.iter().map(|id| {
                let member = records.iter().position(|record| *record == (*model, *id));
                (*id, member)
            });
            Change::Members(listed.collect())
        }
        (Kind::Date, Cell::Date(_)) => Change::Day,
        (Kind::Monetary(_), Cell::Float(_)) => Change::Amount,
        (Kind::Float, Cell::Float(_)) if field.name == "price_unit" => Change::Amount,
        (Kind::Char | Kind::Text, Cell::Text(text)) if !text.is_empty() => Change::Text,
        _ => return None,
    })
}

fn earlier(day: Date, days: i32) -> Date {
    day.saturating_sub(days.days())
}

/// The text with all pieces replaced; nothing if it has none of them.
fn renamed(text: &str, pieces: &[(String, String)]) -> Option<String> {
    let mut renamed: Option<String> = None;
    for (old, new) in pieces {
        let text = renamed.as_deref().unwrap_or(text);
        if text.contains(old.as_str()) {
            renamed = Some(text.replace(old.as_str(), new));
        }
    }
    renamed
}

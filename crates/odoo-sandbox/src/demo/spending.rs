//! What employees of the demo company spent and want back, in every state that an expense can have.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

use super::employees::Employee;
use super::receipts::{Receipt, ReceiptKind};

/// An expense (`hr.expense`).
#[derive(Clone, Debug, Serialize)]
pub struct Expense {
    /// What seeding calls it.
    pub key: &'static str,
    /// Key of the company.
    pub company: &'static str,
    /// Key of the employee who spent it.
    pub employee: &'static str,
    /// Login of the user who enters it: the employee, or the administrator for those without a user.
    pub entered_by: &'static str,
    /// Login of the user who decides on it.
    pub decided_by: &'static str,
    /// Code of the category (`product.product.default_code`), as Odoo brings it along.
    pub category: &'static str,
    /// What it was for.
    pub name: &'static str,
    /// The day on which it was spent.
    pub date: Date,
    /// How much it was.
    pub spent: Spent,
    /// Whether the company paid it, so that nothing is owed to the employee.
    pub paid_by_company: bool,
    /// Key of the tax that is in it.
    pub tax: Option<&'static str>,
    /// The file that hangs on it.
    pub receipt: Option<Receipt>,
    /// How far it has come.
    pub stage: ExpenseStage,
}

impl Expense {
    /// The day by which the employee is to be paid back, once it is booked.
    #[must_use]
    pub fn due(&self) -> Date {
        self.date.saturating_add(30.days())
    }
}

/// How much was spent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Spent {
    /// Hundredths of the company's currency.
    Own(i64),
    /// Hundredths of another currency, by its code.
    Foreign(i64, &'static str),
    /// So many units of a category that has a price, such as kilometres.
    Units(u16),
}

/// How far an expense has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ExpenseStage {
    /// Not handed in.
    Draft,
    /// Waiting for the approver.
    Submitted,
    /// Waiting for the accountant.
    Approved,
    /// Refused, with the reason.
    Refused(&'static str),
    /// Booked on the day of the expense, not yet paid back.
    Posted,
    /// Booked and paid back.
    Paid,
}

use ExpenseStage::{Approved, Draft, Paid, Posted, Refused, Submitted};
use Spent::{Foreign, Own, Units};

/// Key, employee, category, name, days before the anchor, amount and stage.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    i32,
    Spent,
    ExpenseStage,
);

const TRAVEL: &str = "TRANS & ACC";
const MEALS: &str = "FOOD";
const MILEAGE: &str = "MIL";
const GIFTS: &str = "GIFT";
const PHONE: &str = "COMM";
const OTHER: &str = "EXP_GEN";

/// In the order in which they are entered and booked, which decides the numbers of their entries.
#[rustfmt::skip]
const ROWS: [Row; 31] = [
    ("lucia-lunch", "lucia", MEALS, "Lunch at the fair in Albany", 300, Own(1_995), Paid),
    ("ben-hotel", "ben", TRAVEL, "Hotel for the Calloway visit", 240, Own(40_120), Paid),
    ("priya-dinner", "priya", MEALS, "Dinner with Kestrel Aviation", 210, Own(18_765), Paid),
    ("hanna-baskets", "hanna", GIFTS, "Welcome baskets for new colleagues", 180, Own(8_800), Paid),
    ("alice-calls", "alice", PHONE, "Conference calls with the auditors", 150, Own(1_890), Paid),
    ("jonas-probes", "jonas", OTHER, "USB probes for firmware tests", 130, Own(9_990), Paid),
    ("aino-plants", "aino", OTHER, "Plants for the Turku office", 125, Own(7_490), Paid),
    ("emil-sim", "emil", PHONE, "SIM card for site visits", 110, Own(2_500), Paid),
    ("tara-fair", "tara", OTHER, "Entry to the metrology fair", 95, Own(18_000), Paid),
    ("priya-flight", "priya", TRAVEL, "Flight to Denver", 85, Own(51_240), Posted),
    ("emil-turku", "emil", TRAVEL, "Hotel in Turku", 75, Foreign(31_200, "EUR"), Paid),
    ("ada-board", "ada", TRAVEL, "Trip to the board meeting", 65, Own(64_000), Posted),
    ("hanna-books", "hanna", OTHER, "Books for the leadership course", 60, Own(14_210), Posted),
    ("mikko-lunch", "mikko", MEALS, "Lunch with Optik Sandvik", 55, Own(3_650), Posted),
    ("tara-dinner", "tara", MEALS, "Workshop dinner", 50, Own(23_675), Approved),
    ("ben-round", "ben", MILEAGE, "Customer round in the Finger Lakes", 45, Units(210), Approved),
    ("emil-gift", "emil", GIFTS, "Farewell present for a customer", 40, Own(6_500),
        Refused("Presents above 50 dollars need the director's consent")),
    ("alice-software", "alice", OTHER, "Licence for the tax tables", 35, Own(11_499), Approved),
    ("alice-train", "alice", TRAVEL, "Train to the accountants' day", 30, Own(9_640), Approved),
    ("mara-tips", "mara", OTHER, "Soldering tips", 28, Own(4_725), Submitted),
    ("mikko-ferry", "mikko", TRAVEL, "Ferry to Stockholm", 22, Own(12_800), Approved),
    ("emil-site", "emil", MILEAGE, "Drive to the Hollis pumping station", 20, Units(84), Approved),
    ("clara-coffee", "clara", MEALS, "Coffee at the airport", 15, Own(2_310), Refused("The receipt cannot be read")),
    ("tara-train", "tara", TRAVEL, "Train to Juniper Clinic", 12, Own(11_820), Submitted),
    ("emil-breakfast", "emil", MEALS, "Breakfast with the calibration team", 9, Own(2_740), Submitted),
    ("emil-breakfast-again", "emil", MEALS, "Team breakfast", 9, Own(2_740), Submitted),
    ("hanna-lunch", "hanna", MEALS, "Lunch with a candidate", 7, Own(5_430), Submitted),
    ("emil-lunch", "emil", MEALS, "Lunch at Hollis Water Board", 5, Own(3_180), Submitted),
    ("aino-train", "aino", TRAVEL, "Train to Helsinki", 4, Own(4_100), Draft),
    ("emil-taxi", "emil", TRAVEL, "Taxi from the station", 3, Own(4_250), Draft),
    ("tara-catalogue", "tara", OTHER, "Tool catalogue", 1, Own(1_200), Draft),
];

/// Those that the company paid itself.
const BY_COMPANY: [&str; 2] = ["hanna-baskets", "tara-fair"];

/// Expenses with a receipt: its name and kind. The two breakfasts have the same one.
const RECEIPTS: [(&str, &str, ReceiptKind); 9] = [
    ("ben-hotel", "hotel-invoice.pdf", ReceiptKind::Pdf),
    ("tara-fair", "fair-ticket.pdf", ReceiptKind::Pdf),
    ("emil-turku", "hotel-turku.pdf", ReceiptKind::Pdf),
    ("tara-dinner", "dinner.pdf", ReceiptKind::Pdf),
    ("alice-software", "licence.pdf", ReceiptKind::Pdf),
    ("emil-breakfast", "bakery.pdf", ReceiptKind::Pdf),
    ("emil-breakfast-again", "bakery.pdf", ReceiptKind::Pdf),
    ("emil-lunch", "lunch.pdf", ReceiptKind::Pdf),
    ("tara-catalogue", "catalogue.png", ReceiptKind::Png),
];

/// All expenses, as they look on the day `anchor`.
pub(super) fn expenses(anchor: Date, employees: &[Employee]) -> Vec<Expense> {
    ROWS.iter()
        .filter_map(|row| {
            let employee = employees.iter().find(|employee| employee.key == row.1)?;
            Some(expense(anchor, employee, *row))
        })
        .collect()
}

fn expense(anchor: Date, employee: &Employee, row: Row) -> Expense {
    let (key, _, category, name, days, spent, stage) = row;
    let receipt = RECEIPTS.iter().find(|receipt| receipt.0 == key);
    Expense {
        key,
        company: employee.company,
        employee: employee.key,
        entered_by: employee.user.unwrap_or("ada"),
        decided_by: employee.approver.unwrap_or("ada"),
        category,
        name,
        date: anchor.saturating_sub(days.days()),
        spent,
        paid_by_company: BY_COMPANY.contains(&key),
        tax: (key == "alice-software").then_some("purchase-15"),
        receipt: receipt.map(|(_, name, kind)| Receipt::new(name, *kind)),
        stage,
    }
}

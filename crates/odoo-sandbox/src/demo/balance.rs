//! Proof that the books of the demo company balance, by journal items worked out independently of the sandbox.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::civil::{Date, date};

use super::{
    AccountType, DemoCompany, DocumentLine, Move, MoveBody, MoveKind, MoveState, Role, company,
};

/// Date, account code and balance in hundredths of the company's currency.
type Item = (Date, &'static str, i64);

const ANCHORS: [Date; 4] = [
    date(2026, 11, 22),
    date(2027, 1, 1),
    date(2028, 2, 29),
    date(2026, 12, 31),
];

fn cents(value: f64) -> i64 {
    format!("{value:.0}").parse().unwrap()
}

fn subtotal(line: &DocumentLine) -> i64 {
    let price = f64::from(i32::try_from(line.price_cents).unwrap());
    cents((line.quantity * price * (1.0 - line.discount / 100.0) + 1e-6).round())
}

fn as_float(value: i64) -> f64 {
    f64::from(i32::try_from(value).unwrap())
}

/// The journal items of a posted move in the currency of its document, receivable or payable last.
fn items(demo: &DemoCompany, entered: &Move) -> Vec<Item> {
    let lines = match &entered.body {
        MoveBody::Entry(lines) => {
            return lines
                .iter()
                .map(|line| (entered.date, line.account, line.balance_cents))
                .collect();
        }
        MoveBody::Document(lines) => lines,
    };
    let debit_side = matches!(entered.kind, MoveKind::InInvoice | MoveKind::OutRefund);
    let sign = if debit_side { 1 } else { -1 };
    let mut items = Vec::new();
    for line in lines {
        let Some(account) = line.account else {
            continue;
        };
        items.push((entered.date, account, sign * subtotal(line)));
        if let Some(tax) = demo.taxes.iter().find(|tax| Some(tax.key) == line.tax) {
            let amount = cents((as_float(subtotal(line)) * tax.percent / 100.0 + 1e-6).round());
            items.push((entered.date, tax.account, sign * amount));
        }
    }
    let sale = matches!(entered.kind, MoveKind::OutInvoice | MoveKind::OutRefund);
    let total: i64 = items.iter().map(|item| item.2).sum();
    items.push((entered.date, if sale { "121000" } else { "211000" }, -total));
    items
}

fn account_type(demo: &DemoCompany, code: &str) -> AccountType {
    demo.accounts
        .iter()
        .find(|account| account.code == code)
        .expect(code)
        .account_type
}

fn ledger(demo: &DemoCompany, company: &str) -> Vec<Item> {
    let posted: HashMap<&str, &Move> = demo
        .moves
        .iter()
        .filter(|entered| entered.company == company && entered.state == MoveState::Posted)
        .map(|entered| (entered.key.as_str(), entered))
        .collect();
    let mut ledger: Vec<Item> = posted
        .values()
        .flat_map(|entered| items(demo, entered))
        .collect();
    for payment in demo
        .payments
        .iter()
        .filter(|payment| payment.company == company)
    {
        let document = posted[payment.pays.as_str()];
        let due = *items(demo, document).last().unwrap();
        let paid = payment
            .amount_cents
            .map_or(due.2, |amount| amount * due.2.signum());
        assert!(paid.abs() <= due.2.abs(), "{} is overpaid", payment.pays);
        let journal = demo
            .journals
            .iter()
            .find(|journal| journal.code == payment.journal)
            .unwrap();
        ledger.push((payment.date, journal.default_account.unwrap(), paid));
        ledger.push((payment.date, due.1, -paid));
    }
    ledger.extend(reported(demo, company));
    ledger
}

/// What the bank transactions post: the bank or cash account against what they were booked on.
fn reported(demo: &DemoCompany, company: &str) -> Vec<Item> {
    let mut items = Vec::new();
    let own = demo
        .transactions
        .iter()
        .filter(|own| own.company == company);
    for transaction in own {
        let journal = demo
            .journals
            .iter()
            .find(|journal| journal.code == transaction.journal);
        let account = journal.unwrap().default_account.unwrap();
        let against = transaction.counterpart.unwrap_or("101402");
        items.push((transaction.date, account, transaction.amount_cents));
        items.push((transaction.date, against, -transaction.amount_cents));
    }
    items
}

#[test]
fn transactions_come_with_and_without_partners_in_two_currencies_and_on_statements() {
    for anchor in ANCHORS {
        let demo = company(anchor);
        let keys: HashSet<&str> = demo
            .transactions
            .iter()
            .map(|own| own.key.as_str())
            .collect();
        assert_eq!(keys.len(), demo.transactions.len());
        assert!(demo.transactions.iter().all(|own| own.date <= anchor));
        for company in &demo.companies {
            let own = || {
                demo.transactions
                    .iter()
                    .filter(|own| own.company == company.key)
            };
            assert!(own().count() >= 15, "{} on {anchor}", company.key);
            assert!(
                own().any(|own| own.partner.is_some()) && own().any(|own| own.partner.is_none())
            );
            assert!(own().any(|own| own.foreign.is_some()));
            assert!(own().any(|own| own.counterpart.is_some()));
            let of_books = own().filter_map(|own| own.counterpart);
            for code in of_books {
                let name = account_type(&demo, code).as_str();
                assert!(
                    !name.starts_with("income") && !name.starts_with("expense"),
                    "{code}"
                );
            }
        }
        for statement in &demo.statements {
            let listed = demo
                .transactions
                .iter()
                .filter(|own| statement.transactions.contains(&own.key));
            assert!(listed.clone().count() == statement.transactions.len() && listed.count() > 0);
        }
    }
}

#[test]
fn every_entry_balances_and_every_month_end_closes() {
    for anchor in ANCHORS {
        let demo = company(anchor);
        for entered in &demo.moves {
            let sum: i64 = items(&demo, entered).iter().map(|item| item.2).sum();
            assert_eq!(sum, 0, "{}", entered.key);
            assert!(entered.date <= anchor, "{}", entered.key);
        }
        for company in &demo.companies {
            let ledger = ledger(&demo, company.key);
            let ends: HashSet<Date> = ledger.iter().map(|item| item.0.last_of_month()).collect();
            assert!(ends.len() >= 11, "{} on {anchor}", company.key);
            for end in ends {
                let mut sides: BTreeMap<&str, i64> = BTreeMap::new();
                for (_, code, balance) in ledger.iter().filter(|item| item.0 <= end) {
                    let name = account_type(&demo, code).as_str();
                    let side = name.split('_').next().unwrap();
                    *sides.entry(side).or_default() += balance;
                }
                let side = |name: &str| sides.get(name).copied().unwrap_or_default();
                let result = -(side("income") + side("expense"));
                assert_eq!(
                    side("asset"),
                    -(side("liability") + side("equity")) + result
                );
                assert!(side("asset") > 0, "{} has no assets on {end}", company.key);
            }
        }
    }
}

#[test]
fn keys_are_unique_and_every_reference_finds_its_record() {
    let demo = company(ANCHORS[0]);
    let moves: HashSet<&str> = demo
        .moves
        .iter()
        .map(|entered| entered.key.as_str())
        .collect();
    assert_eq!(moves.len(), demo.moves.len());
    let partners: HashSet<&str> = demo.partners.iter().map(|partner| partner.key).collect();
    assert_eq!(partners.len(), demo.partners.len());
    for entered in &demo.moves {
        assert!(
            entered
                .partner
                .is_none_or(|partner| partners.contains(partner))
        );
        assert!(
            entered
                .reverses
                .as_deref()
                .is_none_or(|key| moves.contains(key))
        );
    }
}

#[test]
fn tasks_and_staff_refer_to_records_that_exist() {
    let demo = company(ANCHORS[0]);
    let mut tasks = HashSet::new();
    for task in &demo.tasks {
        assert!(
            task.parent
                .iter()
                .chain(&task.blocked_by)
                .all(|key| tasks.contains(key))
        );
        assert!(
            task.project
                .is_none_or(|key| demo.projects.iter().any(|p| p.key == key))
        );
        assert!(tasks.insert(task.key), "{} stands twice", task.key);
    }
    let employees: HashSet<&str> = demo.employees.iter().map(|employee| employee.key).collect();
    assert!(
        demo.departments
            .iter()
            .all(|department| employees.contains(department.manager))
    );
    assert!(
        demo.people
            .iter()
            .filter(|person| person.role != Role::Auditor)
            .all(|person| employees.contains(person.login))
    );
}

#[test]
fn the_year_has_every_case_a_reader_must_handle() {
    let demo = company(ANCHORS[0]);
    let count = |keep: fn(&Move) -> bool| demo.moves.iter().filter(|entered| keep(entered)).count();
    assert_eq!(count(|entered| entered.state == MoveState::Draft), 2);
    assert_eq!(count(|entered| entered.state == MoveState::Cancel), 1);
    assert_eq!(count(|entered| entered.currency == Some("EUR")), 3);
    assert_eq!(count(|entered| entered.reverses.is_some()), 1);
    let paid: HashSet<&str> = demo
        .payments
        .iter()
        .map(|payment| payment.pays.as_str())
        .collect();
    let overdue = demo.moves.iter().filter(|entered| {
        entered.state == MoveState::Posted
            && entered.due.is_some_and(|due| due < demo.anchor)
            && !paid.contains(entered.key.as_str())
    });
    assert!(overdue.count() >= 5);
    assert!(
        demo.payments
            .iter()
            .any(|payment| payment.amount_cents.is_some())
    );
}

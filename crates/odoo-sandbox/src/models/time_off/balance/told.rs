//! The form in which Odoo tells a balance (`get_allocation_data_request`).

use serde_json::{Map, Value as Json, json};

use super::{Balance, Pot, cents, written};
use crate::models::time_off::day_off::off;
use crate::models::time_off::working_hours::{Schedule, total};

impl Balance<'_> {
    /// The form in which Odoo tells it. Python keeps an untouched sum whole: `0`, not `0.0`.
    pub(in crate::models::time_off) fn answer(&self) -> Json {
        let (taken, booked) = (self.sum(|pot| pot.taken), self.sum(|pot| pot.booked));
        let waiting = match (booked.as_f64(), taken.as_f64()) {
            (Some(days), Some(taken)) if booked.is_f64() => json!(cents(days - taken)),
            _ => json!(0),
        };
        let (expires, remaining, duration) = self.expiry();
        let (excess, exceeding) = self.uncovered();
        let path = self.kind.text("icon_path");
        json!({
            "remaining_leaves": cents(self.most - self.taken()),
            "virtual_remaining_leaves": cents(self.left()),
            "max_leaves": self.most,
            "accrual_bonus": 0,
            "leaves_taken": taken,
            "virtual_leaves_taken": booked,
            "leaves_requested": waiting,
            "leaves_approved": taken,
            "closest_allocation_remaining": remaining,
            "closest_allocation_expire": expires,
            "closest_allocation_duration": duration,
            "holds_changes": self.changes(),
            "total_virtual_excess": exceeding,
            "virtual_excess_data": excess,
            "exceeding_duration": 0,
            "request_unit": self.kind.text("request_unit"),
            "icon": if path.is_empty() { json!(false) } else { json!(path) },
            "allows_negative": self.kind.bool("allows_negative"),
            "max_allowed_negative": self.kind.int("max_allowed_negative"),
            "employee_company": self.employee.get("company_id").as_id(),
        })
    }

    /// A part of the allocations that hold on the day, added up.
    fn sum(&self, part: fn(&Pot) -> Option<f64>) -> Json {
        let parts: Vec<f64> = self.current().filter_map(part).collect();
        if parts.is_empty() {
            json!(0)
        } else {
            json!(cents(parts.iter().sum()))
        }
    }

    /// Leave beyond all allocations by its last day, and how much that is in all.
    fn uncovered(&self) -> (Map<String, Json>, Json) {
        let told = self.excess.iter().map(|(day, excess)| {
            let told = json!({
                "amount": excess.amount, "is_virtual": excess.waiting, "leave_id": excess.leave,
            });
            (day.to_string(), told)
        });
        let total: f64 = self.excess.values().map(|excess| excess.amount).sum();
        let total = if self.excess.is_empty() {
            json!(0)
        } else {
            json!(cents(total))
        };
        (told.collect(), total)
    }

    /// The next day on which something expires, how much, and how much work there is until then.
    fn expiry(&self) -> (Json, Json, Json) {
        let open = || self.current().filter(|pot| pot.left() > 0.0);
        let Some(end) = open().filter_map(|pot| pot.to).min() else {
            return (json!(false), json!(0), json!(false));
        };
        let left: f64 = open()
            .filter(|pot| pot.to == Some(end))
            .map(Pot::left)
            .sum();
        let span = (self.day.at(0, 0, 0, 0), end.at(23, 59, 59, 999_999_000));
        let schedule = Schedule::of(&self.employee);
        let (days, hours) = total(&schedule.work(span, &off(&self.employee, span, None)));
        let duration = if self.kind.is("request_unit", "hour") {
            hours
        } else {
            days
        };
        (
            json!(written(self.kind.env(), end)),
            json!(cents(left)),
            json!(cents(duration)),
        )
    }

    /// Whether other allocations hold on the day than hold today.
    fn changes(&self) -> bool {
        let today = self.kind.env().now().date();
        today != self.day
            && self
                .pots
                .iter()
                .any(|pot| pot.holds(today) != pot.holds(self.day))
    }
}

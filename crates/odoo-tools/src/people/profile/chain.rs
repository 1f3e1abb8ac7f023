//! Who stands above an employee.
//!
//! Read by a search of its own and not nested in the employee: in nested records one manager of
//! another company, whom the user may not see, would make Odoo refuse everything.

use odoo_json2::{Domain, Record, Ref, field};

use crate::answer::Named;

/// More levels than any company has.
pub(in super::super) const LONGEST: usize = 30;

/// What both models say of who leads whom.
macro_rules! above {
    ($name:ident, $model:literal) => {
        /// Somebody who leads.
        #[derive(Debug, Record)]
        #[odoo(model = $model)]
        pub(in super::super) struct $name {
            id: i64,
            parent_id: Option<Ref>,
        }

        impl From<$name> for Leader {
            fn from(row: $name) -> Self {
                Self {
                    id: row.id,
                    above: row.parent_id,
                }
            }
        }
    };
}

above!(PublicLeader, "hr.employee.public");
above!(FullLeader, "hr.employee");

/// Somebody who leads, and by whom they are led.
#[derive(Clone, Debug)]
pub(in super::super) struct Leader {
    id: i64,
    above: Option<Ref>,
}

/// What finds those above an employee, as far as the user may see them.
pub(in super::super) fn above(id: i64) -> Domain {
    field("id").parent_of(id) & field("id").ne(id)
}

/// Those above the manager, nearest first. The last one may be known by name only.
pub(in super::super) fn climb(manager: Option<&Ref>, leaders: &[Leader]) -> Vec<Named> {
    let mut found: Vec<Named> = Vec::new();
    let mut at = manager.map(|manager| manager.id);
    while let Some(id) = at {
        let leader = leaders.iter().find(|leader| leader.id == id);
        let next = leader.and_then(|leader| leader.above.clone());
        // In a circle nobody stands above anybody.
        let known = |next: &Ref| {
            manager.is_some_and(|manager| manager.id == next.id)
                || found.iter().any(|known| known.id == next.id)
        };
        let next = next.filter(|next| !known(next) && found.len() < LONGEST);
        at = next.as_ref().map(|next| next.id);
        found.extend(next.map(Named::from));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leader(id: i64, above: Option<i64>) -> Leader {
        let named = |id: i64| Ref {
            id,
            name: format!("#{id}"),
        };
        Leader {
            id,
            above: above.map(named),
        }
    }

    fn above(leaders: &[Leader]) -> Vec<i64> {
        let manager = Ref {
            id: 1,
            name: "one".to_owned(),
        };
        climb(Some(&manager), leaders)
            .iter()
            .map(|named| named.id)
            .collect()
    }

    #[test]
    fn the_way_up_ends_at_the_top_at_the_unseen_and_in_circles() {
        assert_eq!(above(&[leader(2, None), leader(1, Some(2))]), [2]);
        assert_eq!(above(&[leader(1, Some(7))]), [7]);
        assert_eq!(above(&[]), [0; 0]);
        assert_eq!(above(&[leader(1, Some(2)), leader(2, Some(1))]), [2]);
        assert_eq!(
            above(&[leader(1, Some(2)), leader(2, Some(3)), leader(3, Some(2))]),
            [2, 3]
        );
    }
}

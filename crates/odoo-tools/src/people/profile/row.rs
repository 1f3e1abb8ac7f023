//! What `read_employee` asks of Odoo, in both models.

use jiff::civil::Date;
use odoo_json2::{Record, Ref};

use super::super::skill::SkillRow;
use super::super::whom::Candidate;
use super::{Line, Place, Reach};
use crate::answer::Named;
use crate::session::companies::Companies;

/// What both models have under the same names. Fields of apps that may be missing are optional.
macro_rules! row {
    ($name:ident, $model:literal, { $($extra:tt)* }) => {
        /// An employee as the model tells.
        #[derive(Debug, Record)]
        #[odoo(model = $model)]
        pub(in super::super) struct $name {
            pub(in super::super) id: i64,
            pub(in super::super) name: String,
            pub(in super::super) active: bool,
            job_title: Option<String>,
            job_id: Option<Ref>,
            department_id: Option<Ref>,
            company_id: Option<Ref>,
            work_location_id: Option<Ref>,
            resource_calendar_id: Option<Ref>,
            tz: Option<String>,
            work_email: Option<String>,
            work_phone: Option<String>,
            mobile_phone: Option<String>,
            pub(in super::super) user_id: Option<Ref>,
            birthday_public_display_string: Option<String>,
            pub(in super::super) parent_id: Option<Ref>,
            coach_id: Option<Ref>,
            #[odoo(optional)]
            leave_manager_id: Option<Ref>,
            #[odoo(optional)]
            expense_manager_id: Option<Ref>,
            #[odoo(optional)]
            child_count: Option<i64>,
            #[odoo(optional)]
            child_all_count: Option<i64>,
            #[odoo(optional)]
            pub(in super::super) current_employee_skill_ids: Option<Vec<SkillRow>>,
            $($extra)*
        }

        impl $name {
            pub(in super::super) fn place(&self, companies: &Companies<'_>) -> Place {
                let name = |of: &Option<Ref>| of.as_ref().map(|of| of.name.clone());
                let position = self.job_id.clone();
                Place {
                    job: self.job_title.clone(),
                    position: Named::of(
                        position.filter(|job| Some(&job.name) != self.job_title.as_ref()),
                    ),
                    department: Named::of(self.department_id.clone()),
                    company: companies.named(self.company_id.clone()),
                    location: name(&self.work_location_id),
                    working_hours: name(&self.resource_calendar_id),
                    time_zone: self.tz.clone(),
                }
            }

            pub(in super::super) fn reach(&self) -> Reach {
                let shown = self.birthday_public_display_string.clone();
                Reach {
                    email: self.work_email.clone(),
                    phone: self.work_phone.clone(),
                    mobile: self.mobile_phone.clone(),
                    user_id: self.user_id.as_ref().map(|user| user.id),
                    // What Odoo says of those who do not show it.
                    birthday: shown.filter(|day| day != "hidden"),
                }
            }

            pub(in super::super) fn line(&self) -> Line {
                let user = |of: &Option<Ref>| of.as_ref().map(|user| user.name.clone());
                let coach = self.coach_id.clone();
                let direct = self.child_count.filter(|count| *count > 0);
                Line {
                    manager: Named::of(self.parent_id.clone()),
                    above: Vec::new(),
                    coach: Named::of(coach.filter(|coach| Some(coach) != self.parent_id.as_ref())),
                    time_off_approver: user(&self.leave_manager_id),
                    expense_approver: user(&self.expense_manager_id),
                    reports: direct,
                    reports_in_all: self
                        .child_all_count
                        .filter(|all| *all > direct.unwrap_or_default()),
                }
            }
        }

        impl Candidate for $name {
            fn id(&self) -> i64 {
                self.id
            }

            fn name(&self) -> &str {
                &self.name
            }

            fn is_active(&self) -> bool {
                self.active
            }

            fn place(&self) -> String {
                let department = self.department_id.as_ref().map(|one| one.name.as_str());
                let parts = [self.job_title.as_deref(), department];
                parts
                    .into_iter()
                    .flatten()
                    .map(|part| format!(", {part}"))
                    .collect()
            }
        }
    };
}

row!(PublicRow, "hr.employee.public", {});
row!(FullRow, "hr.employee", {
    #[odoo(optional)]
    pub(super) employee_type: Option<String>,
    #[odoo(optional)]
    pub(super) legal_name: Option<String>,
    #[odoo(optional)]
    pub(super) birthday: Option<Date>,
    #[odoo(optional)]
    pub(super) sex: Option<String>,
    #[odoo(optional)]
    pub(super) marital: Option<String>,
    #[odoo(optional)]
    pub(super) children: Option<i64>,
    #[odoo(optional)]
    pub(super) country_id: Option<Ref>,
    #[odoo(optional)]
    pub(super) private_street: Option<String>,
    #[odoo(optional)]
    pub(super) private_street2: Option<String>,
    #[odoo(optional)]
    pub(super) private_zip: Option<String>,
    #[odoo(optional)]
    pub(super) private_city: Option<String>,
    #[odoo(optional)]
    pub(super) private_country_id: Option<Ref>,
    #[odoo(optional)]
    pub(super) private_email: Option<String>,
    #[odoo(optional)]
    pub(super) private_phone: Option<String>,
    #[odoo(optional)]
    pub(super) emergency_contact: Option<String>,
    #[odoo(optional)]
    pub(super) emergency_phone: Option<String>,
    #[odoo(optional)]
    pub(super) identification_id: Option<String>,
    #[odoo(optional)]
    pub(super) ssnid: Option<String>,
    #[odoo(optional)]
    pub(super) passport_id: Option<String>,
    #[odoo(optional)]
    pub(super) passport_expiration_date: Option<Date>,
    #[odoo(optional)]
    pub(super) visa_no: Option<String>,
    #[odoo(optional)]
    pub(super) visa_expire: Option<Date>,
    #[odoo(optional)]
    pub(super) permit_no: Option<String>,
    #[odoo(optional)]
    pub(super) work_permit_expiration_date: Option<Date>,
    #[odoo(optional)]
    pub(super) bank_account_ids: Option<Vec<Ref>>,
    #[odoo(optional)]
    pub(super) certificate: Option<String>,
    #[odoo(optional)]
    pub(super) study_field: Option<String>,
    #[odoo(optional)]
    pub(super) study_school: Option<String>,
    #[odoo(optional)]
    pub(super) category_ids: Option<Vec<Ref>>,
    #[odoo(optional)]
    pub(super) date_version: Option<Date>,
    #[odoo(optional)]
    pub(super) departure_date: Option<Date>,
    #[odoo(optional)]
    pub(super) currency_id: Option<Ref>,
    #[odoo(optional)]
    pub(super) wage: Option<f64>,
    #[odoo(optional)]
    pub(super) contract_date_start: Option<Date>,
    #[odoo(optional)]
    pub(super) contract_date_end: Option<Date>,
    #[odoo(optional)]
    pub(super) trial_date_end: Option<Date>,
    #[odoo(optional)]
    pub(super) contract_type_id: Option<Ref>,
    #[odoo(optional)]
    pub(super) structure_type_id: Option<Ref>,
});

//! The fields of an employee that only HR reads: private life, and the contract of the current version.

use crate::engine::{cell::Cell, field::Field, record::Record};

use super::version::{EMPLOYEE_TYPES, MARITAL, SEXES};
use super::{MANAGER, OFFICER};

/// Fields of the employee itself.
pub(super) fn private() -> Vec<Field> {
    fields! {
        char("private_email").groups(&[OFFICER]);
        char("private_phone").groups(&[OFFICER]);
        char("legal_name").groups(&[OFFICER]);
        date("birthday").groups(&[OFFICER]);
        boolean("birthday_public_display").label("Show to all employees").groups(&[OFFICER]);
        char("birthday_public_display_string").label("Public Date of Birth").compute(public_birthday);
        char("place_of_birth").label("Place of Birth").groups(&[OFFICER]);
        many2one("country_of_birth", "res.country").label("Country of Birth").groups(&[OFFICER]);
        selection("certificate", &[
            ("graduate", "Graduate"), ("bachelor", "Bachelor"), ("master", "Master"), ("doctor", "Doctor"), ("other", "Other"),
        ]).label("Certificate Level").groups(&[OFFICER]);
        char("study_field").label("Field of Study").groups(&[OFFICER]);
        char("study_school").label("School").groups(&[OFFICER]);
        char("emergency_contact").groups(&[OFFICER]);
        char("emergency_phone").groups(&[OFFICER]);
        char("visa_no").groups(&[OFFICER]);
        date("visa_expire").label("Visa Expiration Date").groups(&[OFFICER]);
        char("permit_no").label("Work Permit No").groups(&[OFFICER]);
        date("work_permit_expiration_date").groups(&[OFFICER]);
        char("barcode").label("Badge ID").groups(&[OFFICER]).no_copy();
        char("pin").label("PIN").groups(&[OFFICER]).no_copy();
        char("private_car_plate").groups(&[OFFICER]);
        monetary("hourly_cost", "currency_id").groups(&[OFFICER]);
        many2many("bank_account_ids", "res.partner.bank").label("Bank Accounts").groups(&[OFFICER]);
    }
}

/// Fields that the current version holds, for officers.
pub(super) fn versioned() -> Vec<Field> {
    fields! {
        date("date_version").required().groups(&[OFFICER]).related("version_id.date_version").editable();
        datetime("last_modified_date").label("Last Modified on").required().groups(&[OFFICER]).related("version_id.last_modified_date").editable();
        many2one("last_modified_uid", "res.users").label("Last Modified by").required().groups(&[OFFICER]).related("version_id.last_modified_uid").editable();
        selection("employee_type", EMPLOYEE_TYPES).required().groups(&[OFFICER]).related("version_id.employee_type").stored().editable();
        selection("marital", MARITAL).label("Marital Status").required().groups(&[OFFICER]).related("version_id.marital").stored().editable();
        selection("sex", SEXES).label("Gender").groups(&[OFFICER]).related("version_id.sex").stored().editable();
        integer("children").label("Dependent Children").groups(&[OFFICER]).related("version_id.children").stored().editable();
        char("private_street").groups(&[OFFICER]).related("version_id.private_street").editable();
        char("private_street2").groups(&[OFFICER]).related("version_id.private_street2").editable();
        char("private_city").groups(&[OFFICER]).related("version_id.private_city").editable();
        char("private_zip").groups(&[OFFICER]).related("version_id.private_zip").editable();
        many2one("private_country_id", "res.country").groups(&[OFFICER]).related("version_id.private_country_id").editable();
        many2one("country_id", "res.country").label("Nationality (Country)").groups(&[OFFICER]).related("version_id.country_id").editable();
        char("identification_id").label("Identification No").groups(&[OFFICER]).related("version_id.identification_id").editable();
        char("passport_id").label("Passport No").groups(&[OFFICER]).related("version_id.passport_id").editable();
        date("passport_expiration_date").groups(&[OFFICER]).related("version_id.passport_expiration_date").editable();
        char("ssnid").label("SSN No").groups(&[OFFICER]).related("version_id.ssnid").editable();
        date("departure_date").groups(&[OFFICER]).related("version_id.departure_date").editable();
        html("departure_description").label("Additional Information").groups(&[OFFICER]).related("version_id.departure_description").editable();
        text("additional_note").groups(&[OFFICER]).related("version_id.additional_note").editable();
    }
}

/// Fields that the current version holds, for administrators.
pub(super) fn contract() -> Vec<Field> {
    fields! {
        date("contract_date_start").label("Contract Start Date").groups(&[MANAGER]).related("version_id.contract_date_start").stored().editable();
        date("contract_date_end").label("Contract End Date").groups(&[MANAGER]).related("version_id.contract_date_end").stored().editable();
        date("trial_date_end").label("End of Trial Period").groups(&[MANAGER]).related("version_id.trial_date_end").editable();
        many2one("contract_type_id", "hr.contract.type").groups(&[MANAGER]).related("version_id.contract_type_id").stored().editable();
        many2one("structure_type_id", "hr.payroll.structure.type").label("Salary Structure Type").groups(&[MANAGER])
            .related("version_id.structure_type_id").stored().editable();
        monetary("wage", "currency_id").groups(&[MANAGER]).aggregator("avg").related("version_id.wage").stored().editable();
        monetary("contract_wage", "currency_id").groups(&[MANAGER]).related("version_id.contract_wage");
        date("date_start").groups(&[MANAGER]).related("version_id.date_start");
        date("date_end").groups(&[MANAGER]).related("version_id.date_end");
        boolean("is_current").groups(&[MANAGER]).related("version_id.is_current");
        boolean("is_past").groups(&[MANAGER]).related("version_id.is_past");
        boolean("is_future").groups(&[MANAGER]).related("version_id.is_future");
        boolean("is_in_contract").groups(&[MANAGER]).related("version_id.is_in_contract");
    }
}

/// "17 March" for those who agreed to show it, else "hidden".
fn public_birthday(employee: &Record<'_>) -> Cell {
    match employee
        .date("birthday")
        .filter(|_| employee.bool("birthday_public_display"))
    {
        Some(day) => day.strftime("%d %B").to_string().into(),
        None => "hidden".into(),
    }
}

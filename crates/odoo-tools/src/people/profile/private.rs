//! What Odoo tells HR of an employee, in the words of the answer.

use jiff::civil::Date;
use odoo_json2::Ref;

use super::row::FullRow;
use super::{Contract, Private};
use crate::answer::{Amount, Named};

impl FullRow {
    /// What officers read. Badge and PIN are never asked for: they open doors.
    pub(in super::super) fn private(&mut self) -> Private {
        let address = [
            self.private_street.take(),
            self.private_street2.take(),
            joined(" ", [self.private_zip.take(), self.private_city.take()]),
            self.private_country_id.take().map(|country| country.name),
        ];
        let emergency = [self.emergency_contact.take(), self.emergency_phone.take()];
        let study = [
            self.certificate.take(),
            self.study_field.take(),
            self.study_school.take(),
        ];
        let same_name = |legal: &String| *legal != self.name;
        Private {
            employee_type: self.employee_type.take(),
            legal_name: self.legal_name.take().filter(same_name),
            date_of_birth: self.birthday,
            gender: self.sex.take(),
            marital_status: self.marital.take(),
            children: self.children.filter(|children| *children > 0),
            nationality: self.country_id.take().map(|country| country.name),
            address: joined(", ", address),
            email: self.private_email.take(),
            phone: self.private_phone.take(),
            emergency_contact: joined(", ", emergency),
            identification_number: self.identification_id.take(),
            social_security_number: self.ssnid.take(),
            passport: until(self.passport_id.take(), self.passport_expiration_date),
            visa: until(self.visa_no.take(), self.visa_expire),
            work_permit: until(self.permit_no.take(), self.work_permit_expiration_date),
            bank_accounts: Named::names(self.bank_account_ids.take().unwrap_or_default()),
            education: joined(", ", study),
            tags: Named::names(self.category_ids.take().unwrap_or_default()),
            in_position_since: self.date_version,
            departure: self.departure_date,
        }
    }

    /// What administrators of HR read.
    pub(in super::super) fn contract(&mut self) -> Option<Contract> {
        let name = |of: Option<Ref>| of.map(|of| of.name);
        let wage = self.wage.filter(|wage| *wage != 0.0).map(Amount::new);
        let contract = Contract {
            kind: name(self.contract_type_id.take()),
            from: self.contract_date_start,
            until: self.contract_date_end,
            trial_until: self.trial_date_end,
            wage,
            currency: name(self.currency_id.take()).filter(|_| wage.is_some()),
            salary_structure: name(self.structure_type_id.take()),
        };
        contract.known()
    }
}

/// The parts that there are.
fn joined<const N: usize>(between: &str, parts: [Option<String>; N]) -> Option<String> {
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(between))
}

/// A document, and when it runs out.
fn until(number: Option<String>, day: Option<Date>) -> Option<String> {
    match (number, day) {
        (Some(number), Some(day)) => Some(format!("{number}, until {day}")),
        (None, Some(day)) => Some(format!("until {day}")),
        (number, None) => number,
    }
}

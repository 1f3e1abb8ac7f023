//! Taxes, their groups and how they are distributed on accounts (`account.tax`, `account.tax.group`,
//! `account.tax.repartition.line`).

use crate::engine::{
    field::Field,
    model::{Model, Rule},
    record::Record,
    registry::Registry,
};

use super::journal::of_my_companies;
use super::{INVOICE, MANAGER, READONLY};

/// Declares the models.
pub(super) fn register(registry: &mut Registry) {
    registry.add(
        readable(Model::new("account.tax.group", "Tax Group").order("sequence asc, id")).fields(fields! {
            char("name").required();
            integer("sequence").default(10);
            many2one("company_id", "res.company").required().default_fn(|env| env.company().into());
        }),
    );
    registry.add(
        readable(
            Model::new("account.tax", "Tax")
                .order("sequence,id")
                .archivable(),
        )
        .fields(table())
        .fields(distribution()),
    );
    registry.add(
        readable(Model::new(
            "account.tax.repartition.line",
            "Tax Repartition Line",
        ))
        .order("document_type, repartition_type, sequence, id")
        .fields(repartition()),
    );
}

/// Everybody reads taxes of the own companies; accounting administrators change them.
fn readable(model: Model) -> Model {
    model
        .access("base.group_user", "r")
        .access(READONLY, "r")
        .access(INVOICE, "r")
        .access(MANAGER, "rwcd")
        .rule(Rule::global(of_my_companies))
}

fn table() -> Vec<Field> {
    fields! {
        char("name").label("Tax Name").required();
        selection("type_tax_use", &[("sale", "Sales"), ("purchase", "Purchases"), ("none", "None")])
            .label("Tax Type").required().default("sale");
        selection("tax_scope", &[("service", "Services"), ("consu", "Goods")]);
        selection("amount_type", &[
            ("group", "Group of Taxes"), ("fixed", "Fixed"), ("percent", "Percentage"),
            ("division", "Percentage Tax Included"),
        ]).label("Tax Computation").required().default("percent");
        float("amount").required();
        many2one("company_id", "res.company").required().readonly().default_fn(|env| env.company().into());
        integer("sequence").required().default(1);
        html("description");
        char("invoice_label").label("Label on Invoices");
        boolean("price_include").compute(|_| false.into());
        selection("price_include_override", &[
            ("tax_included", "Tax Included"), ("tax_excluded", "Tax Excluded"),
        ]).label("Included in Price");
        boolean("include_base_amount").label("Affect Base of Subsequent Taxes");
        boolean("is_base_affected").label("Base Affected by Previous Taxes").default(true);
        boolean("analytic").label("Include in Analytic Cost");
        many2one("tax_group_id", "account.tax.group").required();
        many2one("country_id", "res.country");
        char("country_code").related("country_id.code");
        selection("tax_exigibility", &[
            ("on_invoice", "Based on Invoice"), ("on_payment", "Based on Payment"),
        ]).default("on_invoice");
    }
}

fn distribution() -> Vec<Field> {
    const LINE: &str = "account.tax.repartition.line";
    fields! {
        one2many("repartition_line_ids", LINE, "tax_id").label("Distribution");
        one2many("invoice_repartition_line_ids", LINE, "tax_id").label("Distribution for Invoices")
            .compute(|tax| lines_of(tax, "invoice").into());
        one2many("refund_repartition_line_ids", LINE, "tax_id").label("Distribution for Refund Invoices")
            .compute(|tax| lines_of(tax, "refund").into());
    }
}

fn repartition() -> Vec<Field> {
    fields! {
        many2one("tax_id", "account.tax");
        float("factor_percent").label("%").required().default(100.0);
        selection("repartition_type", &[("base", "Base"), ("tax", "of tax")]).label("Based On").required().default("tax");
        selection("document_type", &[("invoice", "Invoice"), ("refund", "Refund")]).label("Related to").required();
        many2one("account_id", "account.account");
        many2one("company_id", "res.company").related("tax_id.company_id").stored();
        integer("sequence").default(1);
    }
}

fn lines_of(tax: &Record<'_>, document: &str) -> Vec<i64> {
    let lines = tax.many("repartition_line_ids");
    lines
        .iter()
        .filter(|line| line.is("document_type", document))
        .map(Record::id)
        .collect()
}

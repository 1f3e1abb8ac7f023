//! Products and units of measure, as far as lines of documents need them (`product.product`, `uom.uom`).

use crate::engine::{
    field::Field,
    model::{Model, Rule, own_companies},
    record::Record,
    registry::{Module, Registry},
};

use super::group;

/// Those who may change products.
const MANAGER: &str = "product.group_product_manager";

/// Declares the models.
pub(super) fn register(registry: &mut Registry) {
    registry.add_module(Module {
        name: "product",
        label: "Products & Pricelists",
        version: "19.0.1.2",
    });
    registry.add_group(group(MANAGER, "Products", "Create", &[]));
    registry.add(
        Model::new("uom.uom", "Product Unit of Measure")
            .order("sequence, relative_uom_id, id")
            .archivable()
            .fields(fields! {
                char("name").label("Unit Name").required();
                integer("sequence");
                float("relative_factor").label("Contains").required().default(1.0);
                many2one("relative_uom_id", "uom.uom").label("Reference Unit");
                float("factor").label("Absolute Quantity").default(1.0);
            })
            .access("base.group_user", "r")
            .access("base.group_system", "rwcd")
            .access(MANAGER, "rwcd"),
    );
    registry.add(
        Model::new("product.product", "Product Variant")
            .order("is_favorite desc, default_code, name, id")
            .archivable()
            .search_names(&["default_code", "barcode"])
            .display_name(display_name)
            .fields(product())
            .access("base.group_user", "r")
            .access(MANAGER, "rwcd")
            .rule(Rule::global(own_companies)),
    );
}

fn product() -> Vec<Field> {
    fields! {
        char("name").required();
        char("default_code").label("Internal Reference");
        char("barcode");
        boolean("is_favorite").label("Favorite");
        html("description");
        text("description_sale").label("Sales Description");
        text("description_purchase").label("Purchase Description");
        selection("type", &[("consu", "Goods"), ("service", "Service"), ("combo", "Combo")])
            .label("Product Type").required().default("consu");
        boolean("sale_ok").label("Sales").default(true);
        boolean("purchase_ok").label("Purchase").default(true);
        float("list_price").label("Sales Price").default(1.0);
        float("standard_price").label("Cost");
        many2one("uom_id", "uom.uom").label("Unit").required();
        many2one("company_id", "res.company");
    }
}

fn display_name(product: &Record<'_>) -> String {
    let name = product.text("name");
    match product.get("default_code").as_text() {
        Some(code) => format!("[{code}] {name}"),
        None => name,
    }
}

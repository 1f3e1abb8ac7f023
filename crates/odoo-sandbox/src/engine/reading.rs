//! The methods that every model has for searching, reading and describing.

use serde_json::{Map, Value as Json, json};

use super::{
    builtin::{query, row_count, texts},
    env::{Env, truthy},
    error::{OdooError, Result},
    fields_get,
    method::{Args, Method, Target},
    model::Operation,
    search::Query,
    write::Default,
};

/// The methods, for the registry.
pub(super) fn methods() -> Vec<Method> {
    let mut methods = searching();
    methods.extend(describing());
    methods.into_iter().map(Method::readonly).collect()
}

fn searching() -> Vec<Method> {
    let paged = |method: Method| {
        method
            .optional("offset")
            .optional("limit")
            .optional("order")
    };
    let search_fetch = Method::model("search_fetch", search).required("domain");
    let web_search = Method::model("web_search_read", web_search_read).required("domain");
    let search_read = Method::model("search_read", search_read).optional("domain");
    vec![
        paged(Method::model("search", search).required("domain")),
        paged(search_fetch.optional("field_names")),
        Method::model("search_count", search_count)
            .required("domain")
            .optional("limit"),
        paged(search_read.optional("fields")).optional("load"),
        Method::record("read", read)
            .optional("fields")
            .optional("load"),
        Method::record("web_read", web_read).required("specification"),
        paged(web_search.required("specification")).optional("count_limit"),
    ]
}

fn describing() -> Vec<Method> {
    let name_search = Method::model("name_search", name_search).optional("name");
    let rights = Method::model("check_access_rights", check_access_rights);
    vec![
        name_search
            .optional("domain")
            .optional("operator")
            .optional("limit"),
        Method::model("fields_get", describe)
            .optional("allfields")
            .optional("attributes"),
        Method::model("default_get", default_get).required("fields"),
        Method::record("has_access", has_access).required("operation"),
        rights.required("operation").optional("raise_exception"),
    ]
}

fn domain<'a>(args: &'a Args, empty: &'a Json) -> &'a Json {
    args.given("domain").unwrap_or(empty)
}

fn search(env: &Env, target: &Target<'_>, args: &Args) -> Result<Json> {
    Ok(json!(env.search_with(
        target.model,
        domain(args, &Json::Null),
        &query(args)?
    )?))
}

fn search_count(env: &Env, target: &Target<'_>, args: &Args) -> Result<Json> {
    let limit = row_count(args.get("limit"), "Limit")?.unwrap_or(usize::MAX);
    Ok(json!(
        env.count(target.model, domain(args, &Json::Null))?
            .min(limit)
    ))
}

fn search_read(env: &Env, target: &Target<'_>, args: &Args) -> Result<Json> {
    let empty = json!([]);
    let domain = args.get("domain").unwrap_or(&empty);
    let model = env.model(target.model)?;
    env.check_access(model, Operation::Read)?;
    let names = texts(args, "fields");
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    env.fields_to_read(model, &names)?;
    let ids = env.search_with(target.model, domain, &query(args)?)?;
    Ok(json!(env.read(model, &ids, &names, pairs(args))?))
}

fn read(env: &Env, target: &Target<'_>, args: &Args) -> Result<Json> {
    let names = texts(args, "fields");
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    Ok(json!(env.read(
        env.model(target.model)?,
        target.ids,
        &names,
        pairs(args)
    )?))
}

fn pairs(args: &Args) -> bool {
    args.given("load")
        .is_none_or(|load| load == "_classic_read")
}

fn web_read(env: &Env, target: &Target<'_>, args: &Args) -> Result<Json> {
    let specification = args.given("specification").unwrap_or(&Json::Null);
    Ok(json!(env.web_read(
        env.model(target.model)?,
        target.ids,
        specification
    )?))
}

fn web_search_read(env: &Env, target: &Target<'_>, args: &Args) -> Result<Json> {
    let query = query(args)?;
    let whole = Query {
        order: query.order,
        ..Query::default()
    };
    let all = env.search_with(target.model, domain(args, &Json::Null), &whole)?;
    let ids = query.cut(&all);
    let specification = args.given("specification").unwrap_or(&Json::Null);
    let records = env.web_read(env.model(target.model)?, &ids, specification)?;
    if records.is_empty() {
        return Ok(json!({"length": 0, "records": []}));
    }
    let here = records.len() + query.offset;
    let most = row_count(args.get("count_limit"), "Limit")?;
    let full = query.limit == Some(records.len()) && most.is_none_or(|most| most > here);
    let length = if full {
        all.len().min(most.unwrap_or(usize::MAX))
    } else {
        here
    };
    Ok(json!({"length": length, "records": records}))
}

fn name_search(env: &Env, target: &Target<'_>, args: &Args) -> Result<Json> {
    let empty = json!([]);
    let mut domain = args
        .get("domain")
        .unwrap_or(&empty)
        .as_array()
        .cloned()
        .unwrap_or_default();
    let operator = args.text("operator").unwrap_or("ilike");
    if let Some(name) = args.get("name").filter(|name| truthy(name)) {
        domain.push(json!(["display_name", operator, name]));
    }
    let limit = match args.given("limit") {
        None => Some(100),
        given => row_count(given, "Limit")?,
    };
    let query = Query {
        limit,
        ..Query::default()
    };
    let ids = env.search_with(target.model, &domain.into(), &query)?;
    let pairs = env.browse(target.model, &ids).into_iter();
    Ok(pairs
        .map(|record| json!([record.id(), record.display_name()]))
        .collect())
}

fn describe(env: &Env, target: &Target<'_>, args: &Args) -> Result<Json> {
    let names = args
        .get("allfields")
        .filter(|names| truthy(names))
        .map(|_| texts(args, "allfields"));
    let wanted = args
        .get("attributes")
        .filter(|names| truthy(names))
        .map(|_| texts(args, "attributes"));
    let names: Option<Vec<&str>> = names
        .as_ref()
        .map(|names| names.iter().map(String::as_str).collect());
    let wanted: Option<Vec<&str>> = wanted
        .as_ref()
        .map(|names| names.iter().map(String::as_str).collect());
    Ok(fields_get::describe(
        env,
        env.model(target.model)?,
        names.as_deref(),
        wanted.as_deref(),
    ))
}

fn default_get(env: &Env, target: &Target<'_>, args: &Args) -> Result<Json> {
    let model = env.model(target.model)?;
    env.check_access(model, Operation::Create)?;
    let mut found = Map::new();
    for name in texts(args, "fields") {
        let Some(field) = model.get(&name) else {
            continue;
        };
        let value = match env.key(&format!("default_{name}")) {
            Some(value) => Some(value.clone()),
            None => match env.default(model, field)? {
                Default::None => None,
                Default::Cell(cell) => Some(super::present::present(env, field, &cell)),
                Default::List(list) => Some(list),
            },
        };
        if let Some(value) = value {
            found.insert(name, value);
        }
    }
    Ok(found.into())
}

fn has_access(env: &Env, target: &Target<'_>, args: &Args) -> Result<Json> {
    let operation = operation(args)?;
    let model = env.model(target.model)?;
    if !env.may(model, operation) {
        return Ok(json!(false));
    }
    env.check_existing(model, target.ids)?;
    Ok(json!(
        env.passing(model, target.ids, operation)?.len() == target.ids.len()
    ))
}

fn check_access_rights(env: &Env, target: &Target<'_>, args: &Args) -> Result<Json> {
    let operation = operation(args)?;
    let model = env.model(target.model)?;
    if args.given("raise_exception").is_none_or(truthy) {
        env.check_access(model, operation)?;
    }
    Ok(json!(env.may(model, operation)))
}

fn operation(args: &Args) -> Result<Operation> {
    args.text("operation")
        .and_then(Operation::parse)
        .ok_or_else(|| OdooError::other("builtins.AssertionError", "Invalid access mode"))
}

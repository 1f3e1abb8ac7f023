//! The methods that group: `formatted_read_group`, `web_read_group`, `formatted_read_grouping_sets` and the old `read_group`.

use serde_json::{Map, Value as Json, json};

use super::{
    builtin::{query, row_count, texts},
    env::{Env, truthy},
    error::Result,
    group::Grouping,
    method::{Args, Method, Target},
    search::Query,
};

/// The methods, for the registry.
pub(super) fn methods() -> Vec<Method> {
    let paged = |method: Method| {
        method
            .optional("offset")
            .optional("limit")
            .optional("order")
    };
    vec![
        paged(Method::model("formatted_read_group", formatted_read_group).required("domain"))
            .optional("groupby")
            .optional("aggregates")
            .optional("having")
            .readonly(),
        paged(
            Method::model("web_read_group", web_read_group)
                .required("domain")
                .required("groupby"),
        )
        .optional("aggregates")
        .optional("auto_unfold")
        .optional("opening_info")
        .optional("unfold_read_specification")
        .optional("unfold_read_default_limit")
        .optional("groupby_read_specification")
        .readonly(),
        Method::model("formatted_read_grouping_sets", grouping_sets)
            .required("domain")
            .required("grouping_sets")
            .optional("aggregates")
            .optional("order")
            .readonly(),
        Method::model("read_group", read_group)
            .required("domain")
            .required("fields")
            .required("groupby")
            .optional("offset")
            .optional("limit")
            .optional("orderby")
            .optional("lazy")
            .readonly(),
    ]
}

fn formatted_read_group(env: &Env, target: &Target<'_>, args: &Args) -> Result<Json> {
    Ok(groups(env, target, args)?.0.into())
}

fn web_read_group(env: &Env, target: &Target<'_>, args: &Args) -> Result<Json> {
    let (groups, length) = groups(env, target, args)?;
    Ok(json!({"groups": groups, "length": length}))
}

fn groups(env: &Env, target: &Target<'_>, args: &Args) -> Result<(Vec<Json>, usize)> {
    let (group_by, aggregates) = (texts(args, "groupby"), texts(args, "aggregates"));
    env.groups(
        target.model,
        &Grouping {
            domain: args.given("domain"),
            group_by: group_by.iter().map(String::as_str).collect(),
            aggregates: aggregates.iter().map(String::as_str).collect(),
            having: args.get("having"),
            query: query(args)?,
        },
    )
}

fn grouping_sets(env: &Env, target: &Target<'_>, args: &Args) -> Result<Json> {
    let aggregates = texts(args, "aggregates");
    let sets = args
        .get("grouping_sets")
        .and_then(Json::as_array)
        .cloned()
        .unwrap_or_default();
    let answers = sets.iter().map(|set| {
        let names = set.as_array().map_or(&[][..], Vec::as_slice);
        let grouping = Grouping {
            domain: args.given("domain"),
            group_by: names.iter().filter_map(Json::as_str).collect(),
            aggregates: aggregates.iter().map(String::as_str).collect(),
            ..Grouping::default()
        };
        Ok(Json::from(env.groups(target.model, &grouping)?.0))
    });
    Ok(answers.collect::<Result<Vec<_>>>()?.into())
}

/// The form before 19: labels in place of pairs for times, `<group>_count`, and the whole domain of each group.
fn read_group(env: &Env, target: &Target<'_>, args: &Args) -> Result<Json> {
    let mut group_by = match args.get("groupby") {
        Some(Json::String(one)) => vec![one.clone()],
        _ => texts(args, "groupby"),
    };
    let lazy = args.given("lazy").is_none_or(truthy);
    let rest = if lazy && group_by.len() > 1 {
        group_by.split_off(1)
    } else {
        Vec::new()
    };
    let shortened: Vec<String> = group_by
        .iter()
        .map(|spec| with_granularity(env, target, spec))
        .collect();
    let mut columns = vec![("__count".to_owned(), "__count".to_owned())];
    for field in texts(args, "fields") {
        columns.extend(column(env, target, &field));
    }
    let grouping = Grouping {
        domain: args.given("domain"),
        group_by: shortened.iter().map(String::as_str).collect(),
        aggregates: columns.iter().map(|(_, spec)| spec.as_str()).collect(),
        having: None,
        query: Query {
            order: args.text("orderby"),
            offset: row_count(args.get("offset"), "Offset")?.unwrap_or(0),
            limit: row_count(args.get("limit"), "Limit")?,
        },
    };
    let (groups, _) = env.groups(target.model, &grouping)?;
    let old = Old {
        specs: group_by.iter().zip(&shortened).collect(),
        columns,
        rest,
        lazy,
    };
    let groups = groups.iter().filter_map(Json::as_object);
    Ok(groups
        .map(|group| old.row(group, args.given("domain")))
        .collect())
}

/// How groups looked before 19.
struct Old<'a> {
    /// The group-bys as asked for and as run.
    specs: Vec<(&'a String, &'a String)>,
    /// The keys of the answer and their aggregates.
    columns: Vec<(String, String)>,
    /// The group-bys that are left for later calls.
    rest: Vec<String>,
    lazy: bool,
}

impl Old<'_> {
    fn row(&self, group: &Map<String, Json>, domain: Option<&Json>) -> Json {
        let mut row = Map::new();
        for (name, spec) in &self.specs {
            row.insert(
                (*name).clone(),
                old_value(group.get(*spec), spec.contains(':')),
            );
        }
        let count = match self.specs.first() {
            Some((first, _)) if self.lazy => {
                format!("{}_count", first.split(':').next().unwrap_or(first))
            }
            _ => "__count".to_owned(),
        };
        for (name, spec) in &self.columns {
            let name = if spec == "__count" { &count } else { name };
            row.insert(name.clone(), group.get(spec).cloned().unwrap_or_default());
        }
        row.insert("__domain".to_owned(), whole_domain(domain, group));
        if self.lazy && !self.rest.is_empty() {
            row.insert("__context".to_owned(), json!({"group_by": self.rest}));
        }
        row.into()
    }
}

fn with_granularity(env: &Env, target: &Target<'_>, spec: &str) -> String {
    let field = env
        .registry()
        .model(target.model)
        .and_then(|model| model.get(spec));
    match field.map(super::field::Field::type_name) {
        Some("date" | "datetime") => format!("{spec}:month"),
        _ => spec.to_owned(),
    }
}

/// The answer's key and the aggregate of `balance`, `balance:sum` or `total:sum(balance)`.
fn column(env: &Env, target: &Target<'_>, text: &str) -> Option<(String, String)> {
    let model = env.registry().model(target.model)?;
    match text.split_once(':') {
        Some((name, call)) => match call.split_once('(') {
            Some((function, field)) => Some((
                name.to_owned(),
                format!("{}:{function}", field.trim_end_matches(')')),
            )),
            None => Some((name.to_owned(), format!("{name}:{call}"))),
        },
        None => {
            let aggregator = model.get(text)?.aggregator?;
            (text != "id").then(|| (text.to_owned(), format!("{text}:{aggregator}")))
        }
    }
}

fn old_value(value: Option<&Json>, time: bool) -> Json {
    match value {
        Some(Json::Array(pair)) if time => pair.get(1).cloned().unwrap_or_default(),
        value => value.cloned().unwrap_or_default(),
    }
}

fn whole_domain(own: Option<&Json>, group: &Map<String, Json>) -> Json {
    let own = own.and_then(Json::as_array).cloned().unwrap_or_default();
    let extra = group
        .get("__extra_domain")
        .and_then(Json::as_array)
        .cloned()
        .unwrap_or_default();
    if own.is_empty() {
        return extra.into();
    }
    std::iter::once(json!("&"))
        .chain(extra)
        .chain(own)
        .collect()
}

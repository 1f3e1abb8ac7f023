//! Domains, checked by an evaluator that knows nothing of how they are built.

use odoo_json2::{Domain, field};
use proptest::prelude::{BoxedStrategy, ProptestConfig, Strategy, any, prop_assert_eq, proptest};
use proptest::prelude::{Just, prop, prop_oneof};
use serde_json::{Value, json};

/// What a condition means, as a tree: the reference for the flat form.
#[derive(Clone, Debug)]
enum Meaning {
    Fact(usize),
    All,
    None,
    And(Vec<Meaning>),
    Or(Vec<Meaning>),
    Not(Box<Meaning>),
}

impl Meaning {
    fn holds(&self, facts: &[bool]) -> bool {
        match self {
            Self::Fact(index) => facts[*index],
            Self::All => true,
            Self::None => false,
            Self::And(parts) => parts.iter().all(|part| part.holds(facts)),
            Self::Or(parts) => parts.iter().any(|part| part.holds(facts)),
            Self::Not(part) => !part.holds(facts),
        }
    }

    /// The domain, built by operators where there are two parts and by lists otherwise.
    fn domain(&self) -> Domain {
        let domains = |parts: &[Self]| parts.iter().map(Self::domain).collect::<Vec<_>>();
        match self {
            Self::Fact(index) => field(format!("f{index}")).eq(true),
            Self::All => Domain::all(),
            Self::None => Domain::none(),
            Self::And(parts) if parts.len() == 2 => parts[0].domain() & parts[1].domain(),
            Self::And(parts) => Domain::all_of(domains(parts)),
            Self::Or(parts) if parts.len() == 2 => parts[0].domain() | parts[1].domain(),
            Self::Or(parts) => Domain::any_of(domains(parts)),
            Self::Not(part) => !part.domain(),
        }
    }
}

fn meanings() -> BoxedStrategy<Meaning> {
    let leaf = prop_oneof![
        8 => (0..4_usize).prop_map(Meaning::Fact),
        1 => Just(Meaning::All),
        1 => Just(Meaning::None),
    ];
    let node = |inner: BoxedStrategy<Meaning>| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Meaning::And),
            prop::collection::vec(inner.clone(), 0..4).prop_map(Meaning::Or),
            inner.prop_map(|part| Meaning::Not(Box::new(part))),
        ]
    };
    leaf.prop_recursive(5, 40, 4, move |inner| node(inner.boxed()))
        .boxed()
}

/// Reads prefix notation the way Odoo does: from the right with a stack, `&` implied between terms.
fn holds(domain: &Value, facts: &[bool]) -> bool {
    let mut stack: Vec<bool> = Vec::new();
    for token in domain.as_array().unwrap().iter().rev() {
        let value = match token.as_str() {
            Some("!") => !stack.pop().unwrap(),
            Some("&") => stack.pop().unwrap() & stack.pop().unwrap(),
            Some("|") => stack.pop().unwrap() | stack.pop().unwrap(),
            Some(other) => panic!("no operator: {other}"),
            None => condition(token, facts),
        };
        stack.push(value);
    }
    stack.into_iter().all(|term| term)
}

fn condition(token: &Value, facts: &[bool]) -> bool {
    let name = token[0].as_str().unwrap();
    match token[1].as_str().unwrap() {
        "=" => facts[name[1..].parse::<usize>().unwrap()] == token[2].as_bool().unwrap(),
        "in" => token[2].as_array().unwrap().iter().any(|id| id == 1),
        other => panic!("no operator: {other}"),
    }
}

/// PostgreSQL's `LIKE`: `%` any text, `_` any character, `\` takes the meaning of the next.
fn like(pattern: &[char], text: &[char]) -> bool {
    match pattern {
        [] => text.is_empty(),
        ['%', rest @ ..] => (0..=text.len()).any(|cut| like(rest, &text[cut..])),
        ['_', rest @ ..] => !text.is_empty() && like(rest, &text[1..]),
        ['\\', literal, rest @ ..] | [literal, rest @ ..] => {
            text.first() == Some(literal) && like(rest, &text[1..])
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_domain_means_what_was_written(meaning in meanings(), facts in any::<[bool; 4]>()) {
        let domain = meaning.domain();
        prop_assert_eq!(holds(&domain.to_json(), &facts), meaning.holds(&facts), "{}", domain.to_json());
    }

    #[test]
    fn a_domain_survives_the_wire(meaning in meanings(), facts in any::<[bool; 4]>()) {
        let json = meaning.domain().to_json();
        let back = Domain::raw(json.clone()).unwrap();
        prop_assert_eq!(holds(&back.to_json(), &facts), holds(&json, &facts));
        let both = back & field("f0").eq(true);
        prop_assert_eq!(holds(&both.to_json(), &facts), holds(&json, &facts) && facts[0]);
    }

    #[test]
    fn contains_means_contains(needle in "[a%_\\\\]{0,4}", text in "[ab%_\\\\]{0,8}") {
        let domain = field("name").ilike(&needle).to_json();
        let pattern: Vec<char> = format!("%{}%", domain[0][2].as_str().unwrap()).chars().collect();
        let letters: Vec<char> = text.chars().collect();
        prop_assert_eq!(like(&pattern, &letters), text.contains(&needle));
    }

    #[test]
    fn grouping_does_not_matter(facts in prop::collection::vec(0..4_usize, 3)) {
        let [a, b, c] = [0, 1, 2].map(|at| Meaning::Fact(facts[at]).domain());
        prop_assert_eq!((a.clone() & b.clone()) & c.clone(), a.clone() & (b.clone() & c.clone()));
        prop_assert_eq!((a.clone() | b.clone()) | c.clone(), a | (b | c));
    }

    #[test]
    fn raw_refuses_or_accepts_but_never_panics(text in "[\\[\\]\"&|!a=,1 ]{0,40}") {
        if let Ok(value) = serde_json::from_str::<Value>(&text) {
            let _ = Domain::raw(value);
        }
    }
}

#[test]
fn each_comparison_has_its_operator() {
    let lines: Vec<_> = comparisons()
        .iter()
        .map(|one| one.to_json()[0].to_string())
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    ["a","=",1]
    ["a","!=",false]
    ["a","<",1.5]
    ["a","<=","today -1y"]
    ["a",">",1]
    ["a",">=","2026-01-01"]
    ["a","in",["x","y"]]
    ["a","not in",[1,2]]
    ["a","like","50\\%"]
    ["a","not like","x"]
    ["a","not ilike","a\\_b"]
    ["a","=ilike","INV/%"]
    ["a.b","child_of",3]
    ["a","parent_of",3]
    ["a","!=",false]
    ["a","=",false]
    ["a","any",["|",["b","=",1],["c","=",2]]]
    ["a","not any",[]]
    "#);
}

fn comparisons() -> [Domain; 18] {
    [
        field("a").eq(1),
        field("a").ne(None::<i64>),
        field("a").lt(1.5),
        field("a").lte("today -1y"),
        field("a").gt(1),
        field("a").gte(jiff::civil::date(2026, 1, 1)),
        field("a").in_(["x", "y"]),
        field("a").not_in([1, 2]),
        field("a").like("50%"),
        field("a").not_like("x"),
        field("a").not_ilike("a_b"),
        field("a").ilike_pattern("INV/%"),
        field("a.b").child_of(3),
        field("a").parent_of(3),
        field("a").is_set(),
        field("a").is_not_set(),
        field("a").any(field("b").eq(1) | field("c").eq(2)),
        field("a").not_any(Domain::all()),
    ]
}

#[test]
fn what_is_no_domain_is_refused() {
    for wrong in [
        json!("x"),
        json!(["&"]),
        json!(["|", ["a", "=", 1]]),
        json!(["!"]),
        json!([["a", "="]]),
        json!([["a", 1, 2]]),
        json!([[{}, "=", 1]]),
        json!(["?"]),
        json!([1]),
        json!({}),
    ] {
        assert!(Domain::raw(wrong.clone()).is_err(), "{wrong}");
    }
    assert!(Domain::raw(json!([])).unwrap().is_all());
    assert_eq!(
        Domain::raw(json!([[1, "=", 1]])).unwrap().to_json(),
        json!([[1, "=", 1]])
    );
}

#[test]
fn ten_thousand_conditions_need_no_stack() {
    let any = Domain::any_of((0..10_000).map(|id| field("id").eq(id)));
    let mut deep = any;
    for id in 0..500 {
        deep = !(deep & field("id").ne(id));
    }
    assert!(deep.to_json().as_array().unwrap().len() > 20_000);
}

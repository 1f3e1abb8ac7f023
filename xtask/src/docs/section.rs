//! The page of a domain: for each tool what it is for, its arguments, an example, who may and what it asks of Odoo.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::company::{Answer, Company};
use super::{Entry, schema};

/// How much of an answer is shown: lines, and characters of a line.
const MOST_LINES: usize = 24;
const LONGEST_LINE: usize = 260;
/// The longest argument that is shown as it is; longer ones are files.
const LONGEST_ARGUMENT: usize = 80;

/// The page.
///
/// # Errors
/// When a tool does not answer its example.
pub(crate) async fn page(
    title: &str,
    entries: &[Entry<'_>],
    company: &Company,
) -> anyhow::Result<String> {
    let mut text = format!(
        "# {title}\n\nWritten by `cargo xtask docs`; see [all tools](../tools.md) for who the people are. The answers are\n\
         those of the demo company on 18 November 2026, the calls those of a second time: which fields may be read, and such,\n\
         is asked once in a session.\n"
    );
    for entry in entries {
        let answer = company.ask(entry).await?;
        section(&mut text, entry, &answer);
    }
    Ok(text)
}

fn section(text: &mut String, entry: &Entry<'_>, answer: &Answer) {
    let (spec, example) = (entry.spec, &entry.example);
    let _ = write!(
        text,
        "\n## {}\n\n{}\n",
        spec.name,
        spec.description.trim_end()
    );
    schema::arguments(text, &spec.input_schema);
    let _ = write!(text, "\n*{}* ({} asks)\n", example.question, example.person);
    let _ = write!(text, "\n```json\n{}\n```\n", shown(&answer.arguments));
    let _ = write!(text, "\n```text\n{}\n```\n", shortened(&answer.text));
    let _ = writeln!(
        text,
        "\nWho may: {}. Scope `{}`. Needs {}. Asks Odoo: {}.",
        everyone(&entry.audience),
        spec.access.scope(),
        listed(spec.needs),
        calls(&answer.calls)
    );
}

fn everyone(audience: &[&str]) -> String {
    if audience.is_empty() {
        "nobody in the demo company".to_owned()
    } else {
        audience.join(", ")
    }
}

fn listed(models: &[&str]) -> String {
    let models: Vec<String> = models.iter().map(|model| format!("`{model}`")).collect();
    if models.is_empty() {
        "nothing".to_owned()
    } else {
        models.join(", ")
    }
}

/// Each call once, with how often it was made; by name, since of calls at the same time any may come first.
fn calls(calls: &[String]) -> String {
    let mut counted: Vec<(&str, usize)> = Vec::new();
    for call in calls {
        match counted.iter_mut().find(|(known, _)| known == call) {
            Some((_, times)) => *times += 1,
            None => counted.push((call, 1)),
        }
    }
    counted.sort_unstable();
    let shown = counted.iter().map(|(call, times)| match times {
        1 => format!("`{call}`"),
        _ => format!("`{call}` ({times} times)"),
    });
    let shown: Vec<String> = shown.collect();
    if shown.is_empty() {
        "nothing".to_owned()
    } else {
        shown.join(", ")
    }
}

/// Arguments as JSON on one line, with files left out.
fn shown(arguments: &Map<String, Value>) -> String {
    let shown = arguments.iter().map(|(name, value)| {
        let value = match value.as_str() {
            Some(text) if text.len() > LONGEST_ARGUMENT => Value::from("…the file in Base64…"),
            _ => value.clone(),
        };
        format!("\"{name}\": {value}")
    });
    format!("{{{}}}", shown.collect::<Vec<_>>().join(", "))
}

/// The beginning of an answer, with marks where something was left out.
fn shortened(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut shown: Vec<String> = lines
        .iter()
        .take(MOST_LINES)
        .map(|line| cut(line))
        .collect();
    if lines.len() > MOST_LINES {
        shown.push(format!("… {} more lines", lines.len() - MOST_LINES));
    }
    shown.join("\n")
}

fn cut(line: &str) -> String {
    match line.char_indices().nth(LONGEST_LINE) {
        None => line.to_owned(),
        Some((end, _)) => format!("{}…", &line[..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_counted_and_sorted() {
        let made = ["b/read", "a/read", "b/read"].map(ToOwned::to_owned);
        assert_eq!(calls(&made), "`a/read`, `b/read` (2 times)");
        assert_eq!(calls(&[]), "nothing");
    }

    #[test]
    fn what_is_left_out_leaves_a_mark() {
        let long = "line\n".repeat(MOST_LINES + 3);
        assert!(shortened(&long).ends_with("line\n… 3 more lines"));
        assert_eq!(cut(&"é".repeat(LONGEST_LINE + 1)).chars().last(), Some('…'));
        assert_eq!(shortened("two\nlines"), "two\nlines");
        let file = Value::from("A".repeat(LONGEST_ARGUMENT + 1));
        let arguments = Map::from_iter([("content".to_owned(), file)]);
        assert!(!shown(&arguments).contains("AAA"));
    }
}

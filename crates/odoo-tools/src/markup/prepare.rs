//! Odoo's own forms of HTML, rewritten into those that Markdown has.
//!
//! It works on what the sanitiser wrote, where every element is closed and every attribute quoted,
//! so walking from tag to tag is exact. Marks that the Markdown writer would escape (`[x]`, `~~`)
//! travel as private characters and are put in at the end.

use super::DEEPEST;

const CHECKED: char = '\u{e000}';
const UNCHECKED: char = '\u{e001}';
const STRUCK: char = '\u{e002}';

/// What the walk remembers of an open element.
enum Open<'a> {
    Checklist,
    /// A table, and whether its first row is still to come and has to serve as its head.
    Table {
        needs_head: bool,
    },
    /// The first row of a table without a head.
    HeadRow,
    /// Preformatted text that had no code inside.
    Pre,
    Other(&'a str),
}

/// The rewritten document, or nothing if it nests deeper than is safe to convert.
pub(super) fn rewrite(clean: &str) -> Option<String> {
    let mut written = String::with_capacity(clean.len() + 64);
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut rest = clean;
    while let Some(start) = rest.find('<') {
        push_text(&mut written, &rest[..start]);
        let end = tag_end(&rest[start..])? + start;
        let tag = &rest[start..=end];
        rest = &rest[end + 1..];
        let inner = tag
            .trim_start_matches("</")
            .trim_start_matches('<')
            .trim_end_matches('>');
        let name = inner.split_ascii_whitespace().next().unwrap_or_default();
        if tag.starts_with("</") {
            close(&mut written, open.pop().as_ref(), name);
        } else if matches!(name, "br" | "hr" | "img") {
            push_void(&mut written, tag, name);
        } else {
            let element = begin(&mut written, &open, tag, name, rest);
            open.push(element);
        }
        if open.len() > DEEPEST {
            return None;
        }
    }
    push_text(&mut written, rest);
    Some(written)
}

/// Puts the marks in.
pub(super) fn restore(markdown: &str) -> String {
    markdown
        .replace([CHECKED], "[x]")
        .replace([UNCHECKED], "[ ]")
        .replace([STRUCK], "~~")
}

/// Private characters of the document's own would turn into marks.
fn push_text(written: &mut String, text: &str) {
    written.extend(
        text.chars()
            .filter(|letter| !matches!(*letter, CHECKED..=STRUCK)),
    );
}

/// The `>` that ends a tag; attribute values are in double quotes.
fn tag_end(tag: &str) -> Option<usize> {
    let mut quoted = false;
    tag.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b'>' && !quoted
    })
}

fn push_void(written: &mut String, tag: &str, name: &str) {
    let description = attribute(tag, "alt").filter(|text| !text.trim().is_empty());
    match (name, description) {
        // An address would be loaded by whoever renders the Markdown, so an image is its words.
        ("img", Some(text)) => push_text(written, &format!(" (image: {text})")),
        ("img", None) => {}
        _ => written.push_str(tag),
    }
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    tag[start..].find('"').map(|end| &tag[start..start + end])
}

fn begin<'a>(
    written: &mut String,
    open: &[Open<'_>],
    tag: &str,
    name: &'a str,
    rest: &str,
) -> Open<'a> {
    match name {
        "ul" if tag.contains("o_checklist") => {
            written.push_str("<ul>");
            Open::Checklist
        }
        "li" => {
            written.push_str("<li>");
            if tag.contains("o_checked") {
                written.push(CHECKED);
                written.push(' ');
            } else if matches!(open.last(), Some(Open::Checklist)) {
                written.push(UNCHECKED);
                written.push(' ');
            }
            Open::Other(name)
        }
        "s" | "del" | "strike" => {
            written.push(STRUCK);
            Open::Other(name)
        }
        "pre" if !rest.starts_with("<code") => {
            written.push_str("<pre><code>");
            Open::Pre
        }
        "table" => {
            written.push_str(tag);
            let first_row = rest.split("</tr>").next().unwrap_or_default();
            let has_head = first_row.contains("<thead") || first_row.contains("<th>");
            Open::Table {
                needs_head: !has_head && !first_row.contains("<table"),
            }
        }
        _ => row_or_cell(written, open, tag, name),
    }
}

fn row_or_cell<'a>(written: &mut String, open: &[Open<'_>], tag: &str, name: &'a str) -> Open<'a> {
    let is_head_cell = name == "td" && matches!(open.last(), Some(Open::HeadRow));
    written.push_str(if is_head_cell { "<th>" } else { tag });
    let is_first_row = name == "tr"
        && open.iter().rev().find_map(|element| match element {
            Open::Table { needs_head } => Some(*needs_head),
            _ => None,
        }) == Some(true)
        && written.trim_end_matches("<tr>").ends_with("<tbody>");
    match (is_first_row, is_head_cell) {
        (true, _) => Open::HeadRow,
        (_, true) => Open::Other("th"),
        _ => Open::Other(name),
    }
}

fn close(written: &mut String, element: Option<&Open<'_>>, name: &str) {
    let name = match element {
        Some(Open::Pre) => "code></pre",
        Some(Open::Other("s" | "del" | "strike")) => {
            written.push(STRUCK);
            return;
        }
        Some(Open::Other(opened)) => opened,
        _ => name,
    };
    written.push_str("</");
    written.push_str(name);
    written.push('>');
}

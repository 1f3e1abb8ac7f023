//! A look at raw HTML before any parser sees it.
//!
//! It reads every byte once. Where it and a real parser could disagree it counts too much, never
//! too little: an end tag only counts when it closes the innermost open element, so `</p>` left
//! out by a person looks like nesting. Independently of that the number of tags is limited, which
//! bounds the work of any parser.

use super::DEEPEST;

/// The largest body that is converted; Odoo has larger ones only with embedded images.
const LARGEST: usize = 512 * 1024;

/// Tags in a document; a parser that needs quadratic time needs a quarter of a second for so many.
const MOST_TAGS: usize = 10_000;

/// Attributes of one element; parsers compare each with all before it.
const MOST_ATTRIBUTES: usize = 100;

/// Elements that have no end tag.
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// Whether parsers can be trusted with this text.
pub(super) fn is_harmless(html: &str) -> bool {
    let bytes = html.as_bytes();
    if bytes.len() > LARGEST || bytes.iter().filter(|byte| **byte == b'<').count() > MOST_TAGS {
        return false;
    }
    let mut open: Vec<&str> = Vec::new();
    let mut position = 0;
    while let Some(start) = find(bytes, position, b"<") {
        let Some(end) = (match &bytes[start + 1..] {
            [b'!', b'-', b'-', ..] => comment(bytes, start),
            [b'!' | b'?', ..] => find(bytes, start, b">").map(|end| end + 1),
            [b'/', letter, ..] if letter.is_ascii_alphabetic() => {
                let name = name(html, start + 2);
                if open
                    .last()
                    .is_some_and(|innermost| innermost.eq_ignore_ascii_case(name))
                {
                    open.pop();
                }
                attributes(bytes, start + 2 + name.len())
            }
            [letter, ..] if letter.is_ascii_alphabetic() => {
                let name = name(html, start + 1);
                if !VOID.iter().any(|void| void.eq_ignore_ascii_case(name)) {
                    open.push(name);
                }
                attributes(bytes, start + 1 + name.len())
            }
            _ => Some(start + 1),
        }) else {
            // Too many attributes, or the text ends inside a tag, which parsers then drop.
            return find(bytes, start, b">").is_none() && open.len() <= DEEPEST;
        };
        if open.len() > DEEPEST {
            return false;
        }
        position = end;
    }
    true
}

/// The name of a tag, which runs to a space, a slash or the end of the tag.
fn name(html: &str, start: usize) -> &str {
    let rest = &html[start..];
    let end =
        rest.find(|letter: char| letter.is_ascii_whitespace() || letter == '/' || letter == '>');
    &rest[..end.unwrap_or(rest.len())]
}

/// Where the tag ends whose attributes begin here; a `>` inside a quoted value does not end it.
fn attributes(bytes: &[u8], start: usize) -> Option<usize> {
    let mut position = start;
    let mut seen = 0;
    loop {
        match *bytes.get(position)? {
            b'>' => return Some(position + 1),
            b'=' => position = value(bytes, position + 1)?,
            byte => {
                // The first letter of an attribute stands behind a space, a slash or a value.
                let starts = !byte.is_ascii_whitespace() && byte != b'/';
                let before = bytes[position - 1];
                seen += usize::from(
                    starts
                        && (before.is_ascii_whitespace() || matches!(before, b'/' | b'"' | b'\'')),
                );
                position += 1;
            }
        }
        if seen > MOST_ATTRIBUTES {
            return None;
        }
    }
}

/// Behind the value of an attribute, which is quoted only if a quote comes first.
fn value(bytes: &[u8], start: usize) -> Option<usize> {
    let spaces = bytes[start..]
        .iter()
        .take_while(|byte| byte.is_ascii_whitespace())
        .count();
    let begin = start + spaces;
    match *bytes.get(begin)? {
        quote @ (b'"' | b'\'') => find(bytes, begin + 1, &[quote]).map(|end| end + 1),
        _ => {
            let length = bytes[begin..]
                .iter()
                .take_while(|byte| !byte.is_ascii_whitespace() && **byte != b'>')
                .count();
            Some(begin + length)
        }
    }
}

/// Behind a comment. `<!-->` is a complete one, and so is what `--!>` ends.
fn comment(bytes: &[u8], start: usize) -> Option<usize> {
    let mut position = start + 2;
    loop {
        let dashes = find(bytes, position, b"--")?;
        match &bytes[dashes + 2..] {
            [b'>', ..] => return Some(dashes + 3),
            [b'!', b'>', ..] => return Some(dashes + 4),
            _ => position = dashes + 1,
        }
    }
}

fn find(bytes: &[u8], from: usize, needle: &[u8]) -> Option<usize> {
    let rest = bytes.get(from..)?;
    rest.windows(needle.len())
        .position(|window| window == needle)
        .map(|found| from + found)
}

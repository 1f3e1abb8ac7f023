//! Odoo's HTML fields as Markdown for a reader that pays by the character.
//!
//! The HTML was written by anyone who can write a note or send an e-mail, so it is taken as hostile:
//! both parsers behind this module misbehave on deep nesting (one needs quadratic time, the other
//! overflows the stack, which ends the whole process). Therefore, in this order:
//!
//! 1. `depth::is_harmless` looks at the raw bytes in linear time: size, number of tags, nesting.
//! 2. `ammonia` keeps only the elements listed here; no script, style, comment or address of an
//!    image survives, and what comes out is well-formed.
//! 3. `prepare::rewrite` measures the real nesting of that well-formed text and brings Odoo's own
//!    forms (checklists, tables without a head) into ones that Markdown knows.
//! 4. `htmd` converts, at most [`DEEPEST`] levels deep.
//!
//! What fails 1 or 3 is shown as plain text. This is only for reading; it is no way to edit a body.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::Builder;
use htmd::HtmlToMarkdown;
use htmd::options::{BulletListMarker, HrStyle, Options};

mod depth;
mod plain;
mod prepare;

/// More nesting than people write; `htmd` needs some 2 kB of stack for each level.
const DEEPEST: usize = 100;

/// Below this many bytes converting is quicker than handing it to another thread.
const SMALL: usize = 8 * 1024;

/// The HTML as Markdown of at most `limit` characters, with a mark where it was cut.
///
/// Nothing where the HTML has no text, such as Odoo's `<p><br></p>`.
pub(crate) async fn markdown(html: Option<String>, limit: usize) -> Option<String> {
    let html = html.filter(|html| !html.trim().is_empty())?;
    let text = if html.len() <= SMALL {
        convert(&html)
    } else {
        // The task does nothing that can panic; if it ever does, there is a body less to read.
        tokio::task::spawn_blocking(move || convert(&html))
            .await
            .unwrap_or_default()
    };
    let text = text.trim();
    (!text.is_empty()).then(|| cut(text, limit))
}

/// The whole text.
fn convert(html: &str) -> String {
    if !depth::is_harmless(html) {
        return plain::text(html);
    }
    let clean = SANITIZER.clean(html).to_string();
    match prepare::rewrite(&clean) {
        Some(prepared) => CONVERTER.convert(&prepared).map_or_else(
            |_| plain::text(&clean),
            |markdown| prepare::restore(&markdown),
        ),
        None => plain::text(&clean),
    }
}

fn cut(text: &str, limit: usize) -> String {
    let length = text.chars().count();
    if length <= limit {
        return text.to_owned();
    }
    let shown: String = text.chars().take(limit).collect();
    format!(
        "{}\n\n[cut here: the first {limit} of {length} characters]",
        shown.trim_end()
    )
}

/// What may stay: structure and emphasis, links that lead out, the text beside an image.
static SANITIZER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let tags = HashSet::from([
        "a",
        "b",
        "blockquote",
        "br",
        "code",
        "del",
        "div",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "span",
        "strike",
        "strong",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "u",
        "ul",
    ]);
    let attributes = HashMap::from([
        ("a", HashSet::from(["href"])),
        ("img", HashSet::from(["alt"])),
        ("ol", HashSet::from(["start"])),
    ]);
    let classes = HashMap::from([
        ("ul", HashSet::from(["o_checklist"])),
        ("li", HashSet::from(["o_checked"])),
    ]);
    let mut builder = Builder::default();
    builder
        .tags(tags)
        .tag_attributes(attributes)
        .generic_attributes(HashSet::new())
        .allowed_classes(classes)
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
        .link_rel(None);
    builder
});

static CONVERTER: LazyLock<HtmlToMarkdown> = LazyLock::new(|| {
    let options = Options {
        bullet_list_marker: BulletListMarker::Dash,
        ul_bullet_spacing: 1,
        ol_number_spacing: 1,
        hr_style: HrStyle::Dashes,
        ..Options::default()
    };
    HtmlToMarkdown::builder().options(options).build()
});

#[cfg(test)]
mod tests;

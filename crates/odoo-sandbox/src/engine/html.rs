//! What Odoo does to HTML that is written: scripts and handlers go, plain text becomes a paragraph.

use std::{collections::HashSet, sync::LazyLock};

/// Links that run a script: Odoo keeps the link and empties its address.
const SCRIPT_SCHEMES: [&str; 2] = ["javascript", "vbscript"];

static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = ammonia::Builder::default();
    cleaner
        .add_generic_attributes(["style", "class", "title", "dir"])
        .add_generic_attribute_prefixes(["data-o-"])
        .add_tag_attributes("a", ["target", "href", "rel"])
        .add_tag_attributes("img", ["src", "alt", "width", "height"])
        .add_tags(["section", "font"])
        .add_url_schemes(SCRIPT_SCHEMES)
        .attribute_filter(|_, name, value| {
            let is_script = matches!(name, "href" | "src") && runs_script(value);
            Some(if is_script { "" } else { value }.into())
        })
        .clean_content_tags(HashSet::from(["script", "style"]))
        .link_rel(None)
        .strip_comments(false);
    cleaner
});

/// The HTML as Odoo stores it.
pub(crate) fn sanitize(html: &str) -> String {
    if html.trim().is_empty() {
        return html.to_owned();
    }
    let clean = CLEANER.clean(html).to_string();
    if clean.trim_start().starts_with('<') && !starts_inline(&clean) {
        clean
    } else {
        format!("<p>{clean}</p>")
    }
}

/// Text as HTML that shows it.
pub(crate) fn escape(text: &str) -> String {
    let text = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    text.replace('"', "&#34;").replace('\'', "&#39;")
}

fn runs_script(address: &str) -> bool {
    let address: String = address
        .chars()
        .filter(|letter| !letter.is_whitespace() && !letter.is_control())
        .collect();
    let scheme = address.split(':').next().unwrap_or_default();
    SCRIPT_SCHEMES
        .iter()
        .any(|script| scheme.eq_ignore_ascii_case(script))
}

/// Whether HTML begins with an element that stands inside a paragraph.
fn starts_inline(html: &str) -> bool {
    const INLINE: [&str; 9] = ["a", "b", "i", "u", "em", "strong", "span", "br", "code"];
    let name: String = html
        .trim_start()
        .trim_start_matches('<')
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect();
    INLINE.contains(&name.as_str())
}

//! The little that has to be read out of Odoo's page for the second factor.

/// The value of the hidden input `csrf_token`.
pub(super) fn csrf_token(page: &str) -> Option<String> {
    let tag = tag_with(page, "name=\"csrf_token\"")?;
    let (_, value) = tag.split_once("value=\"")?;
    let token = value.split('"').next()?;
    (!token.is_empty()).then(|| token.to_owned())
}

/// The text of the alert that says what is wrong.
pub(super) fn alert(page: &str) -> Option<String> {
    let (_, rest) = page.split_once("alert-danger")?;
    let (_, rest) = rest.split_once('>')?;
    let text = rest.split('<').next()?.trim();
    let text: String = text.chars().take(300).collect();
    (!text.is_empty()).then_some(text)
}

/// The tag around an attribute, whatever the order of its attributes.
fn tag_with<'a>(page: &'a str, attribute: &str) -> Option<&'a str> {
    let at = page.find(attribute)?;
    let start = page[..at].rfind('<')?;
    let end = at + page[at..].find('>')?;
    Some(&page[start..end])
}

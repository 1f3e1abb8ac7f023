//! The last resort: the text between the tags, in linear time and without a parser.

/// The words of a document without its tags; the most usual entities are read.
pub(super) fn text(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        // Words of two elements do not run into one.
        if !text.ends_with(char::is_whitespace) {
            text.push(' ');
        }
        rest = rest[start..]
            .find('>')
            .map_or("", |end| &rest[start + end + 1..]);
    }
    text.push_str(rest);
    // Those of angle brackets stay: a tag that was written as text must not become one.
    let words: Vec<&str> = text.split_whitespace().collect();
    words
        .join(" ")
        .replace("&nbsp;", " ")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

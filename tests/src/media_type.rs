//! Media types as they are compared: what they mean, not how their blanks and capitals are written (RFC 9110, 8.3.1).

/// The type with its parameters, each behind a semicolon and a blank: type, names and `charset` in small letters.
pub(crate) fn normal(text: &str) -> String {
    let mut parts = text.split(';').map(str::trim);
    let mut normal = parts.next().unwrap_or_default().to_ascii_lowercase();
    for parameter in parts.filter(|parameter| !parameter.is_empty()) {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let name = name.trim_end().to_ascii_lowercase();
        let value = value.trim_start().trim_matches('"');
        let value = if name == "charset" {
            value.to_ascii_lowercase()
        } else {
            value.to_owned()
        };
        normal = format!("{normal}; {name}={value}");
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn blanks_and_capitals_mean_nothing() {
        for text in [
            "text/html; charset=utf-8",
            "text/html;charset=utf-8",
            "Text/HTML ; charset=\"UTF-8\"",
            "text/html; Charset=utf-8;",
        ] {
            assert_eq!(normal(text), "text/html; charset=utf-8", "{text}");
        }
        assert_eq!(normal(""), "");
        assert_ne!(normal("text/html"), normal("text/plain"));
        assert_ne!(
            normal("multipart/form-data; boundary=A"),
            normal("multipart/form-data; boundary=a")
        );
    }
}

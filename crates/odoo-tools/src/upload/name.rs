//! Names of files that mean nothing but themselves.

use crate::characters::visible;
use crate::upload::kind::Kind;

/// The longest name before the ending, in characters; file systems end at 255 bytes.
const LONGEST_STEM: usize = 60;

/// The name for a file of this kind: no folders, nothing invisible, nothing a shell or a browser
/// would read as more than a letter, and the ending of its kind.
pub(super) fn harmless(given: &str, kind: Kind) -> String {
    // Folders of either kind of system, and of a URL.
    let last = given.rsplit(['/', '\\', ':']).next().unwrap_or_default();
    let shown = visible(last);
    let words: Vec<&str> = shown
        .split(|character: char| character.is_whitespace() || "<>\"|?*&;`$%#".contains(character))
        .filter(|word| !word.is_empty())
        .collect();
    let joined = words.join(" ");
    let (stem, ending) = stem(joined.trim_matches(['.', ' ', '-']), kind);
    let stem: String = stem.chars().take(LONGEST_STEM).collect();
    let stem = stem.trim_matches(['.', ' ', '-']);
    let stem = if stem.is_empty() { "document" } else { stem };
    format!("{stem}.{ending}")
}

/// The name without its ending, and the ending to use: the one it has if that fits.
fn stem(name: &str, kind: Kind) -> (&str, &'static str) {
    let usual = kind.endings().first().copied().unwrap_or_default();
    let Some((before, after)) = name.rsplit_once('.') else {
        return (name, usual);
    };
    let fitting = kind
        .endings()
        .iter()
        .find(|ending| after.eq_ignore_ascii_case(ending));
    match fitting {
        Some(ending) => (before, ending),
        // A short ending of letters and digits belongs to another type; anything else, to the name.
        None if is_ending(after) => (without_ending(before, kind), usual),
        None => (name, usual),
    }
}

/// What stands before a fitting ending, where one was hidden behind another.
fn without_ending(name: &str, kind: Kind) -> &str {
    match name.rsplit_once('.') {
        Some((before, after))
            if kind
                .endings()
                .iter()
                .any(|it| after.eq_ignore_ascii_case(it)) =>
        {
            before
        }
        _ => name,
    }
}

fn is_ending(text: &str) -> bool {
    (1..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_keep_what_people_meant() {
        let of = |given: &str| harmless(given, Kind::Pdf);
        assert_eq!(of("Taxi 2026-11-03.pdf"), "Taxi 2026-11-03.pdf");
        assert_eq!(of("Rechnung Nr. 7 März.PDF"), "Rechnung Nr. 7 März.pdf");
        assert_eq!(of("../../etc/passwd"), "passwd.pdf");
        assert_eq!(of("C:\\Users\\emil\\scan.pdf"), "scan.pdf");
        assert_eq!(of("invoice.pdf.exe"), "invoice.pdf");
        assert_eq!(of("gpj.\u{202e}fdp.exe"), "gpj.fdp.pdf");
        assert_eq!(of("<img src=x>.pdf"), "img src=x.pdf");
        assert_eq!(of(""), "document.pdf");
        assert_eq!(of(".."), "document.pdf");
        assert_eq!(harmless("photo.JPEG", Kind::Jpeg), "photo.jpeg");
        assert_eq!(harmless("photo.heic", Kind::Jpeg), "photo.jpg");
        assert!(of(&"x".repeat(9_000)).len() < 100);
    }

    proptest! {
        #[test]
        fn no_name_is_harmful(given in ".{0,300}") {
            let name = harmless(&given, Kind::Png);
            prop_assert!(name.ends_with(".png"));
            prop_assert!(name.chars().count() <= LONGEST_STEM + 4);
            prop_assert!(!name.starts_with('.'));
            prop_assert!(!name.contains(['/', '\\', ':', '<', '>', '"']));
            prop_assert!(!name.chars().any(char::is_control));
            prop_assert_eq!(visible(&name).into_owned(), name);
        }
    }
}

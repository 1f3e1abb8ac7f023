//! SQL's `LIKE` patterns: `%` any text, `_` any character, `\` takes the next one as it is.

/// A compiled pattern.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    parts: Vec<Part>,
    any_case: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Char(char),
    One,
    Many,
}

impl Pattern {
    /// The pattern of an operator: `like` and `ilike` look anywhere in the text, `=like` and `=ilike` at all of it.
    pub(super) fn new(operator: &str, text: &str) -> Self {
        let operator = operator.trim_start_matches("not ");
        let any_case = operator.ends_with("ilike");
        let mut parts = Vec::new();
        let mut letters = text.chars();
        while let Some(letter) = letters.next() {
            match letter {
                '%' => parts.push(Part::Many),
                '_' => parts.push(Part::One),
                '\\' => parts.extend(letters.next().map(|next| Part::Char(fold(next, any_case)))),
                letter => parts.push(Part::Char(fold(letter, any_case))),
            }
        }
        if !operator.starts_with('=') {
            parts.insert(0, Part::Many);
            parts.push(Part::Many);
        }
        parts.dedup_by(|right, left| *right == Part::Many && *left == Part::Many);
        Self { parts, any_case }
    }

    /// Whether the text fits. Linear in memory, and quadratic in time at worst.
    pub(super) fn matches(&self, text: &str) -> bool {
        let text: Vec<char> = text
            .chars()
            .map(|letter| fold(letter, self.any_case))
            .collect();
        let (mut at, mut part) = (0, 0);
        let mut retry: Option<(usize, usize)> = None;
        while at < text.len() {
            match self.parts.get(part) {
                Some(Part::Many) => {
                    retry = Some((part, at));
                    part += 1;
                }
                Some(Part::One) => (at, part) = (at + 1, part + 1),
                Some(Part::Char(letter)) if *letter == text[at] => (at, part) = (at + 1, part + 1),
                _ => {
                    let Some((many, from)) = retry else {
                        return false;
                    };
                    retry = Some((many, from + 1));
                    (at, part) = (from + 1, many + 1);
                }
            }
        }
        self.parts[part..].iter().all(|part| *part == Part::Many)
    }
}

fn fold(letter: char, any_case: bool) -> char {
    match (any_case, letter.is_ascii()) {
        (false, _) => letter,
        (true, true) => letter.to_ascii_lowercase(),
        (true, false) => letter.to_lowercase().next().unwrap_or(letter),
    }
}

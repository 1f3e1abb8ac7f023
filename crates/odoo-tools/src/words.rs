//! What somebody calls a record: the words of a name, in whatever order.
//!
//! People say "Novak Emil" and "Emil Novak", "supplies office" and "Office Supplies". A name fits
//! when all words are in it. This is the only place that searches by a part of a text; which
//! records are looked through, and what happens when several fit, is for whoever asks.

use odoo_json2::{Domain, field};

/// More words than a name has. What follows them counts as one piece, so that a long text stays a
/// narrow search and makes no long one of it: each word is a condition for Odoo.
const MAX_WORDS: usize = 8;

/// A text by which something is looked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Words<'a> {
    text: &'a str,
}

/// How well a name fits; the better, the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fit {
    /// Not all words are in it.
    None,
    /// All words are in it, somewhere.
    Part,
    /// Each of ours begins one of its words.
    Beginnings,
    /// It has these words and no others.
    SameWords,
    /// It is the text.
    Whole,
}

impl<'a> Words<'a> {
    /// The words of a text.
    pub(crate) const fn of(text: &'a str) -> Self {
        Self { text }
    }

    /// Records that have all words in the text at this path. Another record's words do not count:
    /// where the path leads to several records, see [`Self::among`].
    pub(crate) fn within(self, path: &str) -> Domain {
        self.within_any(&[path])
    }

    /// Records that have each word in at least one of these texts.
    pub(crate) fn within_any(self, paths: &[&str]) -> Domain {
        Domain::all_of(
            self.pieces()
                .map(|piece| Domain::any_of(paths.iter().map(|path| field(*path).ilike(piece)))),
        )
    }

    /// Records of which one of the related ones has all words in the text at this path.
    pub(crate) fn among(self, relation: &str, path: &str) -> Domain {
        field(relation).any(self.within(path))
    }

    /// How well a name fits, whatever the letter case.
    pub(crate) fn fit(self, name: &str) -> Fit {
        let (wanted, name) = (self.text.trim().to_lowercase(), name.trim().to_lowercase());
        if wanted == name {
            return Fit::Whole;
        }
        let mut has: Vec<&str> = name.split_whitespace().collect();
        let mut wants: Vec<&str> = wanted.split_whitespace().collect();
        let begins = |want: &&str| has.iter().any(|word| word.starts_with(want));
        if wants.iter().all(begins) {
            has.sort_unstable();
            wants.sort_unstable();
            return if has == wants {
                Fit::SameWords
            } else {
                Fit::Beginnings
            };
        }
        if wants.iter().all(|want| name.contains(want)) {
            Fit::Part
        } else {
            Fit::None
        }
    }

    /// Of those that Odoo found, keeps the ones whose name is the text, or has its words alone, if
    /// there are any.
    pub(crate) fn keep_whole<T>(self, found: &mut Vec<T>, name: impl Fn(&T) -> &str) {
        for enough in [Fit::Whole, Fit::SameWords] {
            if found.iter().any(|one| self.fit(name(one)) >= enough) {
                found.retain(|one| self.fit(name(one)) >= enough);
                return;
            }
        }
    }

    fn pieces(self) -> impl Iterator<Item = &'a str> {
        let mut rest = self.text.trim();
        let mut count = 0;
        std::iter::from_fn(move || {
            count += 1;
            let (piece, behind) = match rest.split_once(char::is_whitespace) {
                Some((word, behind)) if count < MAX_WORDS => (word, behind.trim_start()),
                _ => (rest, ""),
            };
            rest = behind;
            (!piece.is_empty()).then_some(piece)
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn domain(text: &str) -> String {
        Words::of(text)
            .within_any(&["name", "code"])
            .to_json()
            .to_string()
    }

    #[test]
    fn each_word_has_to_be_there() {
        insta::assert_snapshot!(Words::of("Emil  Novak").within("name").to_json(), @r#"[["name","ilike","Emil"],["name","ilike","Novak"]]"#);
        insta::assert_snapshot!(domain("50% off"), @r#"["|",["name","ilike","50\\%"],["code","ilike","50\\%"],"|",["name","ilike","off"],["code","ilike","off"]]"#);
        insta::assert_snapshot!(Words::of("Emil Novak").among("user_ids", "name").to_json(), @r#"[["user_ids","any",[["name","ilike","Emil"],["name","ilike","Novak"]]]]"#);
        assert_eq!(domain(" "), "[]");
        insta::assert_snapshot!(Words::of("a b c d e f g h i j").within("name").to_json(), @r#"[["name","ilike","a"],["name","ilike","b"],["name","ilike","c"],["name","ilike","d"],["name","ilike","e"],["name","ilike","f"],["name","ilike","g"],["name","ilike","h i j"]]"#);
    }

    #[test]
    fn names_fit_by_degrees() {
        let fit = |text: &str| Words::of(text).fit("Émile Novák-Smith");
        assert_eq!(fit("émile novák-smith"), Fit::Whole);
        assert_eq!(fit("Novák-Smith Émile"), Fit::SameWords);
        assert_eq!(fit("novák émi"), Fit::Beginnings);
        assert_eq!(fit("smith"), Fit::Part);
        assert_eq!(fit("Emile Novák"), Fit::None);
    }

    proptest! {
        /// Whatever the text: a name made of its words in another order has the same words, and
        /// the search is as long as the words are many, within the bound.
        #[test]
        fn the_order_of_words_does_not_matter(words in prop::collection::vec("[a-zé]{1,6}", 1..12)) {
            let text = words.join(" ");
            let turned: Vec<String> = words.iter().rev().cloned().collect();
            prop_assert!(Words::of(&text).fit(&turned.join(" ")) >= Fit::SameWords);
            let conditions = Words::of(&text).within("name").to_json();
            prop_assert_eq!(conditions.as_array().unwrap().len(), words.len().min(MAX_WORDS));
        }
    }
}

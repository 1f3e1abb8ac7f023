//! Bodies as Odoo's editor writes them, and bodies that were written to break us.

use proptest::prelude::*;

use super::{DEEPEST, convert, cut, markdown};

#[test]
fn an_odoo_note_becomes_markdown() {
    let html = r#"<h2>Terms</h2><p>Pay <strong>soon</strong>, see <a href="https://odoo.example/x">here</a>.<br>Thanks</p>
        <ul class="o_checklist"><li class="o_checked">sent</li><li>paid</li></ul>
        <ul><li>one<ul><li>two</li></ul></li></ul>
        <table class="table"><tbody><tr><td><p>Item</p></td><td>Price</td></tr><tr><td>Lens</td><td>4 | 5</td></tr></tbody></table>
        <p><s>old</s> <u>new</u></p><pre>a  b
c</pre><p>1 * 2 # x</p>"#;
    insta::assert_snapshot!(convert(html), @r"
    ## Terms

    Pay **soon**, see [here](https://odoo.example/x).  
    Thanks

    - [x] sent
    - [ ] paid

    - one
      - two

    | Item | Price |
    | ---- | ----- |
    | Lens | 4 &#124; 5 |

    ~~old~~ new

    ```
    a  b
    c
    ```

    1 \* 2 # x
    ");
}

#[test]
fn nothing_dangerous_comes_through() {
    let html = r#"<p onclick="x()">a<script>alert(1)</script><!-- approve 42 --><style>p{}</style>
        <a href="javascript:alert(1)">j</a><img src="https://evil.example/pixel.png" alt="chart">
        <img src="https://evil.example/p.png"><iframe src="https://evil.example"></iframe></p>"#;
    insta::assert_snapshot!(convert(html), @"a j (image: chart)");
}

#[tokio::test]
async fn an_empty_body_is_none() {
    assert_eq!(markdown(Some("<p><br></p>".into()), 100).await, None);
    assert_eq!(markdown(None, 100).await, None);
    assert_eq!(
        markdown(Some("<p>hello there</p>".into()), 5)
            .await
            .unwrap(),
        cut("hello there", 5)
    );
    assert_eq!(
        cut("hello there", 5),
        "hello\n\n[cut here: the first 5 of 11 characters]"
    );
}

/// Each of these ends the process or takes seconds when it reaches a parser unguarded.
#[test]
fn killers_are_shown_as_plain_text() {
    let killers = [
        "<ul><li>".repeat(1_000) + "x",
        "<div>".repeat(50_000) + "x",
        "<div></b>".repeat(5_000) + "x",
        "<div><table></div>".repeat(3_000) + "x",
        "<div><!-- </div> -->".repeat(5_000) + "x",
        r#"<div title="</div>">"#.repeat(5_000) + "x",
        "<div a\">".repeat(5_000) + "x",
        "<b><i>".repeat(4_000) + "x",
        format!(
            "<p {}>x",
            (0..100_000).map(|n| format!("a{n} ")).collect::<String>()
        ),
        "<blockquote>".repeat(600) + "x" + &"</blockquote>".repeat(600),
        format!("<p>{}x</p>", "a".repeat(600_000)),
    ];
    for killer in killers {
        let text = on_a_small_stack(killer.clone());
        assert!(
            text.ends_with('x'),
            "{} gave {}",
            &killer[..20],
            &text[text.len().min(40)..]
        );
    }
}

/// What the guards let through needs less than half of the smallest stack it may run on, in a
/// debug build, which needs several times what a release build does.
#[test]
fn the_deepest_that_is_allowed_fits_the_stack() {
    for (open, close) in [
        ("<div>", "</div>"),
        ("<blockquote>", "</blockquote>"),
        ("<b>", "</b>"),
    ] {
        let html = open.repeat(DEEPEST) + "x" + &close.repeat(DEEPEST);
        assert!(on_a_small_stack(html).contains('x'));
    }
    let lists = "<ul><li>".repeat(DEEPEST / 2) + "x" + &"</li></ul>".repeat(DEEPEST / 2);
    assert!(on_a_small_stack(lists).contains("- x"));
}

fn on_a_small_stack(html: String) -> String {
    let thread = std::thread::Builder::new().stack_size(1024 * 1024);
    thread
        .spawn(move || convert(&html))
        .unwrap()
        .join()
        .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// Any soup of tags converts without a panic, and no tag of it survives unescaped.
    #[test]
    fn tag_soup_converts(soup in prop::collection::vec(
        prop::sample::select(vec![
            "<div>", "</div>", "<ul class=\"o_checklist\">", "<li>", "</li>", "</ul>", "<table>", "<tr>",
            "<td>", "</td>", "</table>", "<b>", "</i>", "<!--", "-->", "<p title='\"'", ">", "text", "\u{e000}",
            "<pre>", "</pre>", "<svg><style>", "<textarea>", "&lt;script&gt;", "<script>", "</script>", "é|",
        ]), 0..120)) {
        let text = convert(&soup.concat()).replace("\\<", "");
        // What stands in a text area is text, and in code it is not even escaped.
        let is_text = soup.contains(&"<textarea>");
        prop_assert!(is_text || !(text.contains("<div") || text.contains("<table")), "{}", text);
    }
}

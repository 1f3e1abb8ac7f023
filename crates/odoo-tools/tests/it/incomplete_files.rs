//! Files of which a part is missing, or whose pictures are absurd: refused before anything is stored.

use serde_json::json;

use crate::actors::Company;
use crate::files::{accepted, base64, stored};

#[tokio::test]
async fn files_that_arrived_incomplete_are_refused() {
    let company = Company::open().await;
    let alice = company.actor("alice").await;
    let before = stored(&company).await;
    let mut told = String::new();
    for (name, bytes, _) in accepted() {
        // Behind the end mark of the PDF is a line break, which nobody misses.
        let last = bytes.trim_ascii_end().len() - 1;
        for length in [bytes.len() / 2, last] {
            let make = json!({"file_name": name, "content": base64(&bytes[..length])});
            let outcome = alice.call("create_bill_from_file", make).await;
            assert!(outcome.is_error, "{name} of {length} bytes");
            told += &format!("{}\n", outcome.structured["message"].as_str().unwrap());
        }
    }
    let mut wide = accepted()[1].1.clone();
    wide[16..20].fill(0xff);
    let make = json!({"file_name": "wide.png", "content": base64(&wide)});
    let outcome = alice.call("create_bill_from_file", make).await;
    told += &outcome.text;
    insta::assert_snapshot!(told, @r"
    the file arrived incomplete: 24 bytes of a PDF came, and its end is missing
    the file arrived incomplete: 46 bytes of a PDF came, and its end is missing
    the file arrived incomplete: 38 bytes of a PNG came, and its end is missing
    the file arrived incomplete: 76 bytes of a PNG came, and its end is missing
    the file arrived incomplete: 315 bytes of a JPEG came, and its end is missing
    the file arrived incomplete: 630 bytes of a JPEG came, and its end is missing
    the file arrived incomplete: 33 bytes of a WebP came, and its end is missing
    the file arrived incomplete: 65 bytes of a WebP came, and its end is missing
    the file arrived incomplete: 227 bytes of a HEIC came, and its end is missing
    the file arrived incomplete: 453 bytes of a HEIC came, and its end is missing
    error: invalid_arguments
    message: the picture has 4294967295 x 8 pixels, more than any scan or photograph
    next_step: Nothing was stored. Give the whole file as Base64: pdf, png, jpeg, webp or heic, at most 10 MiB.
    ");
    assert_eq!(stored(&company).await, before);
}

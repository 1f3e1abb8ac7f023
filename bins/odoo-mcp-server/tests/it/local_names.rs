//! One server on one's own computer, under each of its names.

use serde_json::json;

use crate::program::Company;
use crate::visitor::Visitor;

#[tokio::test]
async fn the_demo_is_one_resource_under_every_name_of_this_computer() {
    let company = Company::open().await;
    let localhost = company.url.replace("127.0.0.1", "localhost");
    // `discover` holds the metadata against the address that was typed, as clients do.
    let client = Visitor::discover(&localhost).await;
    let tokens = client.sign_in("alice").await;
    let alice = client.connect(&tokens).await;
    let me = alice.call("whoami", json!({})).await;
    assert_eq!(me["isError"], false, "{me}");
    // The same token under the other name.
    let alice = crate::person::Person::connect(&company.url, &tokens.access).await;
    assert_eq!(alice.call("whoami", json!({})).await["isError"], false);
}

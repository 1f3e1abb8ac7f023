//! Applications that register themselves, honest ones and a flood of others, with the real limits.

use insta::assert_snapshot;
use serde_json::json;

use crate::installation::Installation;
use crate::person::{Reply, http, send};
use crate::program::Serving;
use crate::visitor::{Visitor, form};

const FLOOD: usize = 10_000;
/// Requests under way at the same time.
const AT_ONCE: usize = 16;

/// Registers as somebody in this network, whom the proxy names.
async fn register(http: &reqwest::Client, origin: &str, name: &str, from: &str) -> Reply {
    let about = json!({ "client_name": name, "redirect_uris": ["http://localhost:1/cb"] });
    let request = http.post(format!("{origin}/register"));
    let request = request.header("content-type", "application/json");
    send(
        request
            .header("x-forwarded-for", from)
            .body(about.to_string()),
    )
    .await
}

/// Presents a made-up code as this client.
async fn made_up_code(http: &reqwest::Client, origin: &str, client: &str) -> Reply {
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", "made-up"),
        ("client_id", client),
    ];
    let request = http.post(format!("{origin}/token"));
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    send(request.body(form(fields))).await
}

/// How many of the flood were let in.
async fn flood(origin: &str) -> usize {
    let http = http();
    let mut workers = tokio::task::JoinSet::new();
    for worker in 0..AT_ONCE {
        let (http, origin) = (http.clone(), origin.to_owned());
        workers.spawn(async move {
            let mut registered = 0;
            for number in 0..FLOOD / AT_ONCE {
                let name = format!("flood {worker} {number}");
                // Sixteen networks, each busy enough to use up its share.
                let from = format!("198.51.{worker}.{}", number % 250);
                let answer = register(&http, &origin, &name, &from).await;
                if answer.status == 201 {
                    registered += 1;
                    let id = answer.json()["client_id"]
                        .as_str()
                        .expect("an id")
                        .to_owned();
                    assert_eq!(made_up_code(&http, &origin, &id).await.status, 400);
                } else {
                    assert_eq!(answer.status, 429, "{}", answer.text);
                    assert!(!answer.header("retry-after").is_empty());
                }
            }
            registered
        });
    }
    workers.join_all().await.into_iter().sum()
}

/// Its log goes to a file: nobody reads what ten thousand requests would leave in a pipe.
async fn serve_behind_a_proxy(company: &Installation) -> Serving {
    let mut command = company.command(&["serve"]);
    let log = std::fs::File::create(company.log_file()).expect("a log file");
    command
        .env("ODOO_MCP_TRUSTED_PROXIES", "127.0.0.1")
        .stderr(log);
    Serving::start(command).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_flood_of_ten_thousand_an_honest_client_registers_and_signs_in() {
    let company = Installation::new().await;
    let server = serve_behind_a_proxy(&company).await;
    let origin = format!("http://{}", company.address);
    let known = Visitor::discover(&server.url).await;
    let begun = std::time::Instant::now();
    // Who is known goes on in the middle of it all.
    let (registered, again) = tokio::join!(flood(&origin), async {
        let again = Visitor::discover(&server.url).await;
        again.connect(&again.sign_in("alice").await).await;
        again
    });
    println!(
        "{registered} of {FLOOD} registered in {:?}",
        begun.elapsed()
    );
    assert!(registered < FLOOD / 10, "{registered}");
    assert_eq!(again.client_id, known.client_id);
    // Whoever is new comes again when the answer says so, which is soon.
    let http = http();
    let newcomer = loop {
        let answer = register(&http, &origin, "Newcomer", "203.0.113.7").await;
        if answer.status == 201 {
            break answer;
        }
        let wait = answer.header("retry-after").parse().expect("seconds");
        assert!(wait <= 2, "{wait}");
        tokio::time::sleep(std::time::Duration::from_secs(wait)).await;
    };
    assert!(newcomer.json()["client_id"].is_string());
}

#[tokio::test]
async fn operators_list_clients_and_remove_them_with_their_connections() {
    let company = Installation::new().await;
    let server = company.serve().await;
    let app = Visitor::discover(&server.url).await;
    let tokens = app.sign_in("alice").await;
    let listed = company.print(&["clients", "list"]).await;
    let words: Vec<&str> = listed.trim_end().split('\t').collect();
    assert_eq!(words[0], app.client_id);
    assert_snapshot!(words[1..3].join(" | "), @"Journey | http://localhost/callback");
    assert!(words[4].starts_with("used 20"), "{listed}");
    assert_eq!(words[5], "connections 1");

    let removed = company.print(&["clients", "remove", &app.client_id]).await;
    assert_snapshot!(removed, @"removed, connections ended: 1");
    let refused = app.refresh(&tokens.refresh).await;
    assert_eq!(
        (refused.status.as_u16(), refused.json()["error"].as_str()),
        (401, Some("invalid_client"))
    );
    assert_eq!(company.print(&["clients", "list"]).await, "");
    let (code, said) = company
        .complaint(company.command(&["clients", "remove", "omcp_cl_none"]))
        .await;
    assert_eq!(code, Some(1));
    assert_snapshot!(said, @"error: there is no registered client omcp_cl_none: the id is the first word of `clients list`");
    // It comes back as a client does that is unknown: it registers, and the person signs in.
    let app = Visitor::discover(&server.url).await;
    app.connect(&app.sign_in("alice").await).await;
}

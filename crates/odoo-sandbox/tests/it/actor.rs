//! People who call the sandbox, over a client of a few lines.

use std::sync::{LazyLock, mpsc};

use odoo_sandbox::{Sandbox, SandboxBuilder};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// The day of every test.
pub(crate) const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 20);

/// A sandbox on that day.
pub(crate) fn sandbox() -> SandboxBuilder {
    Sandbox::builder().today(TODAY)
}

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    /// The first header of that name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self
            .headers
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a JSON body")
    }
}

/// Sends a request and reads the answer to its end; `None` if the connection breaks.
pub(crate) async fn send(
    url: &str,
    head: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Option<Reply> {
    let mut stream = TcpStream::connect(url.trim_start_matches("http://"))
        .await
        .ok()?;
    let mut request = format!("{head} HTTP/1.1\r\nHost: odoo\r\nConnection: close\r\n");
    let chunked = headers.iter().any(|(name, _)| *name == "Transfer-Encoding");
    if !chunked {
        request += &format!("Content-Length: {}\r\n", body.len());
    }
    for (name, value) in headers {
        request += &format!("{name}: {value}\r\n");
    }
    request += "\r\n";
    stream.write_all(request.as_bytes()).await.ok()?;
    stream.write_all(body).await.ok()?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.ok()?;
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers: Vec<(String, String)> = headers
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let body = bytes[end + 4..].to_vec();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let whole = length.is_none_or(|(_, length)| length.parse() == Ok(body.len()));
    whole.then_some(Reply {
        status,
        headers,
        body,
    })
}

/// Somebody with an API key.
#[derive(Clone, Debug)]
pub(crate) struct Actor {
    pub(crate) url: String,
    pub(crate) key: String,
}

impl Actor {
    /// A person of a sandbox, with a new key.
    pub(crate) fn of(sandbox: &Sandbox, login: &str) -> Self {
        Self {
            url: sandbox.url().to_owned(),
            key: sandbox.mint_key(login),
        }
    }

    /// Calls `model/method`.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Reply {
        let authorization = format!("bearer {}", self.key);
        let headers = [
            ("Authorization", authorization.as_str()),
            ("Content-Type", "application/json"),
        ];
        let body = body.to_string();
        send(
            &self.url,
            &format!("POST /json/2/{path}"),
            &headers,
            body.as_bytes(),
        )
        .await
        .expect("an answer")
    }

    /// Calls `model/method` and expects it to succeed.
    pub(crate) async fn call(&self, path: &str, body: Value) -> Value {
        let reply = self.post(path, &body).await;
        assert_eq!(reply.status, 200, "{path} {body}: {}", reply.text());
        reply.json()
    }

    /// Calls `model/method` and expects an error: its status, class and text.
    pub(crate) async fn refused(&self, path: &str, body: Value) -> Value {
        let reply = self.post(path, &body).await;
        assert_ne!(reply.status, 200, "{path} {body}: {}", reply.text());
        let error = reply.json();
        assert!(error["debug"].is_string(), "Odoo always sends a traceback");
        json!([reply.status, error["name"], error["message"]])
    }
}

/// People of a sandbox that outlives the test that came first.
type Actors = Vec<(String, Actor)>;

static SHARED: LazyLock<Actors> = LazyLock::new(lasting);
static CHANGING: LazyLock<Actors> = LazyLock::new(lasting);

/// A person of the sandbox that nobody changes, for all tests that only read.
pub(crate) fn shared(login: &str) -> Actor {
    among(&SHARED, login)
}

/// A person of a sandbox where nobody relies on what is in it.
pub(crate) fn changing(login: &str) -> Actor {
    among(&CHANGING, login)
}

fn among(actors: &Actors, login: &str) -> Actor {
    let found = actors.iter().find(|(known, _)| known == login);
    found.expect("a person of the demo company").1.clone()
}

fn lasting() -> Actors {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build();
        runtime.expect("a runtime").block_on(async {
            let sandbox = sandbox().start().await.expect("a sandbox");
            let people = sandbox.people().iter();
            let actors =
                people.map(|person| (person.login.clone(), Actor::of(&sandbox, &person.login)));
            sender.send(actors.collect()).expect("a test that waits");
            std::future::pending::<()>().await;
        });
    });
    receiver.recv().expect("the sandbox's people")
}

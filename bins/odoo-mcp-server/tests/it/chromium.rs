//! A real Chromium, driven by `chromedriver` (W3C WebDriver): it applies the rules that pages give
//! it, which a client of our own would not.
//!
//! Not for pages in general; where the programs are missing, the tests that want them say so.

use std::process::Stdio;

use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::person::{http, send};
use crate::program::PATIENCE;

/// What `WebDriver` calls a reference to an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A browser with one window.
pub(crate) struct Chromium {
    http: reqwest::Client,
    session: String,
    /// Ends with this.
    _driver: Child,
    _profile: TempDir,
}

impl Chromium {
    /// Nothing, with a word about why, when this machine has no Chromium.
    #[expect(clippy::print_stdout, reason = "a test that is left out says so")]
    pub(crate) async fn start() -> Option<Self> {
        let mut command = Command::new("chromedriver");
        command.arg("--port=0").stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let Ok(mut driver) = command.kill_on_drop(true).spawn() else {
            println!("SKIPPED: no chromedriver here (Debian: chromium-driver)");
            return None;
        };
        let port = port(&mut driver).await;
        let profile = tempfile::tempdir().expect("a folder");
        let arguments = [
            "--headless=new".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--no-first-run".to_owned(),
            format!("--user-data-dir={}", profile.path().display()),
        ];
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "goog:chromeOptions": { "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL" },
        } } });
        let http = http();
        let base = format!("http://127.0.0.1:{port}/session");
        let made = asked(&http, Method::POST, &base, &wanted).await;
        let id = made["sessionId"].as_str().expect("a session");
        Some(Self {
            session: format!("{base}/{id}"),
            http,
            _driver: driver,
            _profile: profile,
        })
    }

    pub(crate) async fn open(&self, url: &str) {
        self.post("/url", &json!({ "url": url })).await;
    }

    pub(crate) async fn types(&self, selector: &str, text: &str) {
        let element = self.find(selector).await;
        let path = format!("/element/{element}/value");
        self.post(&path, &json!({ "text": text })).await;
    }

    pub(crate) async fn clicks(&self, selector: &str) {
        let element = self.find(selector).await;
        let path = format!("/element/{element}/click");
        self.post(&path, &json!({})).await;
    }

    /// What the console said since it was last asked.
    pub(crate) async fn console(&self) -> Vec<String> {
        let said = self.post("/se/log", &json!({ "type": "browser" })).await;
        let said = said.as_array().cloned().unwrap_or_default();
        let text = |line: &Value| line["message"].as_str().map(str::to_owned);
        said.iter().filter_map(text).collect()
    }

    /// Closes the window, and the browser with it.
    pub(crate) async fn quit(self) {
        asked(&self.http, Method::DELETE, &self.session, &json!({})).await;
    }

    async fn find(&self, selector: &str) -> String {
        let by = json!({ "using": "css selector", "value": selector });
        let found = self.post("/element", &by).await;
        found[ELEMENT].as_str().expect("an element").to_owned()
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        let url = format!("{}{path}", self.session);
        asked(&self.http, Method::POST, &url, body).await
    }
}

async fn asked(http: &reqwest::Client, method: Method, url: &str, body: &Value) -> Value {
    let request = http.request(method, url).body(body.to_string());
    let reply = send(request.header("content-type", "application/json")).await;
    assert_eq!(reply.status, 200, "{url}: {}", reply.text);
    reply.json()["value"].clone()
}

/// The port in its first lines.
async fn port(driver: &mut Child) -> u16 {
    let out = driver.stdout.take().expect("its standard output");
    let mut lines = BufReader::new(out).lines();
    loop {
        let line = timeout(PATIENCE, lines.next_line()).await;
        let line = line.expect("a line in time").expect("readable output");
        let line = line.expect("a port before the end");
        let port = line.split_once("successfully on port ");
        if let Some(port) = port.and_then(|(_, port)| port.trim_end_matches('.').parse().ok()) {
            // It goes on talking, to nobody.
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return port;
        }
    }
}

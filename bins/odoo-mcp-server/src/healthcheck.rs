//! `odoo-mcp-server healthcheck`: asks a running server's `/healthz`, for containers without curl.
//!
//! It speaks just enough HTTP/1.1 for that one question, without TLS: the server's own port has
//! none, and whoever wants to test the way through a proxy has curl.

use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::Url;

use crate::cli::HealthcheckArguments;

/// A server that needs longer for this question is not well.
const PATIENCE: Duration = Duration::from_secs(4);
/// The status line is all that is read; this is more than any.
const MAX_ANSWER: u64 = 1024;

/// Succeeds when the server answers 200.
///
/// # Errors
/// What is wrong: nobody there, no answer in time, another status.
pub async fn run(arguments: &HealthcheckArguments) -> anyhow::Result<()> {
    let url = &arguments.url;
    ensure!(
        url.scheme() == "http",
        "{url} is no http:// address: ask the server itself, not its proxy"
    );
    let status = timeout(PATIENCE, status(url))
        .await
        .with_context(|| format!("no answer from {url} within {} seconds", PATIENCE.as_secs()))??;
    if status != 200 {
        bail!("{url} answered {status}");
    }
    Ok(())
}

async fn status(url: &Url) -> anyhow::Result<u16> {
    let host = url.host_str().context("the address has no host")?;
    let port = url
        .port_or_known_default()
        .context("the address has no port")?;
    let address = (host.trim_matches(['[', ']']), port);
    let mut stream = TcpStream::connect(address)
        .await
        .with_context(|| format!("nobody listens at {host}:{port}: is the server running?"))?;
    let request = format!(
        "GET {} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n",
        &url[url::Position::BeforePath..url::Position::AfterQuery]
    );
    stream
        .write_all(request.as_bytes())
        .await
        .context("sending the question")?;
    let mut answer = Vec::new();
    stream
        .take(MAX_ANSWER)
        .read_to_end(&mut answer)
        .await
        .context("reading the answer")?;
    parse_status(&answer).context("the answer is not HTTP: is another program on this port?")
}

/// The number in `HTTP/1.1 200 OK`.
fn parse_status(answer: &[u8]) -> Option<u16> {
    let line = answer.split(|byte| *byte == b'\r').next()?;
    let line = std::str::from_utf8(line).ok()?;
    line.strip_prefix("HTTP/1.")?
        .split(' ')
        .nth(1)?
        .parse()
        .ok()
}

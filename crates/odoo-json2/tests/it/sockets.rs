//! The built-in HTTP client on real sockets, against servers that misbehave.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use odoo_json2::{Domain, Error, Limits, Odoo};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// `41`, and a list with 200,000 zeros in it, both in gzip.
const GZIP_41: &str = "H4sIAAAAAAAC/zMxBAAy4S2rAgAAAA==";
const GZIP_BOMB: &str = "H4sIAAAAAAAC/+3BQREAAAgDoC5LYB9v/WuYwT+wGQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADgLT3aEl9cRA0DAA==";

/// A server that gives every connection the same bytes, and hands back what it was sent first.
async fn server(answer: Vec<u8>) -> (Odoo, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let heard = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let heard = hear(&mut stream).await;
        let _ = stream.write_all(&answer).await;
        heard
    });
    (client(&format!("http://{address}")), heard)
}

async fn hear(stream: &mut TcpStream) -> String {
    let mut heard = vec![0; 4_096];
    let count = stream.read(&mut heard).await.unwrap();
    String::from_utf8_lossy(&heard[..count]).to_ascii_lowercase()
}

fn client(url: &str) -> Odoo {
    let limits = Limits {
        read: Duration::from_secs(5),
        retry_pause: Duration::ZERO,
        max_response_bytes: 100_000,
        ..Limits::default()
    };
    let builder = Odoo::builder(url)
        .database("larkspur")
        .api_key("alices-key");
    builder.limits(limits).build().unwrap()
}

fn http(headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n{headers}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

async fn count(odoo: &Odoo) -> Result<usize, Error> {
    odoo.count("res.partner", Domain::all()).await
}

#[tokio::test]
async fn a_request_has_a_length_and_accepts_gzip() {
    let body = STANDARD.decode(GZIP_41).unwrap();
    let headers = format!("content-encoding: gzip\r\ncontent-length: {}", body.len());
    let (odoo, heard) = server(http(&headers, &body)).await;
    assert_eq!(count(&odoo).await, Ok(41));
    let heard = heard.await.unwrap();
    assert!(
        heard.starts_with("post /json/2/res.partner/search_count http/1.1\r\n"),
        "{heard}"
    );
    assert!(heard.contains("content-length: ") && heard.contains("accept-encoding: gzip"));
    assert!(
        !heard.contains("transfer-encoding"),
        "Odoo takes chunks for nothing"
    );
}

#[tokio::test]
async fn neither_endless_nor_exploding_answers_are_read_to_the_end() {
    let bomb = STANDARD.decode(GZIP_BOMB).unwrap();
    let headers = format!("content-encoding: gzip\r\ncontent-length: {}", bomb.len());
    let endless = [b"[\"".to_vec(), vec![b'0'; 400_000]].concat();
    for answer in [http(&headers, &bomb), http("connection: close", &endless)] {
        let (odoo, _) = server(answer).await;
        assert_eq!(count(&odoo).await, Err(Error::TooLarge { limit: 100_000 }));
    }
}

#[tokio::test]
async fn the_key_does_not_follow_a_redirect() {
    let (elsewhere, heard) = server(http("content-length: 2", b"41")).await;
    let target = elsewhere.base_url();
    let redirect =
        format!("HTTP/1.1 307 Temporary\r\nlocation: {target}\r\ncontent-length: 0\r\n\r\n");
    let (odoo, _) = server(redirect.into_bytes()).await;
    let error = count(&odoo).await.unwrap_err();
    assert_eq!(
        error,
        Error::NotOdoo {
            status: 307,
            detail: "a redirect".to_owned()
        }
    );
    assert!(!heard.is_finished(), "nobody came");
    heard.abort();
}

#[tokio::test]
async fn a_closed_door_says_so() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error = count(&client(&format!("http://{address}")))
        .await
        .unwrap_err();
    let Error::Unavailable {
        message,
        write_may_have_happened,
    } = error
    else {
        panic!("{error:?}");
    };
    assert!(
        message.contains("refused") && !write_may_have_happened,
        "{message}"
    );
}

#[tokio::test]
async fn an_address_without_tls_is_unavailable_over_https() {
    let (odoo, _) = server(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()).await;
    let https = odoo.base_url().as_str().replace("http://", "https://");
    let error = count(&client(&https)).await.unwrap_err();
    assert!(matches!(error, Error::Unavailable { .. }), "{error:?}");
}

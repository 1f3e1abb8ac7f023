//! A host on the internet that publishes client metadata documents: TLS, a certificate of its own,
//! and bad manners when told so. It counts who connects.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::{
    ClientConfig, RootCertStore, ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;

/// What every request is answered.
#[derive(Clone, Debug)]
pub(crate) enum Manner {
    /// Head and body as they are.
    Says(String),
    /// A document of whichever client is asked for, on the host of this name.
    Introduces(&'static str),
    /// One byte, and then nothing for ever.
    Drips,
}

pub(crate) struct DocumentHost {
    pub(crate) client: reqwest::Client,
    connections: Arc<AtomicUsize>,
}

impl DocumentHost {
    pub(crate) async fn start(name: &str, manner: Manner) -> Self {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(vec![name.to_owned()]).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let key = PrivatePkcs8KeyDer::from(signing_key.serialize_der());
        let acceptor = acceptor(cert.der().clone(), key.into());
        let seen = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                seen.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(answer(acceptor.clone(), stream, manner.clone()));
            }
        });
        Self {
            client: client(name, address, cert.der().clone()),
            connections,
        }
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }
}

/// A good answer around a document.
pub(crate) fn document(body: &str) -> Manner {
    Manner::Says(with_type("200 OK", "application/json", body))
}

pub(crate) fn with_type(status: &str, kind: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\
         connection: close\r\n\r\n{body}"
    )
}

fn acceptor(certificate: CertificateDer<'static>, key: PrivateKeyDer<'static>) -> TlsAcceptor {
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

/// As the fetcher's own client, but that it finds the name here and trusts its certificate.
fn client(name: &str, at: SocketAddr, trusted: CertificateDer<'static>) -> reqwest::Client {
    let mut roots = RootCertStore::empty();
    roots.add(trusted).unwrap();
    let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    odoo_json2::http_client_builder(false)
        .unwrap()
        .tls_backend_preconfigured(tls)
        .resolve(name, at)
        .build()
        .unwrap()
}

async fn answer(acceptor: TlsAcceptor, stream: TcpStream, manner: Manner) {
    let Ok(mut stream) = acceptor.accept(stream).await else {
        return;
    };
    let mut asked = [0; 2048];
    let read = stream.read(&mut asked).await.unwrap_or(0);
    if read == 0 {
        return;
    }
    match manner {
        Manner::Says(text) => say(&mut stream, &text).await,
        Manner::Introduces(host) => {
            let asked = String::from_utf8_lossy(&asked[..read]).into_owned();
            let path = asked.split(' ').nth(1).unwrap_or_default();
            let about = serde_json::json!({
                "client_id": format!("https://{host}{path}"),
                "client_name": path,
                "redirect_uris": ["http://localhost/cb"],
            });
            let text = with_type("200 OK", "application/json", &about.to_string());
            say(&mut stream, &text).await;
        }
        Manner::Drips => {
            let head =
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{";
            let _ = stream.write_all(head.as_bytes()).await;
            let _ = stream.flush().await;
            tokio::time::sleep(Duration::from_secs(3600)).await;
        }
    }
}

/// A client that has seen enough hangs up; that is its right.
async fn say(stream: &mut (impl AsyncWriteExt + Unpin), text: &str) {
    let _ = stream.write_all(text.as_bytes()).await;
    let _ = stream.shutdown().await;
}

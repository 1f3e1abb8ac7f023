//! Where an Odoo is, and how requests to it look.

use bytes::Bytes;
use http::{
    HeaderValue, Method, Request, Uri,
    header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, USER_AGENT},
};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::MethodCall;
use crate::{BuildError, Error};

/// The address of one database of one Odoo.
#[derive(Clone, Debug)]
pub struct Endpoint {
    base: Url,
    database: String,
    database_header: HeaderValue,
    user_agent: HeaderValue,
}

impl Endpoint {
    /// Checks address, database name and user agent.
    ///
    /// # Errors
    /// When the address is not a plain `http` or `https` URL, or when one of the texts cannot stand
    /// in a header.
    pub fn new(base_url: &str, database: &str, user_agent: &str) -> Result<Self, BuildError> {
        let header = |text: &str| HeaderValue::from_str(text).ok();
        if database.is_empty() {
            return Err(BuildError::NoDatabase);
        }
        Ok(Self {
            base: parse_base(base_url)?,
            database: database.to_owned(),
            database_header: header(database).ok_or(BuildError::Database)?,
            user_agent: header(user_agent).ok_or(BuildError::UserAgent)?,
        })
    }

    /// The address, ending in a slash.
    pub fn base_url(&self) -> &Url {
        &self.base
    }

    /// The name of the database.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// The request for a call.
    ///
    /// # Errors
    /// [`Error::BadArguments`] when model or method is not a name, [`Error::InvalidKey`] when the
    /// key cannot be one.
    pub fn request(&self, call: &MethodCall, key: &SecretString) -> Result<Request<Bytes>, Error> {
        for name in [&call.model, &call.method] {
            check_name(name)?;
        }
        let body = call
            .body()
            .map_err(|error| bad_arguments(error.to_string()))?;
        let uri = self.uri(&format!("json/2/{}/{}", call.model, call.method))?;
        let mut request = self.json_request(uri, body);
        let headers = request.headers_mut();
        headers.insert(AUTHORIZATION, bearer(key)?);
        headers.insert("x-odoo-database", self.database_header.clone());
        Ok(request)
    }

    /// A POST of JSON to a path below the base, without key and database.
    pub(crate) fn json_request(&self, uri: Uri, body: Vec<u8>) -> Request<Bytes> {
        let mut request = self.bare_request(Method::POST, uri, body);
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(CONTENT_TYPE, json);
        request
    }

    /// A request with what every request has. The length is always sent: Odoo takes a chunked
    /// body for an empty one.
    pub(crate) fn bare_request(&self, method: Method, uri: Uri, body: Vec<u8>) -> Request<Bytes> {
        let length = HeaderValue::from(body.len());
        let has_body = method != Method::GET;
        let mut request = Request::new(Bytes::from(body));
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        let headers = request.headers_mut();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(USER_AGENT, self.user_agent.clone());
        if has_body {
            headers.insert(CONTENT_LENGTH, length);
        }
        request
    }

    /// The absolute address of a path (and query) below the base.
    pub(crate) fn uri(&self, path: &str) -> Result<Uri, Error> {
        let uri = format!("{}{path}", self.base.as_str());
        uri.parse()
            .map_err(|_| bad_arguments("the address is not valid".to_owned()))
    }
}

fn parse_base(base_url: &str) -> Result<Url, BuildError> {
    let wrong = |reason: &str| BuildError::BaseUrl(reason.to_owned());
    let mut base = Url::parse(base_url.trim()).map_err(|error| wrong(&error.to_string()))?;
    if !matches!(base.scheme(), "http" | "https") || base.host_str().is_none() {
        return Err(wrong("it must begin with https:// or http://"));
    }
    if !base.username().is_empty() || base.password().is_some() {
        return Err(wrong("it must not contain a user name or password"));
    }
    if base.query().is_some() || base.fragment().is_some() {
        return Err(wrong("it must not contain `?` or `#`"));
    }
    if !base.path().ends_with('/') {
        let path = format!("{}/", base.path());
        base.set_path(&path);
    }
    Ok(base)
}

/// Model and method become part of the path, so nothing else than names may pass.
fn check_name(name: &str) -> Result<(), Error> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
    if name.is_empty() || name.len() > 128 || !name.bytes().all(allowed) || name.contains("..") {
        return Err(bad_arguments(format!(
            "`{}` is no name of a model or method",
            name.escape_debug()
        )));
    }
    Ok(())
}

fn bearer(key: &SecretString) -> Result<HeaderValue, Error> {
    let key = key.expose_secret().trim();
    if key.is_empty() {
        return Err(Error::NoKey);
    }
    let mut header =
        HeaderValue::from_str(&format!("bearer {key}")).map_err(|_| Error::InvalidKey)?;
    header.set_sensitive(true);
    Ok(header)
}

fn bad_arguments(message: String) -> Error {
    Error::BadArguments {
        name: "request".to_owned(),
        message,
    }
}

//! The HTML pages that Odoo and werkzeug show in place of JSON.

/// Status 415: a body that is no JSON.
pub(super) const UNSUPPORTED_TYPE: &str = "<!doctype html>\n<html lang=en>\n<title>415 Unsupported Media Type</title>\n\
    <h1>Unsupported Media Type</h1>\n<p>Request inferred type is compatible with [&#39;http&#39;] but \
    &#39;/json/2/&lt;__model__&gt;/&lt;__method__&gt;&#39; is type=&#39;json2&#39;.<br><br>Please verify the \
    Content-Type request header and try again.</p>\n";

/// Status 404: a database that is not there, or none where there are several.
pub(super) const NO_DATABASE: &str = "<!DOCTYPE html>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>No database \
    is selected and the requested URL was not found in the server-wide controllers.</p>\n<p>Please verify the \
    hostname, <a href=/web/login>login</a> and try again.</p>\n\n<!-- Alternatively, use the X-Odoo-Database header. \
    -->\n";

/// Status 404: an address that leads nowhere.
pub(super) const NOT_FOUND: &str = "<!DOCTYPE html>\n<html>\n<head><title>404 | Odoo</title></head>\n<body><h1>404: Page not \
    found</h1><p>The page you are looking for could not be found.</p></body>\n</html>\n";

/// Status 500: an answer that is no JSON.
pub(super) const INTERNAL_ERROR: &str = "<!doctype html>\n<html lang=en>\n<title>500 Internal Server Error</title>\n\
    <h1>Internal Server Error</h1>\n<p>The server encountered an internal error and was unable to complete your \
    request. Either the server is overloaded or there is an error in the application.</p>\n";

/// Status 400: a form without its token.
pub(super) const BAD_TOKEN: &str = "<!doctype html>\n<html lang=en>\n<title>400 Bad Request</title>\n<h1>Bad Request</h1>\n\
    <p>Session expired (invalid CSRF token)</p>\n";

/// What a proxy in front of Odoo shows.
pub(super) const PROXY: &str = "<!DOCTYPE html>\n<html><head><title>Gateway</title></head><body><h1>Gateway</h1></body></html>\n";

/// The page that leads on to another one.
pub(super) fn redirecting(location: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=en>\n<title>Redirecting...</title>\n<h1>Redirecting...</h1>\n<p>You should be \
         redirected automatically to the target URL: <a href=\"{location}\">{location}</a>. If not, click the link.\n"
    )
}

/// The page that asks for a one-time code.
pub(super) fn totp(token: &str, error: Option<&str>) -> String {
    let error = error.map_or_else(String::new, |error| {
        format!("<p class=\"alert alert-danger\" role=\"alert\">{error}</p>")
    });
    format!(
        "<!DOCTYPE html>\n<html>\n<head><title>Odoo</title></head>\n<body>\n<form method=\"POST\" action=\"\">\n\
         <input type=\"hidden\" name=\"csrf_token\" value=\"{token}\"/>\n<label for=\"totp_token\">Authentication \
         Code</label>\n<input id=\"totp_token\" name=\"totp_token\" required=\"required\" inputmode=\"numeric\"/>\n\
         {error}\n<button type=\"submit\">Log in</button>\n</form>\n</body>\n</html>\n"
    )
}

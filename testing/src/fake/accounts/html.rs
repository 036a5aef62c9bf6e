//! The HTML pages of the accounts service: the consent page and the error page.

use http::StatusCode;
use http::header::CONTENT_TYPE;

use super::{ApiResponse, Parameters};
use crate::fake::api_response::Caching;

const STYLE: &str = "\
:root{color-scheme:light dark}\
body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:12vh auto;padding:0 1.5rem}\
h1{font-size:1.4rem}code{overflow-wrap:anywhere}ul{padding-left:1.2rem}\
button{font:inherit;padding:.6rem 1.6rem;margin:1rem .6rem 0 0;border:1px solid #8888;border-radius:2rem;cursor:pointer}\
.accept{background:#176b3a;border-color:#176b3a;color:#fff}";

/// Returns the consent page, which contains the request in hidden fields.
pub(super) fn consent(client_id: &str, scopes: &[String], parameters: &Parameters) -> ApiResponse {
    let scopes: String =
        scopes.iter().map(|scope| format!("<li><code>{}</code></li>", escape(scope))).collect();
    let wishes = match scopes.as_str() {
        "" => "<p>It requests access to public data only.</p>".to_owned(),
        list => format!("<p>It requests these scopes:</p><ul>{list}</ul>"),
    };
    let field = |(name, value): &(String, String)| {
        format!("<input type=\"hidden\" name=\"{}\" value=\"{}\">", escape(name), escape(value))
    };
    let is_own = |(name, _): &&(String, String)| name != "decision";
    let fields: String = parameters.0.iter().filter(is_own).map(field).collect();
    let body = format!(
        "<h1>Authorize this application?</h1><p>Application <code>{}</code> requests access to the account of the \
         invented user.</p>{wishes}<form method=\"post\" action=\"/authorize\">{fields}\
         <button class=\"accept\" name=\"decision\" value=\"accept\">Accept</button>\
         <button name=\"decision\" value=\"deny\">Deny</button></form>",
        escape(client_id)
    );
    page(StatusCode::OK, "Consent", &body)
}

/// Returns the page that shows the user an error that must not be sent to the redirect URI.
pub(super) fn refusal(message: &str) -> ApiResponse {
    page(StatusCode::BAD_REQUEST, "Error", &format!("<p>{}</p>", escape(message)))
}

fn page(status: StatusCode, title: &str, body: &str) -> ApiResponse {
    let page = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
         <style>{STYLE}</style></head><body>{body}</body></html>\n"
    );
    ApiResponse::text(status, Caching::Never, page).header(CONTENT_TYPE, "text/html; charset=utf-8")
}

fn escape(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;").replace('\'', "&#39;")
}

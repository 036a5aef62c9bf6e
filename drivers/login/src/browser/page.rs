//! The pages shown in the browser at the end of a login.

/// A page with static texts, so that no part of a request can appear in it.
pub(super) struct Page {
    status: &'static str,
    title: &'static str,
    text: &'static str,
}

pub(super) static CONSENT: Page = Page {
    status: "200 OK",
    title: "Consent received",
    text: "You can close this window and return to the program.",
};

pub(super) static REFUSED: Page = Page {
    status: "200 OK",
    title: "You are not logged in",
    text: "The program has no access to your account. You can close this window.",
};

pub(super) static NOT_FOUND: Page =
    Page { status: "404 Not Found", title: "Page not found", text: "This is not the address of the login." };

pub(super) static BAD_REQUEST: Page = Page {
    status: "400 Bad Request",
    title: "Unexpected login response",
    text: "Please return to the program, or start the login again.",
};

const STYLE: &str = ":root{color-scheme:light dark}\
    body{font:16px/1.5 system-ui,sans-serif;text-align:center;display:grid;place-items:center;min-height:80vh}";

impl Page {
    /// Returns the complete response. The headers prevent the browser from storing the page and from sending its
    /// address, which contains an authorization code, to another server.
    pub(super) fn response(&self) -> String {
        let Self { status, title, text } = self;
        let body = format!(
            "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style>\
             </head><body><main><h1>{title}</h1><p>{text}</p></main></body></html>\n"
        );
        format!(
            "HTTP/1.1 {status}\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\n\
             cache-control: no-store\r\nreferrer-policy: no-referrer\r\nx-content-type-options: nosniff\r\n\
             content-security-policy: default-src 'none'; style-src 'unsafe-inline'\r\nconnection: close\r\n\r\n{body}",
            body.len()
        )
    }
}

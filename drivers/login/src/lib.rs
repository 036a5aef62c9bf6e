#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod browser;
mod environment;
mod token_file;

pub use browser::{BrowserLogin, Canceller, LoginError, PendingLogin};
pub use environment::{EnvironmentError, app_from_env};
pub use token_file::{TokenFile, TokenFileError, TokenFileLock};

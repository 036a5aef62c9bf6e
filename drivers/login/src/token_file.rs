//! A file with the tokens of one user.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{env, thread};

use spotify_proto::Tokens;

/// Maximum size of the file, in bytes. Stored tokens have less than 2 KB.
const MAX_LEN: u64 = 64 * 1024;

/// Interval between two attempts to lock the file.
const LOCK_INTERVAL: Duration = Duration::from_millis(20);

/// A file with the tokens of one user.
///
/// It guarantees the following, even if the process is killed or the machine loses power:
///
/// * A reader gets either the old or the new tokens, never a mixture or a part of them. The new tokens are written to a
///   temporary file in the same folder, flushed to the disk, and moved into place.
/// * On Unix, only the current user can read the file (mode 0600). On other systems, the file has the permissions of
///   the folder.
/// * Only one process at a time holds the [lock](Self::lock), and the operating system releases it when the process
///   ends. The lock is advisory and depends on the file system: some network file systems do not support it.
///
/// The tokens are not encrypted. A process that is killed while it saves tokens may leave behind a temporary file with
/// the prefix `.tokens-` and the same permissions. A process that is killed after Spotify has replaced a refresh token
/// and before the file is written loses that token, and the user has to log in again.
///
/// ```
/// use spotify_proto::Tokens;
/// use spotify_proto_login::TokenFile;
///
/// let folder = tempfile::tempdir()?;
/// let file = TokenFile::new(folder.path().join("tokens.json"));
/// assert!(file.load()?.is_none());
/// file.save(&Tokens::from_refresh_token("AQx"))?;
/// assert!(file.load()?.is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TokenFile {
    path: PathBuf,
}

impl TokenFile {
    /// Returns a token file at the given path. Missing folders are created when tokens are saved.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Returns the file `tokens.json` in a subfolder, named after the application, of the user's state folder.
    ///
    /// The state folder is `$XDG_STATE_HOME` or `~/.local/state` on Unix, `$XDG_STATE_HOME` or `~/Library/Application
    /// Support` on macOS, and `%LOCALAPPDATA%` on Windows.
    ///
    /// # Errors
    ///
    /// Returns [`TokenFileError::NoStateFolder`] if the environment variables for the state folder are missing, or if
    /// the name of the application is not a plain file name.
    pub fn in_state_folder(application: &str) -> Result<Self, TokenFileError> {
        let is_plain = !application.starts_with('.') && !application.contains(['/', '\\', ':', '\0']);
        let folder = state_folder().filter(|_| is_plain && !application.is_empty());
        let folder = folder.ok_or(TokenFileError::NoStateFolder)?;
        Ok(Self::new(folder.join(application).join("tokens.json")))
    }

    /// Returns the path of the file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the tokens. Returns `None` if the file is missing or empty.
    ///
    /// The formats of some other clients are supported as well: see [`Tokens`]. A byte order mark and surrounding
    /// whitespace are ignored.
    ///
    /// # Errors
    ///
    /// Returns [`TokenFileError::Read`] if the file cannot be read, or [`TokenFileError::Malformed`] if it does not
    /// contain tokens or is larger than 64 KiB. Errors never quote the contents of the file.
    pub fn load(&self) -> Result<Option<Tokens>, TokenFileError> {
        let error = |source| TokenFileError::Read { path: self.path.clone(), source };
        let file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(error(source)),
        };
        let mut bytes = Vec::new();
        file.take(MAX_LEN + 1).read_to_end(&mut bytes).map_err(error)?;
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes).trim_ascii();
        if text.is_empty() {
            return Ok(None);
        }
        let tokens = serde_json::from_slice(text).ok().filter(|_| bytes.len() as u64 <= MAX_LEN);
        tokens.map(Some).ok_or_else(|| TokenFileError::Malformed { path: self.path.clone() })
    }

    /// Replaces the stored tokens. When the method returns, the new tokens survive a loss of power.
    ///
    /// # Errors
    ///
    /// Returns [`TokenFileError::Write`] if the file cannot be replaced. In that case, the old tokens remain stored.
    pub fn save(&self, tokens: &Tokens) -> Result<(), TokenFileError> {
        self.replace(tokens).map_err(|source| TokenFileError::Write { path: self.path.clone(), source })
    }

    fn replace(&self, tokens: &Tokens) -> io::Result<()> {
        let target = self.target();
        let folder = folder_of(&target);
        create_folder(folder)?;
        // A rename is atomic only within a file system, hence the same folder. The mode is 0600 from the start.
        let mut new = tempfile::Builder::new().prefix(".tokens-").tempfile_in(folder)?;
        serde_json::to_writer(&mut new, tokens)?;
        new.flush()?;
        new.as_file().sync_all()?;
        new.persist(&target)?;
        // The rename is durable only after the folder was flushed. Windows cannot flush a folder.
        #[cfg(unix)]
        File::open(folder)?.sync_all()?;
        Ok(())
    }

    /// Returns the target of a symbolic link, so that a save does not replace the link itself.
    fn target(&self) -> PathBuf {
        fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone())
    }

    /// Removes the file, which logs the user out of this program. A missing file is not an error.
    ///
    /// # Errors
    ///
    /// Returns [`TokenFileError::Write`] if the file cannot be removed.
    pub fn remove(&self) -> Result<(), TokenFileError> {
        match fs::remove_file(&self.path) {
            Err(source) if source.kind() != ErrorKind::NotFound => {
                Err(TokenFileError::Write { path: self.path.clone(), source })
            }
            _ => Ok(()),
        }
    }

    /// Acquires the lock of the file; waits while another process, or another part of this process, holds it.
    ///
    /// The lock is a separate empty file in the same folder, with the suffix `.lock`.
    ///
    /// # Errors
    ///
    /// Returns [`TokenFileError::Locked`] if the lock is not released within `timeout`, or [`TokenFileError::Lock`] if
    /// the lock file cannot be created or the file system does not support locks.
    pub fn lock(&self, timeout: Duration) -> Result<TokenFileLock, TokenFileError> {
        let error = |source| TokenFileError::Lock { path: self.path.clone(), source };
        let begin = Instant::now();
        let file = self.open_lock().map_err(error)?;
        loop {
            match fs4::FileExt::try_lock(&file) {
                Ok(()) => return Ok(TokenFileLock { _file: file }),
                Err(fs4::TryLockError::WouldBlock) => {}
                Err(fs4::TryLockError::Error(source)) => return Err(error(source)),
            }
            if begin.elapsed() >= timeout {
                return Err(TokenFileError::Locked { path: self.path.clone() });
            }
            thread::sleep(LOCK_INTERVAL);
        }
    }

    fn open_lock(&self) -> io::Result<File> {
        let target = self.target();
        create_folder(folder_of(&target))?;
        let mut path = target.into_os_string();
        path.push(".lock");
        let mut options = File::options();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path)
    }
}

/// The lock of a [`TokenFile`]. Dropping it releases the lock.
#[derive(Debug)]
#[must_use = "dropping the value releases the lock"]
pub struct TokenFileLock {
    _file: File,
}

/// Error of a [`TokenFile`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenFileError {
    /// The environment variables for the user's state folder are missing, or the name of the application is not a plain
    /// file name.
    #[error("could not find the folder for the tokens")]
    NoStateFolder,
    /// The file could not be read.
    #[error("could not read {}", path.display())]
    Read {
        /// Path of the token file.
        path: PathBuf,
        /// Cause of the error.
        source: io::Error,
    },
    /// The file does not contain tokens.
    #[error("{} does not contain tokens; remove the file to log in again", path.display())]
    Malformed {
        /// Path of the token file.
        path: PathBuf,
    },
    /// The file could not be replaced or removed.
    #[error("could not write {}", path.display())]
    Write {
        /// Path of the token file.
        path: PathBuf,
        /// Cause of the error.
        source: io::Error,
    },
    /// The file could not be locked.
    #[error("could not lock {}", path.display())]
    Lock {
        /// Path of the token file.
        path: PathBuf,
        /// Cause of the error.
        source: io::Error,
    },
    /// Another process holds the lock of the file.
    #[error("another process has locked {}", path.display())]
    Locked {
        /// Path of the token file.
        path: PathBuf,
    },
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Creates a folder that only the current user can read; an existing folder remains unchanged.
fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Returns the user's state folder.
fn state_folder() -> Option<PathBuf> {
    let variable = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if cfg!(windows) {
        return variable("LOCALAPPDATA");
    }
    let below_home = if cfg!(target_os = "macos") { "Library/Application Support" } else { ".local/state" };
    variable("XDG_STATE_HOME").or_else(|| Some(variable("HOME")?.join(below_home)))
}

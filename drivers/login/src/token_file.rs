//! A file with the tokens of one user.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{env, thread};

use spotify_proto::Tokens;

/// Maximum size of the file, in bytes. Stored tokens take less than 2 KB.
const MAX_LEN: u64 = 64 * 1024;

/// Interval between attempts to lock the file.
const LOCK_INTERVAL: Duration = Duration::from_millis(20);

/// A file with the tokens of one user.
///
/// The following is guaranteed even if the process is killed or the machine loses power:
///
/// * A reader gets either the old or the new tokens, never a mixture or a partial file. The new tokens are written to a
///   temporary file in the same folder, flushed to disk, and moved into place.
/// * On Unix, only the current user can read the file (mode 0600). On other systems, the file has the permissions of
///   the folder.
/// * Only one process at a time holds the [lock](Self::lock), and the operating system releases the lock when the
///   process ends. The lock is advisory, and some network file systems do not support it.
///
/// The tokens are not encrypted. If the process is killed while it saves tokens, a temporary file with the prefix
/// `.tokens-` and the same permissions may remain. If the process is killed after Spotify has replaced a refresh token
/// but before the new token is saved, that token is lost and the user has to log in again.
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

    /// Returns the token file `<application>/tokens.json` in the user's state folder.
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

    /// Replaces the stored tokens. Once the method has returned, the new tokens survive a power failure.
    ///
    /// # Errors
    ///
    /// Returns [`TokenFileError::Write`] if the file cannot be replaced. In that case, the file still contains the old
    /// tokens.
    pub fn save(&self, tokens: &Tokens) -> Result<(), TokenFileError> {
        self.replace(tokens).map_err(|source| TokenFileError::Write { path: self.path.clone(), source })
    }

    fn replace(&self, tokens: &Tokens) -> io::Result<()> {
        let target = self.target();
        let folder = folder_of(&target);
        create_folder(folder)?;
        // The temporary file is in the same folder because a rename is atomic only within one file system. It is
        // created with mode 0600.
        let mut new = tempfile::Builder::new().prefix(".tokens-").tempfile_in(folder)?;
        serde_json::to_writer(&mut new, tokens)?;
        new.flush()?;
        new.as_file().sync_all()?;
        new.persist(&target)?;
        // The rename is durable only after the folder has been flushed. Folders cannot be flushed on Windows.
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

    /// Acquires the lock on the file. Waits while the lock is held by another process or elsewhere in this process.
    ///
    /// The lock is held on a separate empty file in the same folder, with the suffix `.lock`.
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

/// A lock on a [`TokenFile`], released on drop.
#[derive(Debug)]
#[must_use = "the lock is released when the value is dropped"]
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
    /// Another process holds the lock on the file.
    #[error("another process has locked {}", path.display())]
    Locked {
        /// Path of the token file.
        path: PathBuf,
    },
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Creates a folder that only the current user can read. An existing folder remains unchanged.
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

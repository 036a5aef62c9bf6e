//! Ids of the invented data, for tests and examples.

/// The album "Letters to the Tide", which has eleven tracks by [`ARTIST`].
pub const ALBUM: &str = "2Lw5mHsTq0bXv8RzKd4NcY";

/// An album with 64 tracks, which do not fit on one page.
pub const LONG_ALBUM: &str = "5Gd0xWnJkP7uYt3QhZs9Ra";

/// The artist "Paper Lanterns", with 27 albums and two appearances on other albums. These 29 albums fill three pages of
/// ten.
pub const ARTIST: &str = "1Qe9ZfVbT4oMr6CyXp2LsK";

/// The first track of [`ALBUM`].
pub const TRACK: &str = "3Nh7pBvYc5EjGw1TzDq8Uf";

/// The show "Slow Weather", with 56 episodes.
pub const SHOW: &str = "4Yk2sRzPa6XdLm9WbVt0Hg";

/// The first episode of [`SHOW`].
pub const EPISODE: &str = "0Tc8uEjQm3ZrKf5NxSy7Wv";

/// The audiobook "The Salt Atlas", with 53 chapters.
pub const AUDIOBOOK: &str = "6Bp4vGhXn1QwJd8ZrMk3Ty";

/// The first chapter of [`AUDIOBOOK`].
pub const CHAPTER: &str = "2Rf6yCkWs9TbHn4PqVx1Lz";

/// A public playlist of [`USER`] with 117 items, including an episode, a local file and a removed item.
pub const PLAYLIST: &str = "3Vm1zQdLt8YcFk6RwJb5Xn";

/// A private playlist of [`USER`] with three tracks.
pub const PRIVATE_PLAYLIST: &str = "5Hs9bTxNg2MvWq7ZkYd4Pc";

/// A playlist of [`OTHER_USER`], whose items are hidden from applications in development mode.
pub const FOREIGN_PLAYLIST: &str = "1Wj3kXcRf7NzPb0TgLy6Dm";

/// The user to whom all user tokens belong.
pub const USER: &str = "orla.lantern";

/// Another user, who has no tokens.
pub const OTHER_USER: &str = "harbour#keeper";

/// The device that is active initially.
pub const DEVICE: &str = "5fbb3ba6aa454b5534c4ba43a8c7e8e45a63ad0e";

/// A device that is available but initially not active.
pub const OTHER_DEVICE: &str = "9c1185a5c5e9fc54612808977ee8f548b2258d31";

/// A valid id that belongs to no object.
pub const UNKNOWN: &str = "7AAAAAAAAAAAAAAAAAAAAA";

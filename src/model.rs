//! What Spotify sends: plain data, one file an object family.
//!
//! Fields are public and named as on the wire. What the server may leave out is an `Option`, or has a default
//! where an empty value says the same; lists are empty when they are absent. Deprecated fields stay readable.
//! All models read tolerantly (wrong types are absent, unknown keys are skipped), write without absent fields, and
//! read back what they wrote. They want a self-describing format such as JSON.

mod album;
mod artist;
mod common;
mod page;
mod track;

pub use album::{Album, AlbumGroup, AlbumType, SimplifiedAlbum};
pub use artist::{Artist, SimplifiedArtist};
pub use common::{
    Copyright, CopyrightType, ExternalIds, ExternalUrls, Followers, Image, Markets, ObjectType,
    ReleaseDatePrecision, RestrictionReason, Restrictions,
};
pub use page::Page;
pub(crate) use page::Placed;
pub use track::{LinkedTrack, SimplifiedTrack, Track};

//! The operations of the reference, one struct each, grouped and ordered as there.

use crate::endpoint::{Endpoint, Operation};

mod albums;
mod artists;
mod library;
mod playlists;
mod search;
mod tracks;
mod users;

pub use albums::{GetAlbum, GetAlbumTracks};
pub use artists::{GetArtist, GetArtistAlbums, IncludeGroup};
pub use library::SaveLibraryItems;
pub use playlists::{AdditionalType, GetPlaylist, GetPlaylistItems};
pub use search::{IncludeExternal, ItemType, Search};
pub use tracks::{GetSavedTracks, GetTrack};
pub use users::GetCurrentUserProfile;

/// Lists the operations once, for [`OPERATIONS`] and for [`with_endpoint!`](crate::with_endpoint).
macro_rules! operations {
    ($dollar:tt $($name:ident),+ $(,)?) => {
        /// Every operation, in the reference's order.
        pub const OPERATIONS: &[Operation] = &[$($name::OPERATION),+];

        /// Runs code with the endpoint type of an operation that is only known by its id: for tools.
        ///
        /// `with_endpoint!(id, E => expression, else expression)`: in the first expression `E` is the type.
        ///
        /// ```
        /// use spotify_proto::{Endpoint, with_endpoint};
        /// let route = with_endpoint!("get-an-album", E => Some(E::OPERATION.route), else None);
        /// assert_eq!(route, Some("/v1/albums/{id}"));
        /// ```
        #[macro_export]
        macro_rules! with_endpoint {
            ($dollar id:expr, $dollar endpoint:ident => $dollar run:expr, else $dollar otherwise:expr $dollar(,)?) => {{
                let id: &str = $dollar id;
                $(if id == <$crate::api::$name as $crate::Endpoint>::OPERATION.id {
                    type $dollar endpoint = $crate::api::$name;
                    $dollar run
                } else)+ {
                    $dollar otherwise
                }
            }};
        }
    };
}

operations! { $
    GetAlbum, GetAlbumTracks, GetArtist, GetArtistAlbums, GetTrack, Search, GetCurrentUserProfile, GetPlaylist,
    GetPlaylistItems, SaveLibraryItems, GetSavedTracks,
}

//! Prints an album, using the credentials in environment variables.

use spotify_proto_ureq::{AlbumId, Client, api::GetAlbum};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let spotify = Client::from_env()?.application();
    let album = spotify.call(GetAlbum::new("4aawyAB9vmqN3uQ7FjRGTy".parse::<AlbumId>()?))?;
    println!("{}, {} tracks", album.name, album.total_tracks.unwrap_or(0));
    Ok(())
}

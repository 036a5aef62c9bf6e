//! Prints an album, using the credentials in environment variables.

use spotify_proto_reqwest::{AlbumId, Client, api::GetAlbum};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let spotify = Client::from_env()?.application();
    println!("{}", spotify.call(GetAlbum::new("4aawyAB9vmqN3uQ7FjRGTy".parse::<AlbumId>()?)).await?.name);
    Ok(())
}

//! Logs a user in and prints the names of their saved tracks.

use spotify_proto_reqwest::{Client, Scope, TokenFile, api::GetSavedTracks};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = TokenFile::in_state_folder("saved-tracks")?;
    let spotify = Client::from_env()?.log_in(file, [Scope::UserLibraryRead]).await?;
    for saved in spotify.collect(GetSavedTracks::new().limit(50)).await?.items {
        println!("{}", saved.track.map(|track| track.name).unwrap_or_default());
    }
    Ok(())
}

//! Logs a user in and prints the names of their saved tracks.

use spotify_proto_ureq::{Client, Scope, TokenFile, api::GetSavedTracks};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = TokenFile::in_state_folder("saved-tracks")?;
    let spotify = Client::from_env()?.log_in(file, [Scope::UserLibraryRead])?;
    for saved in spotify.items(GetSavedTracks::new().limit(50)) {
        if let Some(track) = saved?.track {
            println!("{}", track.name);
        }
    }
    Ok(())
}

//! The data of the invented catalogue.

use super::ids;

/// All objects of the invented catalogue.
#[derive(Clone, Debug)]
pub(super) struct Catalogue {
    pub(super) artists: Vec<Artist>,
    pub(super) albums: Vec<Album>,
    pub(super) tracks: Vec<Track>,
    pub(super) shows: Vec<Show>,
    pub(super) episodes: Vec<Episode>,
    pub(super) audiobooks: Vec<Audiobook>,
    pub(super) chapters: Vec<Chapter>,
}

#[derive(Clone, Debug)]
pub(super) struct Artist {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) genres: Vec<&'static str>,
    pub(super) popularity: usize,
    pub(super) followers: usize,
}

#[derive(Clone, Debug)]
pub(super) struct Album {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) artist: String,
    /// `album`, `single` or `compilation`.
    pub(super) kind: &'static str,
    pub(super) released: String,
    pub(super) label: &'static str,
    pub(super) upc: String,
}

#[derive(Clone, Debug)]
pub(super) struct Track {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) album: String,
    /// Ids of the artists; the first artist is the artist of the album.
    pub(super) artists: Vec<String>,
    pub(super) number: usize,
    pub(super) duration_ms: usize,
    pub(super) explicit: bool,
    pub(super) isrc: String,
}

#[derive(Clone, Debug)]
pub(super) struct Show {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) publisher: &'static str,
}

#[derive(Clone, Debug)]
pub(super) struct Episode {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) show: String,
    pub(super) duration_ms: usize,
    pub(super) released: String,
}

#[derive(Clone, Debug)]
pub(super) struct Audiobook {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) author: &'static str,
    pub(super) narrator: &'static str,
}

#[derive(Clone, Debug)]
pub(super) struct Chapter {
    pub(super) id: String,
    pub(super) audiobook: String,
    pub(super) number: usize,
    pub(super) duration_ms: usize,
}

impl Catalogue {
    /// Creates the catalogue: 26 artists, 33 albums, two shows, two audiobooks.
    pub(super) fn new() -> Self {
        let mut catalogue = Self {
            artists: Vec::new(),
            albums: Vec::new(),
            tracks: Vec::new(),
            shows: Vec::new(),
            episodes: Vec::new(),
            audiobooks: Vec::new(),
            chapters: Vec::new(),
        };
        catalogue.add_music();
        catalogue.add_talk();
        catalogue
    }

    fn add_music(&mut self) {
        let lanterns = ids::ARTIST.to_owned();
        let [choir, moths, engine] = [1, 2, 3].map(|n| id("artist", n));
        self.add_artist(lanterns.clone(), "Paper Lanterns", &["tidal folk", "lamp pop"], 61);
        self.add_artist(choir.clone(), "Harbour Choir", &["sea ambient"], 44);
        self.add_artist(moths.clone(), "The Moth Parade", &[], 37);
        self.add_artist(engine.clone(), "Étoile & the Small Engine", &["clockwork jazz"], 23);

        // Artists without albums, which can be followed.
        for n in 4..26 {
            self.add_artist(id("artist", n), &title(n * 3), &["bedroom sonar"], n % 30);
        }

        self.add_album(ids::ALBUM, "Letters to the Tide", &lanterns, "album", "2021-03-19", 11);
        for n in 1..27 {
            let kind = pick(&["album", "single", "single", "compilation"], n);
            let length = if kind == "single" { 1 } else { 4 };
            let year = 2022_usize.saturating_sub(n / 2);
            // The release date of some old albums is only a year, or a year and a month.
            let released = match n % 5 {
                0 => format!("{year}"),
                1 => format!("{year}-{:02}", n % 12 + 1),
                _ => format!("{year}-{:02}-{:02}", n % 12 + 1, n % 28 + 1),
            };
            self.add_album(&id("album", n), &title(n), &lanterns, kind, &released, length);
        }
        self.add_album(ids::LONG_ALBUM, "Sixty-Four Harbours", &choir, "album", "1998-11", 64);
        for (n, artist) in [(40, &choir), (41, &moths), (42, &moths), (43, &engine), (44, &engine)] {
            self.add_album(&id("album", n), &title(n), artist, "album", "2019-06-07", 9);
        }
    }

    fn add_artist(&mut self, id: String, name: &str, genres: &[&'static str], popularity: usize) {
        let followers = popularity * 4813;
        self.artists.push(Artist {
            id,
            name: name.to_owned(),
            genres: genres.to_vec(),
            popularity,
            followers,
        });
    }

    fn add_album(
        &mut self,
        album: &str,
        name: &str,
        artist: &str,
        kind: &'static str,
        released: &str,
        length: usize,
    ) {
        let at = self.albums.len();
        self.albums.push(Album {
            id: album.to_owned(),
            name: name.to_owned(),
            artist: artist.to_owned(),
            kind,
            released: released.to_owned(),
            label: pick(&["Lighthouse Tapes", "Low Tide Records", "Attic Window"], at),
            upc: format!("{:012}", 800_000_000_000_usize + at * 1_234_567),
        });
        for number in 1..=length {
            let n = self.tracks.len();
            let is_first = album == ids::ALBUM && number == 1;
            let guest = self.artists.get(n % 4).filter(|guest| n % 7 == 3 && guest.id != artist);
            let artists = std::iter::once(artist.to_owned()).chain(guest.map(|guest| guest.id.clone()));
            self.tracks.push(Track {
                id: if is_first { ids::TRACK.to_owned() } else { id("track", n) },
                name: if is_first { "Low Water".to_owned() } else { title(n * 5 + 2) },
                album: album.to_owned(),
                artists: artists.collect(),
                number,
                duration_ms: 121_000 + n * 7919 % 240_000,
                explicit: n % 9 == 4,
                isrc: format!("ZZPL0{:07}", 2_100_000 + n),
            });
        }
    }

    fn add_talk(&mut self) {
        let other_show = id("show", 1);
        for (show, name, publisher, length) in [
            (ids::SHOW, "Slow Weather", "Window Seat Audio", 56),
            (other_show.as_str(), "Knots & Numbers", "Attic Window", 3),
        ] {
            self.shows.push(Show { id: show.to_owned(), name: name.to_owned(), publisher });
            for number in 0..length {
                let n = self.episodes.len();
                self.episodes.push(Episode {
                    id: if n == 0 { ids::EPISODE.to_owned() } else { id("episode", n) },
                    name: format!("{} ({})", title(n * 3 + 1), length - number),
                    show: show.to_owned(),
                    duration_ms: 1_500_000 + n * 61_813 % 1_800_000,
                    released: format!("{}-{:02}-{:02}", 2026 - n / 12, 12 - n % 12, n % 28 + 1),
                });
            }
        }
        let other_book = id("audiobook", 1);
        for (book, name, author, narrator, length) in [
            (ids::AUDIOBOOK, "The Salt Atlas", "Ondine Vask", "Petra Quill", 53),
            (other_book.as_str(), "A Field Guide to Quiet", "Tobiah Ferrow", "Tobiah Ferrow", 4),
        ] {
            self.audiobooks.push(Audiobook { id: book.to_owned(), name: name.to_owned(), author, narrator });
            for number in 0..length {
                let n = self.chapters.len();
                self.chapters.push(Chapter {
                    id: if n == 0 { ids::CHAPTER.to_owned() } else { id("chapter", n) },
                    audiobook: book.to_owned(),
                    number,
                    duration_ms: 600_000 + n * 41_017 % 900_000,
                });
            }
        }
    }

    pub(super) fn artist(&self, id: &str) -> Option<&Artist> {
        self.artists.iter().find(|it| it.id == id)
    }

    pub(super) fn album(&self, id: &str) -> Option<&Album> {
        self.albums.iter().find(|it| it.id == id)
    }

    pub(super) fn track(&self, id: &str) -> Option<&Track> {
        self.tracks.iter().find(|it| it.id == id)
    }

    pub(super) fn show(&self, id: &str) -> Option<&Show> {
        self.shows.iter().find(|it| it.id == id)
    }

    pub(super) fn episode(&self, id: &str) -> Option<&Episode> {
        self.episodes.iter().find(|it| it.id == id)
    }

    pub(super) fn audiobook(&self, id: &str) -> Option<&Audiobook> {
        self.audiobooks.iter().find(|it| it.id == id)
    }

    pub(super) fn chapter(&self, id: &str) -> Option<&Chapter> {
        self.chapters.iter().find(|it| it.id == id)
    }

    pub(super) fn album_tracks(&self, album: &str) -> Vec<&Track> {
        self.tracks.iter().filter(|it| it.album == album).collect()
    }

    pub(super) fn show_episodes(&self, show: &str) -> Vec<&Episode> {
        self.episodes.iter().filter(|it| it.show == show).collect()
    }

    pub(super) fn book_chapters(&self, book: &str) -> Vec<&Chapter> {
        self.chapters.iter().filter(|it| it.audiobook == book).collect()
    }

    /// Returns the albums of an artist, followed by the albums on which the artist appears.
    pub(super) fn discography(&self, artist: &str) -> Vec<(&Album, &'static str)> {
        let own = self.albums.iter().filter(|it| it.artist == artist).map(|it| (it, it.kind));
        let is_guest = |it: &&Album| {
            let mut tracks = self.tracks.iter().filter(|track| track.album == it.id);
            it.artist != artist && tracks.any(|track| track.artists.iter().any(|guest| guest == artist))
        };
        own.chain(self.albums.iter().filter(is_guest).map(|it| (it, "appears_on"))).collect()
    }
}

/// Returns the element at index `n` modulo the length of the list.
pub(super) fn pick(list: &[&'static str], n: usize) -> &'static str {
    list.get(n.checked_rem(list.len()).unwrap_or(0)).copied().unwrap_or_default()
}

/// Returns the `n`-th title, which differs from the previous title.
fn title(n: usize) -> String {
    const FIRST: &[&str] = &[
        "Copper", "Winter", "Borrowed", "Paper", "Second", "Hollow", "Northern", "Silver", "Patient", "Salt",
        "Velvet", "Distant", "Amber",
    ];
    const SECOND: &[&str] = &[
        "Lighthouse",
        "Garden",
        "Almanac",
        "Orchard",
        "Ferry",
        "Signal",
        "Staircase",
        "Meridian",
        "Lullaby",
        "Kites",
        "Harbour",
    ];
    match n % 6 {
        0 => format!("{} {} (Live)", pick(FIRST, n), pick(SECOND, n)),
        1 => format!("“{}” – {}", pick(FIRST, n), pick(SECOND, n)),
        _ => format!("{} {}", pick(FIRST, n), pick(SECOND, n)),
    }
}

/// Returns the `n`-th id of a family. The id consists of 22 base-62 characters and is less than 2^128, like real ids.
pub(super) fn id(family: &str, n: usize) -> String {
    const ALPHABET: &[u8; 62] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let letter =
        |number: u8, choices: u8| ALPHABET.get(usize::from(number % choices)).copied().unwrap_or(b'0');
    let numbers = pseudo_random(family, n).take(22).enumerate();
    numbers.map(|(at, number)| char::from(letter(number, if at == 0 { 7 } else { 62 }))).collect()
}

/// Returns hexadecimal digits that look like a digest.
pub(super) fn hex(family: &str, text: &str, length: usize) -> String {
    let n = text.bytes().fold(0_usize, |sum, byte| sum.wrapping_mul(131).wrapping_add(usize::from(byte)));
    pseudo_random(family, n)
        .take(length)
        .map(|number| char::from_digit(u32::from(number % 16), 16).unwrap_or('0'))
        .collect()
}

/// Returns an endless sequence of pseudo-random bytes (SplitMix64) that is the same in every run.
pub(super) fn pseudo_random(family: &str, n: usize) -> impl Iterator<Item = u8> {
    let mut state = family.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    state ^= (n as u64).wrapping_mul(0xd6e8_feb8_6659_fd93);
    std::iter::repeat_with(move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)).to_be_bytes()[0]
    })
}

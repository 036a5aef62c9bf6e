//! The scopes that an operation requires, and their comparison with the granted scopes.

use std::collections::{HashMap, HashSet};

use super::{Scope, Scopes};

/// Scopes that an operation requires, and optional scopes that add data to the response.
///
/// ```
/// # use spotify_proto::{Endpoint, Scope, Scopes, api::{GetSavedEpisodes, UploadPlaylistCover}};
/// let requirement = UploadPlaylistCover::OPERATION.scopes;
/// assert_eq!(requirement.all, [Scope::UgcImageUpload]);
/// assert_eq!(requirement.any, [Scope::PlaylistModifyPublic, Scope::PlaylistModifyPrivate]);
///
/// let granted = Scopes::from([Scope::UserLibraryRead]);
/// let requirement = GetSavedEpisodes::OPERATION.scopes;
/// assert!(requirement.missing_from(&granted).is_empty());
/// assert_eq!(requirement.optional, [Scope::UserReadPlaybackPosition]);
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub struct ScopeRequirement {
    /// Scopes that are required.
    pub all: &'static [Scope],
    /// Alternative scopes, at least one of which is required unless the list is empty. The parameters determine which
    /// one: public and private playlists have different scopes.
    pub any: &'static [Scope],
    /// Scopes that are not required, each of which adds data to the response.
    pub optional: &'static [Scope],
}

impl ScopeRequirement {
    /// The requirement of an operation that needs no scope.
    pub const NONE: Self = Self { all: &[], any: &[], optional: &[] };

    /// Returns all scopes of the requirement: `all`, then `any`, then `optional`.
    pub fn iter(&self) -> impl Iterator<Item = &'static Scope> + use<> {
        self.all.iter().chain(self.any).chain(self.optional)
    }

    /// Returns the required scopes that are not granted, including all of `any` if none of them is granted.
    ///
    /// Optional scopes are never included.
    #[must_use]
    pub fn missing_from(&self, granted: &Scopes) -> Scopes {
        let is_any_granted = self.any.iter().any(|scope| granted.contains(scope));
        let any = if is_any_granted { &[] } else { self.any };
        &self.all.iter().chain(any).cloned().collect::<Scopes>() - granted
    }
}

impl Scopes {
    /// Returns a small set of scopes that meets all requirements. The choice among alternatives is greedy.
    pub(crate) fn fewest<'a>(requirements: impl Iterator<Item = &'a ScopeRequirement> + Clone) -> Self {
        let mut scopes: Self = requirements.clone().flat_map(|it| it.all).cloned().collect();
        let mut taken: HashSet<&Scope> = requirements.clone().flat_map(|it| it.all).collect();
        let mut open: Vec<&'static [Scope]> =
            requirements.map(|it| it.any).filter(|any| !any.is_empty()).collect();
        loop {
            // Each round adds a scope, so there are at most as many rounds as distinct scopes.
            open.retain(|any| !any.iter().any(|scope| taken.contains(scope)));
            let Some(best) = most_wanted(&open) else { return scopes };
            taken.insert(best);
            scopes.extend([best.clone()]);
        }
    }
}

/// Returns the scope that occurs in most of the alternatives, or the first such scope in case of a tie.
fn most_wanted(open: &[&'static [Scope]]) -> Option<&'static Scope> {
    let mut votes: HashMap<&Scope, usize> = HashMap::new();
    for scope in open.iter().copied().flatten() {
        *votes.entry(scope).or_default() += 1;
    }
    let votes_of = |scope: &&Scope| votes.get(*scope).copied().unwrap_or_default();
    // The order is reversed because `max_by_key` returns the last maximum and the usual scope is documented first.
    open.iter().copied().flatten().rev().max_by_key(votes_of)
}

#[cfg(test)]
mod tests {
    use super::*;

    const READ: ScopeRequirement =
        ScopeRequirement { all: &[Scope::UserLibraryRead], optional: &[Scope::UserReadPrivate], any: &[] };
    const COVER: ScopeRequirement = ScopeRequirement {
        all: &[Scope::UgcImageUpload],
        any: &[Scope::PlaylistModifyPublic, Scope::PlaylistModifyPrivate],
        optional: &[],
    };
    const LIBRARY: ScopeRequirement = ScopeRequirement {
        all: &[],
        any: &[Scope::UserLibraryModify, Scope::PlaylistModifyPrivate],
        optional: &[],
    };

    #[test]
    fn missing_scopes_are_the_required_ones() {
        for (requirement, granted, missing) in [
            (ScopeRequirement::NONE, "", ""),
            (READ, "", "user-library-read"),
            (READ, "user-library-read", ""),
            (COVER, "", "ugc-image-upload playlist-modify-public playlist-modify-private"),
            (COVER, "playlist-modify-private", "ugc-image-upload"),
            (COVER, "ugc-image-upload", "playlist-modify-public playlist-modify-private"),
            (COVER, "ugc-image-upload playlist-modify-public", ""),
            (LIBRARY, "streaming", "user-library-modify playlist-modify-private"),
        ] {
            let found = requirement.missing_from(&Scopes::from(granted));
            assert_eq!(found.to_string(), missing, "{requirement:?} with {granted}");
        }
    }

    #[test]
    fn one_scope_can_meet_several_requirements() {
        for (requirements, expected) in [
            (vec![], ""),
            (vec![READ, ScopeRequirement::NONE], "user-library-read"),
            (vec![COVER], "ugc-image-upload playlist-modify-public"),
            (vec![COVER, LIBRARY], "ugc-image-upload playlist-modify-private"),
            (vec![LIBRARY, READ, LIBRARY], "user-library-read user-library-modify"),
            (vec![COVER; 100_000], "ugc-image-upload playlist-modify-public"),
        ] {
            let scopes = Scopes::fewest(requirements.iter());
            assert_eq!(scopes.to_string(), expected);
            assert!(requirements.iter().all(|it| it.missing_from(&scopes).is_empty()), "{scopes}");
        }
    }
}

//! Error responses of the player to correct requests.

use http::StatusCode;

use super::Reason;

/// Reason that a correct request for the playback state fails.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum PlaybackStateAbsent {
    /// The currently playing item has no id, as is the case for local files, and the server cannot describe it.
    ItemWithoutId,
    /// No device is active. For some accounts, the server also responds like this while a local file plays.
    Inactive,
}

/// Returns the reason that the playback state is absent; `None` if the response is a different error.
///
/// For some accounts, `GET /me/player` responds with 400 `invalid id` while a local file plays and with 404
/// `non existing id` while no device is active, although the reference documents 204.
pub(crate) fn playback_state_absent(
    operation_id: &str,
    status: StatusCode,
    message: &str,
) -> Option<PlaybackStateAbsent> {
    if !STATES.contains(&operation_id) {
        return None;
    }
    match status {
        StatusCode::BAD_REQUEST if is_message(message, "invalid id") => {
            Some(PlaybackStateAbsent::ItemWithoutId)
        }
        StatusCode::NOT_FOUND if is_message(message, "non existing id") => {
            Some(PlaybackStateAbsent::Inactive)
        }
        _ => None,
    }
}

/// Returns whether a rejected player command has already taken effect.
///
/// The server rejects pausing a paused player, or resuming a playing one, with 403 `Restriction violated`. If the
/// previous attempt failed with a 5xx (`previous` is its status), that attempt has probably taken effect. If there was
/// no such attempt, only a reason such as `ALREADY_PAUSED` is sufficient. The server accepts repetitions of all other
/// commands, so a 403 for them indicates a restriction of the device or the account.
pub(crate) fn command_took_effect(
    operation_id: &str,
    previous: Option<StatusCode>,
    status: StatusCode,
    message: &str,
    reason: Option<&Reason>,
) -> bool {
    let Some((_, done)) = REPEATABLE.iter().find(|(id, _)| *id == operation_id) else { return false };
    if status != StatusCode::FORBIDDEN {
        return false;
    }
    match reason {
        Some(reason) if done.contains(reason) => true,
        None | Some(Reason::Unknown) => {
            let is_restriction = message.to_ascii_lowercase().contains("restriction violated");
            is_restriction && previous.is_some_and(|previous| previous.is_server_error())
        }
        Some(_) => false,
    }
}

/// Returns whether a message equals the expected one, ignoring letter case, surrounding white space and a full stop.
fn is_message(message: &str, expected: &str) -> bool {
    message.trim().trim_end_matches('.').eq_ignore_ascii_case(expected)
}

/// The operations that read the playback state.
const STATES: &[&str] =
    &["get-information-about-the-users-current-playback", "get-the-users-currently-playing-track"];

/// The commands that the server rejects if they would have no effect, with the corresponding reasons.
const REPEATABLE: &[(&str, &[Reason])] = &[
    ("pause-a-users-playback", &[Reason::AlreadyPaused]),
    ("start-a-users-playback", &[Reason::AlreadyPlaying, Reason::NotPaused]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use PlaybackStateAbsent::{Inactive, ItemWithoutId};

    const STATE: &str = "get-information-about-the-users-current-playback";
    const CURRENT: &str = "get-the-users-currently-playing-track";
    const PAUSE: &str = "pause-a-users-playback";
    const START: &str = "start-a-users-playback";
    const VIOLATED: &str = "Player command failed: Restriction violated";

    fn code(status: u16) -> StatusCode {
        StatusCode::from_u16(status).expect("a status")
    }

    #[test]
    fn an_absent_playback_state_is_distinguished_from_an_invalid_request() {
        for (operation, status, message, expected) in [
            (STATE, 400, "invalid id", Some(ItemWithoutId)),
            (STATE, 400, "Invalid ID.", Some(ItemWithoutId)),
            (STATE, 404, "non existing id", Some(Inactive)),
            (STATE, 404, " Non existing id ", Some(Inactive)),
            (CURRENT, 400, "invalid id", Some(ItemWithoutId)),
            (CURRENT, 404, "non existing id", Some(Inactive)),
            (STATE, 400, "Invalid market code", None),
            (STATE, 400, "Invalid base62 id", None),
            (STATE, 400, "non existing id", None),
            (STATE, 404, "invalid id", None),
            (STATE, 404, "Service not found", None),
            (STATE, 404, "", None),
            (STATE, 403, "invalid id", None),
            (STATE, 500, "non existing id", None),
            ("get-track", 400, "invalid id", None),
            ("get-track", 404, "non existing id", None),
            (PAUSE, 404, "non existing id", None),
        ] {
            let found = playback_state_absent(operation, code(status), message);
            assert_eq!(found, expected, "{operation}: {status} {message}");
        }
    }

    #[test]
    fn a_rejected_repetition_of_a_command_that_took_effect_is_recognized() {
        let unknown = Some(Reason::from("UNKNOWN"));
        for (operation, previous, status, message, reason, expected) in [
            (PAUSE, Some(502), 403, VIOLATED, unknown.clone(), true),
            (PAUSE, Some(500), 403, VIOLATED, None, true),
            (PAUSE, Some(503), 403, "player command failed: restriction violated", None, true),
            (START, Some(502), 403, VIOLATED, unknown.clone(), true),
            // The reason is sufficient.
            (PAUSE, None, 403, VIOLATED, Some(Reason::AlreadyPaused), true),
            (START, None, 403, VIOLATED, Some(Reason::NotPaused), true),
            (START, None, 403, VIOLATED, Some(Reason::AlreadyPlaying), true),
            // No earlier attempt, or an earlier attempt that the server rejected.
            (PAUSE, None, 403, VIOLATED, unknown.clone(), false),
            (PAUSE, Some(429), 403, VIOLATED, unknown.clone(), false),
            (PAUSE, Some(401), 403, VIOLATED, None, false),
            // A different error.
            (PAUSE, Some(502), 403, "Player command failed: Premium required", None, false),
            (PAUSE, Some(502), 403, VIOLATED, Some(Reason::PremiumRequired), false),
            (PAUSE, Some(502), 403, VIOLATED, Some(Reason::DeviceNotControllable), false),
            (PAUSE, None, 403, VIOLATED, Some(Reason::AlreadyPlaying), false),
            (PAUSE, Some(502), 404, VIOLATED, unknown.clone(), false),
            // Commands whose repetition the server accepts, and a command that must not be repeated.
            ("seek-to-position-in-currently-playing-track", Some(502), 403, VIOLATED, unknown.clone(), false),
            ("skip-users-playback-to-next-track", Some(502), 403, VIOLATED, unknown, false),
        ] {
            let found =
                command_took_effect(operation, previous.map(code), code(status), message, reason.as_ref());
            assert_eq!(found, expected, "{operation}: {previous:?}, then {status} {message} {reason:?}");
        }
    }

    #[test]
    fn the_rules_name_operations_of_the_reference() {
        let known = |id: &str| crate::api::OPERATIONS.iter().any(|operation| operation.id == id);
        assert!(STATES.iter().chain(REPEATABLE.iter().map(|(id, _)| id)).all(|id| known(id)));
        assert!(known("seek-to-position-in-currently-playing-track"));
    }
}

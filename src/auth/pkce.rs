//! Proof Key for Code Exchange (RFC 7636), which ensures that only the program that began a login can complete it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac_sha256::Hash;

use crate::types::secret::Secret;

/// Returns the verifier for 32 random bytes: 43 characters (RFC 7636 §4.1).
pub(crate) fn verifier(entropy: &[u8; 32]) -> Secret {
    URL_SAFE_NO_PAD.encode(entropy).into()
}

/// Returns the challenge for a verifier, using the method `S256` (RFC 7636 §4.2).
pub(crate) fn challenge(verifier: &Secret) -> String {
    URL_SAFE_NO_PAD.encode(Hash::hash(verifier.expose().as_bytes()))
}

/// Returns the `state` parameter. It is derived from the same random bytes, but does not reveal the verifier.
pub(crate) fn state(entropy: &[u8; 32]) -> Secret {
    let mut hash = Hash::new();
    hash.update(b"spotify-proto state");
    hash.update(entropy);
    URL_SAFE_NO_PAD.encode(hash.finalize()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7636, appendix B.
    #[test]
    fn the_challenge_matches_the_example_of_the_rfc() {
        let entropy = [
            116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77, 105,
            214, 191, 240, 91, 88, 5, 88, 83, 132, 141, 121,
        ];
        let verifier = verifier(&entropy);
        assert_eq!(verifier.expose(), "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(challenge(&verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn the_state_differs_from_the_verifier_and_depends_on_the_random_bytes() {
        assert_ne!(state(&[1; 32]).expose(), verifier(&[1; 32]).expose());
        assert_ne!(state(&[1; 32]).expose(), state(&[2; 32]).expose());
    }
}

//! ECDH decryption over Curve25519 (RFC 6637, 8; RFC 9580, 11.5) with the key as OpenSSL has it. The
//! backend of sequoia makes it anew for each message, and works out its public half for it, which takes
//! as long as the decryption; and it hashes 16 KiB to unseal the secret.

use openssl::derive::Deriver;
use openssl::pkey::{Id, PKey, Private};
use sequoia_openpgp as pgp;

use pgp::crypto::mem::Protected;
use pgp::crypto::mpi::{Ciphertext, PublicKey, SecretKeyMaterial};
use pgp::crypto::{Decryptor, SessionKey, ecdh};
use pgp::packet::Key;
use pgp::packet::key::{PublicParts, UnspecifiedRole};
use pgp::types::Curve;

/// Our private key; `None` for keys of another kind.
pub fn private_key(
    public: &PublicKey,
    secret: &SecretKeyMaterial,
) -> Option<pgp::Result<PKey<Private>>> {
    let (
        PublicKey::ECDH {
            curve: Curve::Cv25519,
            ..
        },
        SecretKeyMaterial::ECDH { scalar },
    ) = (public, secret)
    else {
        return None;
    };
    // OpenPGP has it the other way round, and leaves out zeros at what is its beginning
    let mut scalar = scalar.value_padded(32);
    scalar.reverse();
    Some(PKey::private_key_from_raw_bytes(&scalar, Id::X25519).map_err(Into::into))
}

/// Decrypts session keys.
pub struct X25519Decryptor<'a> {
    /// The key that messages name.
    pub public: &'a Key<PublicParts, UnspecifiedRole>,
    /// Its other half.
    pub private: &'a PKey<Private>,
}

impl Decryptor for X25519Decryptor<'_> {
    fn public(&self) -> &Key<PublicParts, UnspecifiedRole> {
        self.public
    }

    fn decrypt(
        &mut self,
        ciphertext: &Ciphertext,
        plaintext_len: Option<usize>,
    ) -> pgp::Result<SessionKey> {
        let Ciphertext::ECDH { e, .. } = ciphertext else {
            anyhow::bail!("not encrypted by ECDH");
        };
        let (point, _) = e.decode_point(&Curve::Cv25519)?;
        let point = PKey::public_key_from_raw_bytes(point, Id::X25519)?;
        let mut deriver = Deriver::new(self.private)?;
        deriver.set_peer(&point)?;
        let shared = Protected::from(deriver.derive_to_vec()?);
        ecdh::decrypt_unwrap(self.public, &shared, ciphertext, plaintext_len)
    }
}

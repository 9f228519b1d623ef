//! RSA decryption with the CRT values (p, q, dP, dQ, qInv; RFC 8017, 5.1.2). The backend of
//! sequoia rebuilds the key without them for each message, which takes three times as long.

use openssl::bn::{BigNum, BigNumContext};
use openssl::pkey::Private;
use openssl::rsa::{Padding, Rsa, RsaPrivateKeyBuilder};
use sequoia_openpgp as pgp;

use pgp::crypto::mpi::{Ciphertext, ProtectedMPI, PublicKey, SecretKeyMaterial};
use pgp::crypto::{Decryptor, SessionKey};
use pgp::packet::Key;
use pgp::packet::key::{PublicParts, UnspecifiedRole};
use zeroize::Zeroizing;

/// The OpenSSL key of an RSA key; `None` when the key is of another kind.
///
/// # Errors
/// When OpenSSL refuses the numbers.
pub fn private_key(
    public: &PublicKey,
    secret: &SecretKeyMaterial,
) -> Option<pgp::Result<Rsa<Private>>> {
    match (public, secret) {
        (PublicKey::RSA { e, n }, SecretKeyMaterial::RSA { d, p, q, u }) => {
            Some(build(e.value(), n.value(), [d, p, q, u]))
        }
        _ => None,
    }
}

fn build(e: &[u8], n: &[u8], [d, p, q, u]: [&ProtectedMPI; 4]) -> pgp::Result<Rsa<Private>> {
    let mut context = BigNumContext::new_secure()?;
    let one = BigNum::from_u32(1)?;
    let (d, p, q) = (number(d)?, number(p)?, number(q)?);
    let mut exponent = |prime: &BigNum| -> pgp::Result<BigNum> {
        let mut less_one = BigNum::new_secure()?;
        less_one.checked_sub(prime, &one)?;
        let mut exponent = BigNum::new_secure()?;
        exponent.checked_rem(&d, &less_one, &mut context)?;
        Ok(exponent)
    };
    let (of_p, of_q) = (exponent(&p)?, exponent(&q)?);
    // OpenPGP has u = p⁻¹ mod q and OpenSSL wants q⁻¹ mod p: so the primes change places
    let key = RsaPrivateKeyBuilder::new(BigNum::from_slice(n)?, BigNum::from_slice(e)?, d)?
        .set_factors(q, p)?
        .set_crt_params(of_q, of_p, number(u)?)?
        .build();
    anyhow::ensure!(fits(&key)?, "the numbers of the RSA key do not fit");
    Ok(key)
}

/// Whether the halves belong together: what one encrypts the other decrypts. OpenSSL's own check
/// tries whether the factors are prime too, which takes a fifth of a second at each start.
fn fits(key: &Rsa<Private>) -> pgp::Result<bool> {
    let sample = b"poms asks whether the halves fit";
    let mut sealed = vec![0; key.size() as usize];
    let mut opened = Zeroizing::new(vec![0; key.size() as usize]);
    let length = key.public_encrypt(sample, &mut sealed, Padding::PKCS1)?;
    let length = key.private_decrypt(&sealed[..length], &mut opened, Padding::PKCS1)?;
    Ok(opened[..length] == sample[..])
}

fn number(mpi: &ProtectedMPI) -> pgp::Result<BigNum> {
    let mut number = BigNum::new_secure()?;
    number.copy_from_slice(mpi.value())?;
    Ok(number)
}

/// Decrypts session keys for sequoia.
pub struct CrtDecryptor<'a> {
    /// The key's public half.
    pub public: &'a Key<PublicParts, UnspecifiedRole>,
    /// Its private half, shared by all threads: OpenSSL keeps its Montgomery and blinding values.
    pub private: &'a Rsa<Private>,
}

impl Decryptor for CrtDecryptor<'_> {
    fn public(&self) -> &Key<PublicParts, UnspecifiedRole> {
        self.public
    }

    fn decrypt(
        &mut self,
        ciphertext: &Ciphertext,
        _plaintext_len: Option<usize>,
    ) -> pgp::Result<SessionKey> {
        let Ciphertext::RSA { c } = ciphertext else {
            anyhow::bail!("not encrypted with RSA");
        };
        let mut plain = Zeroizing::new(vec![0; self.private.size() as usize]);
        let length = self
            .private
            .private_decrypt(c.value(), &mut plain, Padding::PKCS1)?;
        // a damaged ciphertext decrypts to random bytes of random length, here and there to fewer
        // than the cipher's octet and the checksum, for which sequoia would panic
        anyhow::ensure!(length > 3, "no session key");
        Ok(plain[..length].into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers of `public` and `private` as OpenPGP has them.
    fn joined(public: &Rsa<Private>, private: &Rsa<Private>) -> pgp::Result<Rsa<Private>> {
        let secret = |number: Option<&openssl::bn::BigNumRef>| {
            ProtectedMPI::from(number.map(|number| number.to_vec()).unwrap_or_default())
        };
        let d = secret(Some(private.d()));
        let (p, q) = (secret(private.q()), secret(private.p()));
        let (e, n) = (public.e().to_vec(), public.n().to_vec());
        build(&e, &n, [&d, &p, &q, &secret(private.iqmp())])
    }

    #[test]
    fn halves_of_two_keys_are_refused() {
        let [one, other] = [(); 2].map(|()| Rsa::generate(2048).unwrap());
        assert!(joined(&one, &one).is_ok());
        assert!(joined(&one, &other).is_err());
    }
}

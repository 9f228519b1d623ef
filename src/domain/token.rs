//! Reply tokens: what makes an address of ours count for exactly one purchase order, delivery,
//! return, question to a customer or to a vendor, or customer's order.
//!
//! A token is the letter of its kind and 32 base32 characters (RFC 4648, 6, in small letters, read in
//! any case since mail systems change it): 5 bytes of the ledger's number, 5 bytes that bind it to
//! what the number stands for, and a MAC of 10 bytes (HMAC-SHA-256, RFC 2104) over both. A bad one is
//! refused without a look into the ledger; the binding is compared after it, so that a number that
//! a restored backup gave away twice does not open another purchase order.

use openssl::hash::MessageDigest;
use openssl::memcmp;
use openssl::pkey::PKey;
use openssl::sign::Signer;
use std::sync::Arc;
use zeroize::Zeroizing;

/// Characters of a token, the letter of its kind included.
pub const LENGTH: usize = 33;
/// The shortest key, in bytes.
pub const SHORTEST_KEY: usize = 32;
/// Bytes of the number, and as many of the binding.
const HALF: usize = 5;
/// Bytes of the MAC: 16 characters.
const MAC: usize = 10;
/// RFC 4648, 6.
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// The kind of thing that a token stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A purchase order: where its vendor answers.
    PurchaseOrder,
    /// A delivery: where its bounces go.
    Delivery,
    /// A return: where its customer and its vendor answer.
    Return,
    /// A question to a customer: where the answer goes.
    Question,
    /// An order: where its customer answers.
    Order,
    /// A question to a vendor about several purchase orders: where the answer goes.
    Chase,
}

impl TokenKind {
    fn letter(self) -> char {
        match self {
            TokenKind::PurchaseOrder => 'p',
            TokenKind::Delivery => 'd',
            TokenKind::Return => 'r',
            TokenKind::Question => 'q',
            TokenKind::Order => 'o',
            TokenKind::Chase => 'c',
        }
    }
}

/// The thing that a token is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenSubject<'a> {
    /// A purchase order.
    PurchaseOrder {
        /// The ledger's number.
        id: i64,
        /// Its number to the vendor.
        number: &'a str,
        /// Whose it is.
        vendor: &'a str,
    },
    /// A delivery.
    Delivery {
        /// The ledger's number.
        id: i64,
        /// Its Message-ID.
        reference: &'a str,
    },
    /// A return.
    Return {
        /// The ledger's number.
        id: i64,
        /// Its number to people.
        number: &'a str,
        /// Who got the token: `customer` or `vendor`.
        party: &'a str,
    },
    /// A question to a customer.
    Question {
        /// The ledger's number.
        id: i64,
        /// The order, as people name it.
        order: &'a str,
    },
    /// An order.
    Order {
        /// The ledger's number.
        id: i64,
        /// As people name it.
        order: &'a str,
    },
    /// A question to a vendor about several purchase orders.
    Chase {
        /// The ledger's number.
        id: i64,
        /// Who is asked.
        vendor: &'a str,
    },
}

impl TokenSubject<'_> {
    fn kind(&self) -> TokenKind {
        match self {
            TokenSubject::PurchaseOrder { .. } => TokenKind::PurchaseOrder,
            TokenSubject::Delivery { .. } => TokenKind::Delivery,
            TokenSubject::Return { .. } => TokenKind::Return,
            TokenSubject::Question { .. } => TokenKind::Question,
            TokenSubject::Order { .. } => TokenKind::Order,
            TokenSubject::Chase { .. } => TokenKind::Chase,
        }
    }

    fn id(&self) -> i64 {
        match self {
            TokenSubject::PurchaseOrder { id, .. }
            | TokenSubject::Delivery { id, .. }
            | TokenSubject::Return { id, .. }
            | TokenSubject::Question { id, .. }
            | TokenSubject::Order { id, .. }
            | TokenSubject::Chase { id, .. } => *id,
        }
    }

    fn words(&self) -> [&str; 2] {
        match self {
            TokenSubject::PurchaseOrder { number, vendor, .. } => [number, vendor],
            TokenSubject::Delivery { reference, .. } => [reference, ""],
            TokenSubject::Return { number, party, .. } => [number, party],
            TokenSubject::Question { order, .. } | TokenSubject::Order { order, .. } => [order, ""],
            TokenSubject::Chase { vendor, .. } => [vendor, ""],
        }
    }
}

/// A token whose MAC is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it stands for.
    pub kind: TokenKind,
    /// The ledger's number of it.
    pub id: i64,
    binding: [u8; HALF],
    key: usize,
}

/// The site's keys: the first makes tokens, all of them verify. Without any, tokens are off.
#[derive(Clone, Default)]
pub struct TokenKeys(Arc<Vec<Zeroizing<Vec<u8>>>>);

impl std::fmt::Debug for TokenKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TokenKeys({})", self.0.len())
    }
}

impl TokenKeys {
    /// From the contents of the key files, the newest first.
    pub fn new(keys: Vec<Zeroizing<Vec<u8>>>) -> TokenKeys {
        TokenKeys(Arc::new(keys))
    }

    /// Counts the keys.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The token; `None` when tokens are off.
    pub fn make(&self, what: &TokenSubject) -> Option<String> {
        let key = self.0.first()?;
        let binding = binding(key, what)?;
        let number = u64::try_from(what.id()).ok()?.to_be_bytes();
        // five bytes are a million million numbers
        let number: [u8; HALF] = number[8 - HALF..].try_into().ok()?;
        let mac = seal(key, what.kind(), &number, &binding)?;
        let bytes = [&number[..], &binding, &mac].concat();
        Some(format!("{}{}", what.kind().letter(), encode(&bytes)))
    }

    /// The token in an address, if one with a good MAC is there: among the words of its local part,
    /// so that `orders+p…@`, `po-p…@` and what forwarders make of them (SRS, BATV) are all read.
    pub fn find(&self, address: &str) -> Option<Token> {
        let local = match address.rsplit_once('@') {
            Some((local, _)) => local,
            None => address,
        };
        let mut words = local.split(|c: char| !c.is_ascii_alphanumeric());
        words.find_map(|word| self.read(word))
    }

    fn read(&self, word: &str) -> Option<Token> {
        if word.len() != LENGTH || self.0.is_empty() {
            return None;
        }
        let kinds = [
            TokenKind::PurchaseOrder,
            TokenKind::Delivery,
            TokenKind::Return,
            TokenKind::Question,
            TokenKind::Order,
            TokenKind::Chase,
        ];
        let first = word.chars().next()?.to_ascii_lowercase();
        let kind = kinds.into_iter().find(|kind| kind.letter() == first)?;
        let bytes = decode(word.get(1..)?)?;
        let number: [u8; HALF] = bytes.get(..HALF)?.try_into().ok()?;
        let binding: [u8; HALF] = bytes.get(HALF..2 * HALF)?.try_into().ok()?;
        let mac = bytes.get(2 * HALF..)?;
        let is_ours = |key: &Zeroizing<Vec<u8>>| {
            seal(key, kind, &number, &binding).is_some_and(|good| memcmp::eq(&good, mac))
        };
        let key = self.0.iter().position(is_ours)?;
        let mut wide = [0; 8];
        wide[8 - HALF..].copy_from_slice(&number);
        Some(Token {
            kind,
            id: i64::try_from(u64::from_be_bytes(wide)).ok()?,
            binding,
            key,
        })
    }

    /// Whether the token was made for this, which the ledger has under the token's number.
    pub fn fits(&self, token: &Token, what: &TokenSubject) -> bool {
        let key = self.0.get(token.key);
        token.kind == what.kind()
            && token.id == what.id()
            && key
                .and_then(|key| binding(key, what))
                .is_some_and(|good| memcmp::eq(&good, &token.binding))
    }
}

/// An address in which `{token}` stands for the token.
pub fn address(pattern: &str, token: &str) -> String {
    pattern.replace("{token}", token)
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> Option<Vec<u8>> {
    let key = PKey::hmac(key).ok()?;
    let mut signer = Signer::new(MessageDigest::sha256(), &key).ok()?;
    for part in parts {
        // lengths between, so that no two lists of parts give one text
        signer.update(&(part.len() as u64).to_be_bytes()).ok()?;
        signer.update(part).ok()?;
    }
    signer.sign_to_vec().ok()
}

fn binding(key: &[u8], what: &TokenSubject) -> Option<[u8; HALF]> {
    let [one, two] = what.words();
    let kind = [what.kind().letter() as u8];
    let parts = [
        b"poms binding 1".as_slice(),
        &kind,
        one.as_bytes(),
        two.as_bytes(),
    ];
    hmac(key, &parts)?.get(..HALF)?.try_into().ok()
}

fn seal(key: &[u8], kind: TokenKind, number: &[u8], binding: &[u8]) -> Option<[u8; MAC]> {
    let kind = [kind.letter() as u8];
    let parts = [b"poms token 1".as_slice(), &kind, number, binding];
    hmac(key, &parts)?.get(..MAC)?.try_into().ok()
}

/// Base32 of whole groups of five bytes.
fn encode(bytes: &[u8]) -> String {
    let mut text = String::new();
    for group in bytes.chunks(5) {
        let bits = group
            .iter()
            .fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        for place in (0..8).rev() {
            let digit = (bits >> (5 * place)) & 31;
            text.push(char::from(ALPHABET[digit as usize]));
        }
    }
    text
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for group in text.as_bytes().chunks(8) {
        let mut bits = 0_u64;
        for letter in group {
            let lower = letter.to_ascii_lowercase();
            let digit = ALPHABET.iter().position(|known| *known == lower)?;
            bits = bits << 5 | digit as u64;
        }
        bytes.extend_from_slice(&bits.to_be_bytes()[3..]);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests;

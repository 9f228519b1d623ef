//! Postal services of the world: UPU S10 item numbers, two letters, nine digits, and the country
//! (ISO 3166) of a member of the UPU. Those of the US and of Canada are with USPS and Canada Post.

use super::check::Digit;
use super::{Carrier, NumberFormat};

/// The registry's entry.
pub static CARRIER: Carrier = Carrier {
    code: "post",
    name: "International post",
    spellings: &[
        "royal mail",
        "international post",
        "australia post",
        "japan post",
        "china post",
        "deutsche post",
        "la poste",
        "postnl",
        "ems",
        "epacket",
        "singpost",
        "correos",
    ],
    tracking: None,
    formats: &[NumberFormat {
        name: "S10",
        pattern: r"[A-Z]{2}(?<serial>[0-9]{8})(?<check>[0-9])(?:A[EFGLMORTUZ]|B[ABDEFGHIJNORSTWYZ]|C[DFGHILMNORUVYZ]|D[EJKMOZ]|E[CEGRST]|F[IJR]|G[ABDEHMNQRTWY]|H[KNRTU]|I[DELNQRST]|J[MOP]|K[EGHIMNPRWZ]|L[ABCIKRSTUVY]|M[ACDEGKLMNRTUVWXYZ]|N[AEGILOPRZ]|O[M]|P[AEGHKLTY]|Q[A]|R[OSUW]|S[ABCDEGIKLMNORSTVYZ]|T[DGHJLMNORTVZ]|U[AGYZ]|V[ACENU]|W[S]|Y[E]|Z[AMW])",
        digit: Digit::S10,
        telling: 2,
    }],
};

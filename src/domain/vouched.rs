//! By what a document is believed that no mail brought.

/// By what a document is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vouched {
    /// By nothing but an OpenPGP signature of a trusted signer in it.
    OpenPgp,
    /// The configuration trusts the folder that it lay in.
    Folder,
    /// It came out of a shop's own interface, to which poms proved itself and which proved itself to poms.
    Api,
}

impl Vouched {
    const ALL: [Vouched; 3] = [Vouched::OpenPgp, Vouched::Folder, Vouched::Api];

    /// The ledger's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Vouched::OpenPgp => "openpgp",
            Vouched::Folder => "folder",
            Vouched::Api => "api",
        }
    }

    /// Reads the ledger's word.
    pub fn parse(word: &str) -> Option<Vouched> {
        Vouched::ALL.into_iter().find(|one| one.as_str() == word)
    }
}

/// What stands before a source's name where else the fingerprint of a signer does.
const BY_SOURCE: &str = "source:";

/// Who answers for a document that a trusted source gave, as it stands where else the fingerprint of its
/// signer does.
pub fn signer_of(source: &str) -> String {
    format!("{BY_SOURCE}{source}")
}

/// The source by whose trust a document was taken, if it was by one and not by a key.
pub fn source_of(signer: &str) -> Option<&str> {
    signer.strip_prefix(BY_SOURCE)
}

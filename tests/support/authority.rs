//! A certificate authority, and one server certificate by it.

use openssl::asn1::Asn1Time;
use openssl::bn::{BigNum, MsbOption};
use openssl::ec::{EcGroup, EcKey};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::x509::extension::{
    BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAlternativeName,
};
use openssl::x509::{X509, X509Builder, X509NameBuilder};

pub struct Authority {
    /// PEM: what `ca_file` holds.
    pub root: Vec<u8>,
    /// PEM: the server's certificate.
    pub chain: Vec<u8>,
    /// PEM: the server's key.
    pub key: Vec<u8>,
}

impl Authority {
    /// With a certificate for `host` and nothing else.
    pub fn new(host: &str) -> Authority {
        make(host).expect("certificates")
    }
}

fn make(host: &str) -> Result<Authority, ErrorStack> {
    let root_key = key()?;
    let mut root = blank("poms test authority", &root_key)?;
    let name = name("poms test authority")?;
    root.set_issuer_name(&name)?;
    root.append_extension(BasicConstraints::new().critical().ca().build()?)?;
    root.append_extension(KeyUsage::new().critical().key_cert_sign().build()?)?;
    root.sign(&root_key, MessageDigest::sha256())?;
    let root = root.build();
    let server_key = key()?;
    let mut server = blank(host, &server_key)?;
    server.set_issuer_name(root.subject_name())?;
    let alternative = SubjectAlternativeName::new()
        .dns(host)
        .build(&server.x509v3_context(Some(&root), None))?;
    server.append_extension(alternative)?;
    server.append_extension(ExtendedKeyUsage::new().server_auth().build()?)?;
    server.sign(&root_key, MessageDigest::sha256())?;
    Ok(Authority {
        root: root.to_pem()?,
        chain: server.build().to_pem()?,
        key: server_key.private_key_to_pem_pkcs8()?,
    })
}

fn key() -> Result<PKey<Private>, ErrorStack> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
    PKey::from_ec_key(EcKey::generate(&group)?)
}

fn name(text: &str) -> Result<openssl::x509::X509Name, ErrorStack> {
    let mut name = X509NameBuilder::new()?;
    name.append_entry_by_text("CN", text)?;
    Ok(name.build())
}

fn blank(subject: &str, key: &PKey<Private>) -> Result<X509Builder, ErrorStack> {
    let mut certificate = X509::builder()?;
    certificate.set_version(2)?;
    let mut serial = BigNum::new()?;
    serial.rand(127, MsbOption::MAYBE_ZERO, false)?;
    let serial = serial.to_asn1_integer()?;
    certificate.set_serial_number(&serial)?;
    let name = name(subject)?;
    certificate.set_subject_name(&name)?;
    certificate.set_pubkey(key)?;
    let (from, until) = (Asn1Time::days_from_now(0)?, Asn1Time::days_from_now(2)?);
    certificate.set_not_before(&from)?;
    certificate.set_not_after(&until)?;
    Ok(certificate)
}

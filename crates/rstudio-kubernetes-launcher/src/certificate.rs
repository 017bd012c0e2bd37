//! The certificate authority of the API server, as configured: PEM in Base64.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kubernetes_backend::CertificateAuthority;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::{self, PemObject};

/// Why a value is not a certificate authority. The texts say what to do.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// The PEM file itself was pasted.
    #[error("this is PEM, but Base64 of the PEM file is needed: use the output of 'base64 -w0 ca.crt'")]
    PemItself,
    /// Not Base64.
    #[error(
        "not Base64 (first wrong character at position {position}): use the output of 'base64 -w0 ca.crt' on one line"
    )]
    NotBase64 {
        /// The first wrong character, counted from 1.
        position: usize,
    },
    /// Cut off.
    #[error("this Base64 text is cut off at its end: use the whole output of 'base64 -w0 ca.crt'")]
    CutOff,
    /// No PEM certificate.
    #[error("it holds no '-----BEGIN CERTIFICATE-----': use the PEM file of the certificate authority")]
    NoCertificate,
    /// A PEM block that is no certificate.
    #[error(
        "certificate {number} in it cannot be read, as {reason}: use the PEM file of the certificate authority"
    )]
    Unreadable {
        /// Which of the certificates, from 1.
        number: usize,
        /// What the reader says.
        reason: String,
    },
}

/// Reads the value of `certificate-authority`.
///
/// # Errors
/// What is wrong with it, down to the certificate.
pub fn from_base64(text: &str) -> Result<CertificateAuthority, CertificateError> {
    if text.starts_with("-----BEGIN") {
        return Err(CertificateError::PemItself);
    }
    let pem = STANDARD.decode(text).map_err(|error| match error {
        base64::DecodeError::InvalidByte(at, _) | base64::DecodeError::InvalidLastSymbol(at, _) => {
            CertificateError::NotBase64 { position: at + 1 }
        }
        base64::DecodeError::InvalidLength(_) | base64::DecodeError::InvalidPadding => {
            CertificateError::CutOff
        }
    })?;
    from_pem(pem)
}

/// Takes the content of a PEM file.
///
/// # Errors
/// When it holds no certificate, or one that cannot be read.
pub fn from_pem(pem: Vec<u8>) -> Result<CertificateAuthority, CertificateError> {
    let mut roots = RootCertStore::empty();
    for (index, certificate) in CertificateDer::pem_slice_iter(&pem).enumerate() {
        let unreadable = |reason: String| CertificateError::Unreadable { number: index + 1, reason };
        let certificate = certificate.map_err(|error| {
            unreadable(match error {
                pem::Error::MissingSectionEnd { .. } => {
                    "its '-----END CERTIFICATE-----' is missing".to_owned()
                }
                other => format!("it is not PEM ({other})"),
            })
        })?;
        roots.add(certificate).map_err(|error| unreadable(format!("it is not X.509 ({error})")))?;
    }
    if roots.is_empty() {
        return Err(CertificateError::NoCertificate);
    }
    Ok(CertificateAuthority::Pem(pem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_of_pasting_a_certificate_wrongly_has_its_reason() {
        let encode = |text: &str| STANDARD.encode(text);
        for (written, why) in [
            ("-----BEGIN CERTIFICATE-----".to_owned(), CertificateError::PemItself),
            ("LS0t LS0t".to_owned(), CertificateError::NotBase64 { position: 5 }),
            ("LS0tL".to_owned(), CertificateError::CutOff),
            (encode("hello"), CertificateError::NoCertificate),
            (
                encode("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
                CertificateError::NoCertificate,
            ),
        ] {
            assert_eq!(from_base64(&written), Err(why), "{written}");
        }
        let rubbish = encode("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        assert!(matches!(from_base64(&rubbish), Err(CertificateError::Unreadable { number: 1, .. })));
    }

    #[test]
    fn a_real_certificate_is_taken_as_it_is() {
        let pem = include_bytes!("../tests/certificates/ca.pem");
        assert_eq!(from_base64(&STANDARD.encode(pem)), Ok(CertificateAuthority::Pem(pem.to_vec())));
    }
}

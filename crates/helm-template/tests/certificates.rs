//! Keys and certificates are what they should be, whatever chance made of them.

use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use helm_template::{Mode, System, Templates, Value};

fn rendered(template: &str) -> String {
    let mut templates = Templates::with_world(Mode::Helm, Arc::new(System));
    templates.add("t", template).expect("the template can be parsed");
    templates.render("t", &Value::Nil).expect("the template can be rendered")
}

/// The bytes of a PEM text with this label.
fn bytes_of(pem: &str, label: &str) -> Vec<u8> {
    let body = pem.strip_prefix(&format!("-----BEGIN {label}-----\n")).expect("it begins so");
    let body = body.strip_suffix(&format!("-----END {label}-----\n")).expect("it ends so");
    assert!(body.lines().all(|line| line.len() <= 64), "lines are short");
    BASE64_STANDARD.decode(body.replace('\n', "")).expect("it is base64")
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn an_authority_signs_a_certificate_that_names_it() {
    let text = rendered(
        r#"{{ $ca := genCAWithKey "the authority" 365 (genPrivateKey "ecdsa") -}}
{{ $c := genSignedCertWithKey "a server" (list "10.1.2.3" "::1") (list "a.example") 30 $ca (genPrivateKey "ed25519") -}}
{{ $c.Cert }}"#,
    );
    let certificate = bytes_of(&text, "CERTIFICATE");
    for part in [&b"the authority"[..], b"a server", b"a.example", &[0x87, 4, 10, 1, 2, 3]] {
        assert!(contains(&certificate, part), "{part:?}");
    }
}

#[test]
fn keys_are_written_in_the_form_of_their_kind() {
    let seed = bytes_of(&rendered(r#"{{ genPrivateKey "ed25519" }}"#), "PRIVATE KEY");
    assert_eq!(seed.len(), 48, "a seed of 32 bytes, without the public key");
    let ec = bytes_of(&rendered(r#"{{ genPrivateKey "ecdsa" }}"#), "EC PRIVATE KEY");
    assert_eq!(ec.len(), 121, "a number of 32 bytes, the curve, and the point");
}

#[test]
fn no_two_serial_numbers_are_the_same() {
    let text = rendered(
        r#"{{ $k := genPrivateKey "ed25519" }}{{ range until 2 }}{{ (genCAWithKey "ca" 1 $k).Cert }}|{{ end }}"#,
    );
    let mut certificates = text.split('|');
    assert_ne!(certificates.next(), certificates.next());
}

#[test]
fn a_key_that_is_not_the_authoritys_cannot_sign_for_it() {
    let mut templates = Templates::with_world(Mode::Helm, Arc::new(System));
    let template = r#"{{ $ca := genCAWithKey "ca" 1 (genPrivateKey "ecdsa") -}}
{{ $other := genPrivateKey "ecdsa" -}}
{{ genSignedCert "x" nil nil 1 (buildCustomCert (b64enc $ca.Cert) (b64enc $other)) }}"#;
    templates.add("t", template).expect("the template can be parsed");
    let error = templates.render("t", &Value::Nil).expect_err("the keys differ").to_string();
    assert!(error.ends_with("x509: provided PrivateKey doesn't match parent's PublicKey"), "{error}");
}

//! The certificates of a cluster: an authority for all its parts, and one for requests that the API server passes on.

use std::net::IpAddr;

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SanType,
};

use crate::addresses::FIRST_SERVICE;
use crate::error::Error;
use crate::site::{NODE, Site, make_private, write};

/// Who a certificate is for: a group and a user to the API server's eyes.
struct Identity {
    file: &'static str,
    organization: Option<&'static str>,
    name: String,
    names: Vec<String>,
    addresses: Vec<IpAddr>,
}

impl Identity {
    /// A client of the API server.
    fn client(file: &'static str, organization: Option<&'static str>, name: &str) -> Self {
        Identity { file, organization, name: name.to_owned(), names: Vec::new(), addresses: Vec::new() }
    }

    /// A server under names and addresses.
    fn server(file: &'static str, names: &[&str], addresses: &[IpAddr]) -> Self {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        Identity { file, organization: None, name: file.to_owned(), names, addresses: addresses.to_vec() }
    }
}

/// Makes every key and certificate below `pki` in the cluster's folder.
///
/// # Errors
/// A key can't be made or a file not written.
pub(crate) fn make(site: &Site) -> Result<(), Error> {
    make_private(&site.path("pki"))?;
    let node: IpAddr = site.record.slot.node().into();
    let masters = Some("system:masters");
    let authority = Authority::make(site, "ca", "launchway")?;
    for identity in [
        Identity::server(
            "apiserver",
            &["kubernetes", "kubernetes.default", "kubernetes.default.svc", "localhost"],
            &[node, FIRST_SERVICE.into(), IpAddr::from([127, 0, 0, 1])],
        ),
        Identity::server("kubelet-server", &[NODE], &[node]),
        Identity::server("metrics-server", &["metrics-server.kube-system.svc"], &[node]),
        Identity::client("admin", masters, "admin"),
        Identity::client("apiserver-kubelet-client", masters, "kube-apiserver-kubelet-client"),
        Identity::client("controller-manager", None, "system:kube-controller-manager"),
        Identity::client("scheduler", None, "system:kube-scheduler"),
        Identity::client("proxy", None, "system:kube-proxy"),
        Identity::client("kubelet", Some("system:nodes"), &format!("system:node:{NODE}")),
    ] {
        authority.sign(site, &identity)?;
    }
    let front_proxy = Authority::make(site, "front-proxy-ca", "launchway-front-proxy")?;
    front_proxy.sign(site, &Identity::client("front-proxy-client", None, "front-proxy-client"))?;
    let accounts = KeyPair::generate().map_err(failed("service accounts"))?;
    write(&site.path("pki/service-accounts.key"), &accounts.serialize_pem())?;
    write(&site.path("pki/service-accounts.pub"), &accounts.public_key_pem())
}

struct Authority {
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn make(site: &Site, file: &str, name: &str) -> Result<Authority, Error> {
        let key = KeyPair::generate().map_err(failed(name))?;
        let mut parameters = CertificateParams::default();
        parameters.distinguished_name.push(DnType::CommonName, name);
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let certificate = parameters.self_signed(&key).map_err(failed(name))?;
        save(site, file, &certificate, &key)?;
        Ok(Authority { issuer: Issuer::new(parameters, key) })
    }

    fn sign(&self, site: &Site, identity: &Identity) -> Result<(), Error> {
        let failed = || failed(&identity.name);
        let key = KeyPair::generate().map_err(failed())?;
        let mut parameters = CertificateParams::new(identity.names.clone()).map_err(failed())?;
        let addresses = identity.addresses.iter().map(|address| SanType::IpAddress(*address));
        parameters.subject_alt_names.extend(addresses);
        if let Some(organization) = identity.organization {
            parameters.distinguished_name.push(DnType::OrganizationName, organization);
        }
        parameters.distinguished_name.push(DnType::CommonName, identity.name.as_str());
        parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        parameters.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        let certificate = parameters.signed_by(&key, &self.issuer).map_err(failed())?;
        save(site, identity.file, &certificate, &key)
    }
}

fn save(site: &Site, file: &str, certificate: &Certificate, key: &KeyPair) -> Result<(), Error> {
    write(&site.path(&format!("pki/{file}.crt")), &certificate.pem())?;
    write(&site.path(&format!("pki/{file}.key")), &key.serialize_pem())
}

fn failed(subject: &str) -> impl FnOnce(rcgen::Error) -> Error {
    let subject = subject.to_owned();
    move |source| Error::Certificate { subject, source }
}

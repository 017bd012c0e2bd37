//! The rules by name, for those who ask what was not compared.

/// One kind of thing that two clusters may have different.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// Ids of objects.
    Uid,
    /// Moments, with their number of digits kept.
    Time,
    /// Versions of objects and lists.
    ResourceVersion,
    /// The random end of names that the server makes.
    RandomName,
    /// The namespace that the rows are asked in, and whatever else a row kept by name.
    Kept,
    /// IP addresses.
    Address,
    /// Ports of services on nodes.
    NodePort,
    /// The node's name.
    Node,
    /// Ids of containers and images.
    Container,
    /// Tokens and certificates.
    Credential,
    /// Where a list is to be continued, and how many objects of others are left.
    Page,
    /// Who built the server, when and for what.
    Build,
    /// What a node is made of, and how much it has.
    Machine,
    /// Measured values: use of resources, ages.
    Measurement,
}

impl Rule {
    /// All of them.
    pub const ALL: [Rule; 14] = [
        Rule::Uid,
        Rule::Time,
        Rule::ResourceVersion,
        Rule::RandomName,
        Rule::Kept,
        Rule::Address,
        Rule::NodePort,
        Rule::Node,
        Rule::Container,
        Rule::Credential,
        Rule::Page,
        Rule::Build,
        Rule::Machine,
        Rule::Measurement,
    ];

    /// What is taken out, where, and what stays in its place.
    #[must_use]
    pub fn description(self) -> &'static str {
        match self {
            Rule::Uid => "any uid becomes `<uid>`",
            Rule::Time => "a time becomes `<time>`, with its number of decimals if it has some",
            Rule::ResourceVersion => {
                "the digits of a `resourceVersion`, and of versions in messages, become `<version>`"
            }
            Rule::RandomName => {
                "the end that the server gave to a `generateName`, an event or a token volume becomes `<random>`"
            }
            Rule::Kept => {
                "the namespace of the run and texts kept from earlier answers become their `$name` again"
            }
            Rule::Address => "an IPv4 address becomes `<ip>`",
            Rule::NodePort => "a number from 30000 to 32767 becomes `<node port>`",
            Rule::Node => "the name of the first node becomes `$node`",
            Rule::Container => {
                "ids of containers become `<runtime>://<id>`, digests of images and documents `<digest>`"
            }
            Rule::Credential => "tokens become `<token>`, certificates `<certificate>`",
            Rule::Page => "`continue` becomes `<continue>`, `remainingItemCount` `<count>`",
            Rule::Build => "commit, date, Go version and platform in `/version` become `<build>`",
            Rule::Machine => {
                "ids, kernel, system and runtime of a node, and its amounts, become `<machine>`; the scheduler's host `<host>`"
            }
            Rule::Measurement => {
                "used cpu and memory, windows of measurement and ages in tables become `<measured>`, with their unit"
            }
        }
    }
}

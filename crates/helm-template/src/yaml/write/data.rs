//! What can be written.

/// A value that can be written as YAML.
///
/// Implement it for a handle on your values (a reference, an `Arc`): it is taken by value, opened once, and its
/// children are handles again. Nothing is copied, and nothing is held longer than it takes to write it.
pub trait Data: Sized {
    /// A string: bytes, usually UTF-8.
    type Text: AsRef<[u8]>;
    /// The items of a list.
    type Sequence: ExactSizeIterator<Item = Self>;

    /// Says what the value is.
    fn into_node(self) -> Node<Self>;
}

/// What a [`Data`] is.
///
/// Go's nil lists and maps are [`Null`](Node::Null) for `toYaml`, which goes through JSON, and empty for
/// `toYamlPretty`: whoever implements [`Data`] tells them apart.
#[derive(Debug)]
pub enum Node<D: Data> {
    /// Nothing.
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A signed whole number.
    Int(i64),
    /// An unsigned whole number.
    Uint(u64),
    /// A float of 32 bits.
    Float32(f32),
    /// A float of 64 bits.
    Float(f64),
    /// A string. Broken UTF-8 becomes U+FFFD through JSON and `!!binary` in the pretty form.
    Text(D::Text),
    /// An RFC 3339 time: a string through JSON, a plain text in the pretty form.
    Timestamp(D::Text),
    /// A list.
    Sequence(D::Sequence),
    /// A map, written in Go's order of keys. No key may be there twice.
    Mapping(Vec<(D::Text, D)>),
    /// What Go refuses to write, by the name of its type: a complex number, a function.
    Unsupported(&'static str),
    /// A structure, whose fields keep their order in the pretty form and are sorted through JSON.
    Record(Vec<(D::Text, D)>),
}

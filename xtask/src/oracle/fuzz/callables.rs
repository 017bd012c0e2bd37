//! Which functions are asked about, and how: all that the library declares.

use std::collections::BTreeMap;

use helm_template::{Declaration, Family, Mode, Param, Shape, helm_families, sprig_families};

/// A function as templates call it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Callable {
    pub(crate) name: &'static str,
    pub(crate) params: &'static [Param],
    pub(crate) rest: Option<Param>,
    pub(crate) result: Shape,
    pub(crate) manner: Manner,
}

/// How a function is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// As it is.
    Free,
    /// Its answer is chance or another order each time; what is the same each time is what this makes of it.
    Through(&'static str),
    /// Only with these arguments: it costs much, or its answer is chance for others.
    Fixed(&'static [&'static str]),
    /// Not at all, for a reason.
    Never(&'static str),
}

const KEYS_ARE_SLOW_AND_RANDOM: Manner =
    Manner::Never("keys and certificates are chance; tests/certificates.rs has Go's library check them");

/// Everything that is not [`Manner::Free`].
const MANNERS: &[(&str, Manner)] = &[
    ("now", Manner::Through("kindOf")),
    ("keys", Manner::Through("sortAlpha")),
    ("values", Manner::Through("sortAlpha")),
    ("randAlpha", Manner::Through("len")),
    ("randAlphaNum", Manner::Through("len")),
    ("randNumeric", Manner::Through("len")),
    ("randAscii", Manner::Through("len")),
    ("randBytes", Manner::Through("len")),
    ("shuffle", Manner::Through("len")),
    ("uuidv4", Manner::Through("len")),
    ("randInt", Manner::Through("kindOf")),
    ("bcrypt", Manner::Fixed(&[r#"(bcrypt "x" | len)"#, r#"(bcrypt (repeat 73 "x"))"#])),
    ("htpasswd", Manner::Fixed(&[r#"(htpasswd "a:b" "pw")"#, r#"(htpasswd "a" "" | len)"#])),
    (
        "derivePassword",
        Manner::Fixed(&[
            r#"(derivePassword 1 "long" "password" "user" "example.com")"#,
            r#"(derivePassword 1 "nope" "p" "u" "s")"#,
        ]),
    ),
    (
        "encryptAES",
        Manner::Fixed(&[r#"(encryptAES "k" "text" | decryptAES "k")"#, r#"(encryptAES "" "" | len)"#]),
    ),
    ("genPrivateKey", Manner::Fixed(&[r#"(genPrivateKey "nope")"#, r#"(genPrivateKey "ed25519" | len)"#])),
    ("genCA", KEYS_ARE_SLOW_AND_RANDOM),
    ("genCAWithKey", KEYS_ARE_SLOW_AND_RANDOM),
    ("genSelfSignedCert", KEYS_ARE_SLOW_AND_RANDOM),
    ("genSelfSignedCertWithKey", KEYS_ARE_SLOW_AND_RANDOM),
    ("genSignedCert", KEYS_ARE_SLOW_AND_RANDOM),
    ("genSignedCertWithKey", KEYS_ARE_SLOW_AND_RANDOM),
    (
        "buildCustomCert",
        Manner::Fixed(&[r#"(buildCustomCert "!!" "x")"#, r#"(buildCustomCert "aGk=" "!!")"#]),
    ),
    (
        "exec",
        Manner::Fixed(&[
            r#"(exec "echo" "a" "b c")"#,
            r#"(exec "false").ExitCode"#,
            r#"(exec "/no/such").Err"#,
        ]),
    ),
    ("groups", Manner::Fixed(&[r#"(groups "no-such-user-here")"#, r#"(has "root" (groups "root"))"#])),
];

/// Resolving names is another answer on each machine.
const SPRIG_MANNERS: &[(&str, Manner)] = &[("getHostByName", Manner::Never("asks the network"))];

/// Functions that are slow or end the template come up this many times less.
const SELDOM: usize = 40;

const BUILTINS: &[(&str, &[Shape], Option<Shape>, Shape)] = &[
    ("and", &[Shape::Any], Some(Shape::Any), Shape::Any),
    ("or", &[Shape::Any], Some(Shape::Any), Shape::Any),
    ("not", &[Shape::Any], None, Shape::Bool),
    ("len", &[Shape::Any], None, Shape::Int),
    ("index", &[Shape::Any], Some(Shape::Any), Shape::Any),
    ("slice", &[Shape::Any], Some(Shape::Int), Shape::Any),
    ("eq", &[Shape::Any], Some(Shape::Any), Shape::Bool),
    ("ne", &[Shape::Any, Shape::Any], None, Shape::Bool),
    ("lt", &[Shape::Any, Shape::Any], None, Shape::Bool),
    ("le", &[Shape::Any, Shape::Any], None, Shape::Bool),
    ("gt", &[Shape::Any, Shape::Any], None, Shape::Bool),
    ("ge", &[Shape::Any, Shape::Any], None, Shape::Bool),
    ("print", &[], Some(Shape::Any), Shape::Text),
    ("printf", &[Shape::Text], Some(Shape::Any), Shape::Text),
    ("println", &[], Some(Shape::Any), Shape::Text),
    ("html", &[], Some(Shape::Any), Shape::Text),
    ("js", &[], Some(Shape::Any), Shape::Text),
    ("urlquery", &[], Some(Shape::Any), Shape::Text),
    ("call", &[Shape::Any], Some(Shape::Any), Shape::Any),
];

/// The functions of a mode, each as often as it is to come up.
pub(crate) struct Callables {
    weighted: Vec<Callable>,
    by_result: BTreeMap<&'static str, Vec<Callable>>,
    mild: Vec<Callable>,
    left_out: Vec<Callable>,
}

/// Functions that hardly ever fail: templates of many actions would not get far without them.
const MILD: &[&str] = &[
    "print",
    "println",
    "html",
    "js",
    "urlquery",
    "and",
    "or",
    "not",
    "quote",
    "squote",
    "cat",
    "list",
    "dict",
    "default",
    "coalesce",
    "toString",
    "toStrings",
    "empty",
    "kindOf",
    "typeOf",
    "toJson",
    "toYaml",
    "toRawJson",
    "add",
    "max",
    "int",
    "float64",
    "ternary",
    "deepCopy",
    "deepEqual",
    "join",
    "sortAlpha",
    "tuple",
    "all",
    "any",
    "upper",
    "trim",
    "contains",
    "splitList",
    "until",
    "len",
    "eq",
    "b64enc",
    "floor",
    "kindIs",
    "printf",
];

impl Callables {
    pub(crate) fn of(mode: Mode) -> Self {
        let mut all: Vec<Callable> = builtins().collect();
        match mode {
            Mode::Bare | Mode::BareStrict => {}
            Mode::Sprig => all.extend(declared(sprig_families(), SPRIG_MANNERS)),
            Mode::Helm | Mode::Strict | Mode::Go => all.extend(declared(helm_families(), &[])),
        }
        let left_out: Vec<Callable> =
            all.iter().copied().filter(|callable| matches!(callable.manner, Manner::Never(_))).collect();
        let mut weighted = Vec::new();
        let mut by_result: BTreeMap<&'static str, Vec<Callable>> = BTreeMap::new();
        for callable in all {
            let times = match callable.manner {
                Manner::Never(_) => 0,
                Manner::Fixed(_) => 1,
                _ if callable.name == "fail" => 1,
                _ => SELDOM,
            };
            weighted.extend(std::iter::repeat_n(callable, times));
            if callable.manner == Manner::Free && callable.name != "fail" {
                by_result.entry(callable.result.plain_name()).or_default().push(callable);
            }
        }
        let mild = weighted.iter().copied().filter(|callable| MILD.contains(&callable.name));
        Self { mild: mild.collect(), weighted, by_result, left_out }
    }

    /// Any, with the weights they have.
    pub(crate) fn all(&self) -> &[Callable] {
        &self.weighted
    }

    /// Those that are not asked about, and why.
    pub(crate) fn left_out(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.left_out.iter().filter_map(|callable| match callable.manner {
            Manner::Never(why) => Some((callable.name, why)),
            _ => None,
        })
    }

    /// Those that hardly ever fail.
    pub(crate) fn mild(&self) -> &[Callable] {
        &self.mild
    }

    /// Those that give something of a shape.
    pub(crate) fn giving(&self, shape: Shape) -> &[Callable] {
        self.by_result.get(shape.plain_name()).map_or(&[], Vec::as_slice)
    }
}

fn builtins() -> impl Iterator<Item = Callable> {
    const PARAMS: &[Param] =
        &[Param { name: "value", shape: Shape::Any }, Param { name: "value", shape: Shape::Any }];
    const FORMAT: &[Param] = &[Param { name: "format", shape: Shape::Text }];
    BUILTINS.iter().map(|&(name, params, rest, result)| Callable {
        name,
        params: if name == "printf" { FORMAT } else { &PARAMS[..params.len()] },
        rest: rest.map(|shape| Param { name: "values", shape }),
        result,
        manner: Manner::Free,
    })
}

fn declared(
    families: impl Iterator<Item = Family>,
    own: &'static [(&'static str, Manner)],
) -> impl Iterator<Item = Callable> {
    families
        .flat_map(|family| family.functions)
        .flat_map(|function: &Declaration| function.names.iter().map(move |name| (function, *name)))
        .map(move |(function, name)| {
            let manner = own.iter().chain(MANNERS).find(|(known, _)| *known == name);
            Callable {
                name,
                params: function.params,
                rest: function.rest,
                result: function.result,
                manner: manner.map_or(Manner::Free, |(_, manner)| *manner),
            }
        })
}

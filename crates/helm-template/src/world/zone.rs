//! A world that differs in one thing: its time zone.

use std::net::IpAddr;

use go_text_template::Value;

use super::{Moment, ProgramResult, Unanswered, World};

/// A world as it is, seen from a time zone of one's choice.
#[derive(Clone, Debug)]
pub struct InZone<W> {
    world: W,
    zone: String,
}

impl<W: World> InZone<W> {
    /// The world with the time zone of that name (`Europe/Berlin`).
    pub fn new(world: W, zone: impl Into<String>) -> Self {
        Self { world, zone: zone.into() }
    }

    /// The world in UTC.
    pub fn utc(world: W) -> Self {
        Self::new(world, "UTC")
    }
}

impl<W: World> World for InZone<W> {
    fn local_zone(&self) -> String {
        self.zone.clone()
    }

    fn now(&self) -> Moment {
        self.world.now()
    }

    fn fill_random(&self, bytes: &mut [u8]) -> Result<(), Unanswered> {
        self.world.fill_random(bytes)
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.world.variable(name)
    }

    fn addresses(&self, host: &str) -> Vec<IpAddr> {
        self.world.addresses(host)
    }

    fn run(&self, program: &str, arguments: &[&str]) -> ProgramResult {
        self.world.run(program, arguments)
    }

    fn groups(&self, user: &str) -> Result<Vec<String>, Unanswered> {
        self.world.groups(user)
    }

    fn lookup(&self, version: &str, kind: &str, namespace: &str, name: &str) -> Result<Value, Unanswered> {
        self.world.lookup(version, kind, namespace, name)
    }
}

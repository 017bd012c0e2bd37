//! The tables of a text as they come about, and the rules of what may be defined twice.

use std::collections::{BTreeMap, HashSet};

use go_text_template::{List, Map, Str, Type, Value};

use super::MAX_DEPTH;

/// What a key holds.
#[derive(Debug)]
pub(super) enum Node {
    Value(Value),
    Table(Table),
    /// Written as `[[name]]`.
    Tables(Vec<Table>),
}

pub(super) type Table = BTreeMap<Str, Node>;

/// All tables, and where the next key goes.
#[derive(Debug, Default)]
pub(super) struct Tree {
    root: Table,
    pub(super) context: Vec<Str>,
    /// The key whose value is being read; empty between keys.
    pub(super) key: Str,
    /// Tables that came about only because something inside them was named.
    implicit: HashSet<String>,
    /// Keys of lists.
    lists: HashSet<String>,
}

impl Tree {
    /// What an error names: the key, or else the table.
    pub(super) fn current(&self) -> String {
        match (self.key.is_empty(), self.context.is_empty()) {
            (true, _) => written_path(&self.context),
            (false, true) => self.key.to_text().into_owned(),
            (false, false) => format!("{}.{}", written_path(&self.context), self.key),
        }
    }

    /// Makes a table, and what it is in, and goes there.
    pub(super) fn enter(&mut self, path: &[Str], is_list: bool) -> Result<(), String> {
        if path.len() > MAX_DEPTH {
            return Err(format!("tables are nested more than {MAX_DEPTH} levels deep"));
        }
        let Some((last, parents)) = path.split_last() else { return Ok(()) };
        let mut table = &mut self.root;
        for (at, key) in parents.iter().enumerate() {
            let so_far = &parents[..=at];
            if !table.contains_key(key) {
                self.implicit.insert(written_path(so_far));
            }
            let node = table.entry(key.clone()).or_insert_with(|| Node::Table(Table::new()));
            let occupied = || format!("Key '{}' was already created as a hash.", written_path(so_far));
            table = inner(node).ok_or_else(occupied)?;
        }
        self.context = parents.to_vec();
        if is_list {
            let node = table.entry(last.clone()).or_insert_with(|| Node::Tables(Vec::new()));
            let Node::Tables(tables) = node else {
                let path = written_path(path);
                return Err(format!("Key '{path}' was already created and cannot be used as an array."));
            };
            tables.push(Table::new());
        } else {
            self.set(last, Node::Table(Table::new()))?;
        }
        self.context.push(last.clone());
        Ok(())
    }

    /// Enters a table that a dotted key or an inline table names.
    pub(super) fn enter_implicit(&mut self, path: &[Str], is_list: bool) -> Result<(), String> {
        self.implicit.insert(written_path(path));
        self.enter(path, is_list)
    }

    /// Remembers that the current key holds a list.
    pub(super) fn mark_list(&mut self) {
        let path = self.path_of(&self.key);
        self.lists.insert(path);
    }

    fn path_of(&self, key: &Str) -> String {
        let mut path = self.context.clone();
        path.push(key.clone());
        written_path(&path)
    }

    /// Sets a key of the current table.
    pub(super) fn set(&mut self, key: &Str, node: Node) -> Result<(), String> {
        let path = self.path_of(key);
        let mut table = &mut self.root;
        for (at, step) in self.context.iter().enumerate() {
            let taken = || {
                let so_far = written_path(&self.context[..=at]);
                format!("Key '{so_far}' has already been defined.")
            };
            table = table.get_mut(step).and_then(inner).ok_or_else(taken)?;
        }
        if table.contains_key(key) {
            let is_implicit = self.implicit.remove(&path);
            if !is_implicit {
                return Err(format!("Key '{path}' has already been defined."));
            }
            if !self.lists.contains(&path) {
                return Ok(());
            }
        }
        table.insert(key.clone(), node);
        Ok(())
    }

    pub(super) fn into_map(self) -> Map {
        map(self.root)
    }
}

/// The table that keys inside a node go to.
fn inner(node: &mut Node) -> Option<&mut Table> {
    match node {
        Node::Table(table) => Some(table),
        Node::Tables(tables) => tables.last_mut(),
        Node::Value(_) => None,
    }
}

/// A table as a map. Its depth is bounded.
pub(super) fn map(table: Table) -> Map {
    Map::new(table.into_iter().map(|(key, node)| (key, value(node))))
}

fn value(node: Node) -> Value {
    match node {
        Node::Value(value) => value,
        Node::Table(table) => Value::Map(map(table)),
        Node::Tables(tables) => {
            let items = tables.into_iter().map(|table| Value::Map(map(table))).collect();
            Value::List(List::of(Type::map(Type::Any), items))
        }
    }
}

/// Keys with dots between them, for a message.
fn written_path<K: AsRef<[u8]>>(path: &[K]) -> String {
    String::from_utf8_lossy(&super::written_path(path)).into_owned()
}

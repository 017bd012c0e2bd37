//! What of the machine is needed to give up rights, behind a trait so that tests need no root.

use std::ffi::CString;
use std::fs::File;
use std::io;
use std::os::unix::fs::fchown;

use nix::unistd::{Gid, Uid, User};

/// A user of this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// Its user id.
    pub uid: u32,
    /// Its primary group's id.
    pub gid: u32,
}

/// The user database, owners of files, and the process's own ids.
pub trait System {
    /// The account of that name, `None` if there is none.
    ///
    /// # Errors
    /// When the user database cannot be read.
    fn account(&self, name: &str) -> io::Result<Option<Account>>;

    /// Makes the account the owner of an open file or directory.
    ///
    /// # Errors
    /// When the kernel refuses.
    fn give(&self, file: &File, account: &Account) -> io::Result<()>;

    /// Makes this process the account's for good: its groups, its real, effective and saved ids.
    ///
    /// # Errors
    /// When the kernel refuses.
    fn give_up_root(&self, account: &Account) -> io::Result<()>;

    /// Whether this process has root among its ids or could take it back.
    fn could_be_root(&self) -> bool;
}

/// This machine.
#[derive(Clone, Copy, Debug)]
pub struct Host;

impl System for Host {
    fn account(&self, name: &str) -> io::Result<Option<Account>> {
        let user = User::from_name(name)?;
        Ok(user.map(|user| Account { name: user.name, uid: user.uid.as_raw(), gid: user.gid.as_raw() }))
    }

    fn give(&self, file: &File, account: &Account) -> io::Result<()> {
        fchown(file, Some(account.uid), Some(account.gid))
    }

    fn give_up_root(&self, account: &Account) -> io::Result<()> {
        let (uid, gid) = (Uid::from_raw(account.uid), Gid::from_raw(account.gid));
        let name = CString::new(account.name.as_str())?;
        // In this order: without root's user id the groups could no longer be changed.
        nix::unistd::initgroups(&name, gid)?;
        nix::unistd::setresgid(gid, gid, gid)?;
        nix::unistd::setresuid(uid, uid, uid)?;
        Ok(())
    }

    fn could_be_root(&self) -> bool {
        // The group 0 is no root: containers commonly give it to any user.
        let ids_have_root = nix::unistd::getresuid()
            .map_or(true, |ids| [ids.real, ids.effective, ids.saved].iter().any(|id| id.is_root()));
        ids_have_root || nix::unistd::setuid(Uid::from_raw(0)).is_ok()
    }
}

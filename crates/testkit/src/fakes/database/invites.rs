//! Invitations, and how far sweeps have got.

use account::{Admission, Invite, InviteCode, Invites, NewInvite};
use async_trait::async_trait;
use kernel::{AccountId, StoreError, SweepMarks, Timestamp};

use super::MemoryDatabase;

#[async_trait]
impl Invites for MemoryDatabase {
    async fn create(&self, invite: &NewInvite) -> Result<bool, StoreError> {
        self.write("invites.create", |tables, now| {
            if tables.invites.values().any(|other| other.code == invite.code) {
                return Ok(false);
            }
            let made = Invite {
                code: invite.code.clone(),
                places: invite.places.get(),
                used: 0,
                expires_at: invite.lifetime.map(|lifetime| now + lifetime),
                note: invite.note.clone(),
                created_at: now,
            };
            let number = tables.number();
            tables.invites.insert(number, made);
            Ok(true)
        })
        .await
    }

    async fn list(&self) -> Result<Vec<Invite>, StoreError> {
        self.read("invites.list", |tables, _| Ok(tables.invites.values().rev().cloned().collect())).await
    }

    async fn revoke(&self, code: &InviteCode) -> Result<bool, StoreError> {
        self.write("invites.revoke", |tables, _| {
            let before = tables.invites.len();
            tables.invites.retain(|_, invite| invite.code != *code);
            Ok(tables.invites.len() < before)
        })
        .await
    }

    async fn is_valid(&self, code: &InviteCode) -> Result<bool, StoreError> {
        self.read("invites.is_valid", |tables, now| {
            Ok(tables.invites.values().any(|invite| invite.code == *code && is_open(invite, now)))
        })
        .await
    }

    async fn redeem(&self, account: AccountId, code: &InviteCode) -> Result<Admission, StoreError> {
        self.write("invites.redeem", |tables, now| {
            if tables.admissions.contains_key(&account) {
                return Ok(Admission::Admitted);
            }
            let invite =
                tables.invites.values_mut().find(|invite| invite.code == *code && is_open(invite, now));
            match invite {
                Some(invite) if tables.accounts.contains_key(&account) => {
                    invite.used += 1;
                    tables.admissions.insert(account, code.clone());
                    Ok(Admission::Admitted)
                }
                _ => Ok(Admission::Void),
            }
        })
        .await
    }

    async fn is_admitted(&self, account: AccountId) -> Result<bool, StoreError> {
        self.read("invites.is_admitted", |tables, _| {
            Ok(tables.accounts.contains_key(&account) && tables.admissions.contains_key(&account))
        })
        .await
    }
}

fn is_open(invite: &Invite, now: Timestamp) -> bool {
    invite.used < invite.places && invite.expires_at.is_none_or(|at| at > now)
}

#[async_trait]
impl SweepMarks for MemoryDatabase {
    async fn mark(&self, sweep: &str) -> Result<Option<String>, StoreError> {
        self.read("sweeping.mark", |tables, _| Ok(tables.sweep_marks.get(sweep).cloned().flatten())).await
    }

    async fn keep_mark(&self, sweep: &str, mark: Option<&str>) -> Result<(), StoreError> {
        self.write("sweeping.keep_mark", |tables, _| {
            tables.sweep_marks.insert(sweep.to_owned(), mark.map(ToOwned::to_owned));
            Ok(())
        })
        .await
    }
}

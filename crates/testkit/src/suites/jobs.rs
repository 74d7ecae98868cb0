//! What every [`Jobs`](kernel::Jobs) and [`JobWriter`](kernel::JobWriter) must do.

use std::collections::BTreeSet;
use std::time::Duration;

use futures::future::join_all;
use kernel::{ClaimedJob, FencingToken, JobClaim, JobKind, JobRecord, JobState, NewJob, StoreError};
use tokio::time::timeout;
use uuid::Uuid;

use super::DatabaseSubject;
use super::samples::{
    A_MOMENT, ACCOUNT, LONG, OTHER_ACCOUNT, claim, complete, database_now, job, schedule, try_claim,
};

database_suite! { $ jobs as jobs_tests:
    schedule_of_a_job_that_does_not_exist_is_done_or_is_buried_must_make_it_ready_at_its_time_with_no_attempts_counted,
    schedule_of_a_ready_job_must_keep_the_earlier_of_both_times,
    schedule_of_a_running_job_must_make_it_due_again_once_its_claim_is_completed,
    confirm_and_complete_under_a_claim_that_is_no_longer_held_must_fail_with_superseded,
    confirm_must_keep_the_claim_held_until_the_unit_ends,
    complete_must_make_the_job_done_or_ready_at_once_when_it_was_scheduled_during_the_claim,
    bury_must_keep_the_reason,
    nothing_must_be_visible_before_the_unit_commits,
    claim_must_take_a_job_only_when_it_is_ready_and_due_or_running_with_an_expired_lease,
    of_any_number_of_concurrent_claims_exactly_one_must_succeed,
    claim_must_count_an_attempt_and_draw_a_new_token,
    extend_must_hold_on_to_the_claim_for_another_lease_from_now,
    extend_hand_back_and_retry_under_a_stale_token_must_fail_with_superseded_and_change_nothing,
    hand_back_must_take_the_attempt_back_and_make_the_job_due_now,
    retry_must_keep_the_attempt_and_the_reason_and_make_the_job_due_after_the_delay,
    due_must_list_only_claimable_jobs_the_longest_due_first_and_change_nothing,
    revive_must_make_a_buried_job_ready_with_no_attempts_counted_and_leave_any_other_job_alone,
    list_must_give_the_jobs_in_a_state_the_latest_first,
    forget_done_must_remove_only_jobs_that_are_done_for_longer_than_the_age,
}

const MINUTE: Duration = Duration::from_mins(1);

/// `schedule` of a job that does not exist, is done or is buried MUST make it ready at its time with no attempts counted.
pub async fn schedule_of_a_job_that_does_not_exist_is_done_or_is_buried_must_make_it_ready_at_its_time_with_no_attempts_counted(
    subject: &DatabaseSubject,
) {
    for (number, end) in [(1, None), (2, Some(JobState::Done)), (3, Some(JobState::Buried))] {
        let job = job(number);
        if let Some(end) = end {
            schedule(subject, &job).await;
            let first = claim(subject, &job, MINUTE).await;
            subject.jobs.retry(&first.claim, Duration::ZERO, "not yet").await.expect("retry");
            let second = claim(subject, &job, MINUTE).await;
            assert_eq!(second.attempt, 2);
            match end {
                JobState::Done => complete(subject, &second).await,
                _ => bury(subject, &second, "hopeless").await,
            }
            assert_eq!(state(subject, &job).await, Some(end));
        }
        let before = database_now(subject).await;
        schedule(subject, &job.after(MINUTE)).await;
        let after = database_now(subject).await;
        let record = record(subject, &job, JobState::Ready).await;
        assert_eq!((record.kind, record.subject, record.attempt), (job.kind, job.subject, 0));
        assert!(before + MINUTE <= record.run_at && record.run_at <= after + MINUTE, "{record:?}");
        assert_eq!(try_claim(subject, &job, MINUTE).await, None, "it is not its time");
        subject.time.elapse(MINUTE).await;
        assert_eq!(claim(subject, &job, LONG).await.attempt, 1);
    }
}

/// `schedule` of a ready job MUST keep the earlier of both times.
pub async fn schedule_of_a_ready_job_must_keep_the_earlier_of_both_times(subject: &DatabaseSubject) {
    let job = job(1);
    schedule(subject, &job.after(2 * MINUTE)).await;
    schedule(subject, &job.after(3 * MINUTE)).await;
    schedule(subject, &job.after(MINUTE)).await;
    schedule(subject, &job.after(4 * MINUTE)).await;
    subject.time.elapse(MINUTE / 2).await;
    assert_eq!(try_claim(subject, &job, MINUTE).await, None);
    subject.time.elapse(MINUTE / 2).await;
    claim(subject, &job, MINUTE).await;
}

/// `schedule` of a running job MUST make it due again once its claim is completed, so that no nudge is lost.
pub async fn schedule_of_a_running_job_must_make_it_due_again_once_its_claim_is_completed(
    subject: &DatabaseSubject,
) {
    let job = job(1);
    schedule(subject, &job).await;
    let claimed = claim(subject, &job, LONG).await;
    schedule(subject, &job).await;
    assert_eq!(try_claim(subject, &job, LONG).await, None, "it is still claimed");
    assert_eq!(due(subject).await, [], "it is still claimed");
    complete(subject, &claimed).await;
    let again = claim(subject, &job, LONG).await;
    assert_eq!(again.attempt, 1, "the nudge is a new job");

    // A nudge that came before a crash is not lost either.
    schedule(subject, &job).await;
    subject.time.elapse(LONG).await;
    let resumed = claim(subject, &job, LONG).await;
    complete(subject, &resumed).await;
    let last = try_claim(subject, &job, LONG).await;
    if let Some(last) = last {
        complete(subject, &last).await;
    }
    assert_eq!(state(subject, &job).await, Some(JobState::Done), "a nudge is good for one more look");
}

/// `confirm` and `complete` (and `bury`) under a claim that is no longer held MUST fail with `Superseded`.
pub async fn confirm_and_complete_under_a_claim_that_is_no_longer_held_must_fail_with_superseded(
    subject: &DatabaseSubject,
) {
    let job = job(1);
    schedule(subject, &job).await;
    let stale = claim(subject, &job, MINUTE).await;
    subject.time.elapse(MINUTE).await;
    let present = claim(subject, &job, LONG).await;
    assert_cannot_be_written_under(subject, &stale.claim).await;
    assert_eq!(state(subject, &job).await, Some(JobState::Running));

    let mut unit = subject.gallery_units.begin().await.expect("begin");
    unit.jobs().confirm(&present.claim).await.expect("the present claim is held");
    unit.commit().await.expect("commit");
    complete(subject, &present).await;
    assert_cannot_be_written_under(subject, &present.claim).await;
    let unknown = JobClaim { job: super::samples::job(9).id(), ..present.claim };
    assert_cannot_be_written_under(subject, &unknown).await;
    let foreign = JobClaim { account: OTHER_ACCOUNT, ..present.claim };
    assert_cannot_be_written_under(subject, &foreign).await;
}

/// `confirm` keeps the claim held until the unit ends: a lease that expires meanwhile gives the job to nobody else.
pub async fn confirm_must_keep_the_claim_held_until_the_unit_ends(subject: &DatabaseSubject) {
    let job = job(1);
    schedule(subject, &job).await;
    let claimed = claim(subject, &job, MINUTE).await;
    subject.time.elapse(MINUTE).await;
    let mut unit = subject.gallery_units.begin().await.expect("begin");
    unit.jobs().confirm(&claimed.claim).await.expect("nobody has taken it");
    let rival = try_claim(subject, &job, LONG);
    futures::pin_mut!(rival);
    let at_once = timeout(A_MOMENT, &mut rival).await;
    assert!(matches!(at_once, Err(_) | Ok(None)), "a rival took a confirmed claim: {at_once:?}");
    unit.jobs().complete(&claimed.claim).await.expect("complete");
    unit.commit().await.expect("commit");
    if at_once.is_err() {
        assert_eq!(rival.await, None, "the job is done");
    }
    assert_eq!(state(subject, &job).await, Some(JobState::Done));
}

/// `complete` MUST make the job done, or ready at once when it was scheduled during the claim, also with a delay.
pub async fn complete_must_make_the_job_done_or_ready_at_once_when_it_was_scheduled_during_the_claim(
    subject: &DatabaseSubject,
) {
    let job = job(1);
    schedule(subject, &job).await;
    complete(subject, &claim(subject, &job, LONG).await).await;
    assert_eq!(state(subject, &job).await, Some(JobState::Done));
    assert_eq!(try_claim(subject, &job, LONG).await, None);

    schedule(subject, &job).await;
    let claimed = claim(subject, &job, LONG).await;
    schedule(subject, &job.after(LONG)).await;
    complete(subject, &claimed).await;
    assert_eq!(state(subject, &job).await, Some(JobState::Ready));

    // The next look that a step asks for together with its end does not put the nudge off.
    let claimed = claim(subject, &job, LONG).await;
    schedule(subject, &job).await;
    let mut unit = subject.gallery_units.begin().await.expect("begin");
    unit.jobs().complete(&claimed.claim).await.expect("complete");
    unit.jobs().schedule(&job.after(LONG)).await.expect("schedule");
    unit.commit().await.expect("commit");
    let claimed = claim(subject, &job, LONG).await;

    let mut unit = subject.gallery_units.begin().await.expect("begin");
    unit.jobs().complete(&claimed.claim).await.expect("complete");
    unit.jobs().schedule(&job.after(MINUTE)).await.expect("schedule");
    unit.commit().await.expect("commit");
    assert_eq!(try_claim(subject, &job, LONG).await, None, "without a nudge the next look has its time");
    subject.time.elapse(MINUTE).await;
    claim(subject, &job, LONG).await;
}

/// `bury` MUST keep the reason.
pub async fn bury_must_keep_the_reason(subject: &DatabaseSubject) {
    let job = job(1);
    schedule(subject, &job).await;
    bury(subject, &claim(subject, &job, LONG).await, "it is 'hopeless' \u{1f98a}").await;
    let record = record(subject, &job, JobState::Buried).await;
    assert_eq!(record.reason.as_deref(), Some("it is 'hopeless' \u{1f98a}"));
    assert_eq!(try_claim(subject, &job, LONG).await, None, "a buried job rests");
    assert_eq!(due(subject).await, []);
}

/// Nothing MUST be visible before the unit commits, and nothing at all after a drop.
pub async fn nothing_must_be_visible_before_the_unit_commits(subject: &DatabaseSubject) {
    let (new, old) = (job(1), job(2));
    schedule(subject, &old).await;
    let claimed = claim(subject, &old, LONG).await;
    for commits in [false, true] {
        let mut unit = subject.gallery_units.begin().await.expect("begin");
        unit.jobs().schedule(&new).await.expect("schedule");
        unit.jobs().complete(&claimed.claim).await.expect("complete");
        assert_eq!(due(subject).await, [], "not committed");
        assert_eq!(state(subject, &old).await, Some(JobState::Running), "not committed");
        if commits {
            unit.commit().await.expect("commit");
        } else {
            drop(unit);
            assert_eq!(state(subject, &old).await, Some(JobState::Running), "dropped");
            assert_eq!(state(subject, &new).await, None, "dropped");
        }
    }
    assert_eq!(due(subject).await, [new.id()]);
    assert_eq!(state(subject, &old).await, Some(JobState::Done));
}

/// `claim` MUST take a job only when it is ready and due, or running with an expired lease, by the database's clock.
pub async fn claim_must_take_a_job_only_when_it_is_ready_and_due_or_running_with_an_expired_lease(
    subject: &DatabaseSubject,
) {
    let job = job(1);
    assert_eq!(try_claim(subject, &job, MINUTE).await, None, "there is no such job");
    schedule(subject, &job).await;
    let foreign = subject.jobs.claim(OTHER_ACCOUNT, job.id(), MINUTE).await.expect("claim");
    assert_eq!(foreign, None, "it is another account's");
    claim(subject, &job, MINUTE).await;
    assert_eq!(try_claim(subject, &job, MINUTE).await, None, "it is claimed");
    subject.time.elapse(MINUTE / 2).await;
    assert_eq!(try_claim(subject, &job, MINUTE).await, None, "the lease holds");
    subject.time.elapse(MINUTE / 2).await;
    let claimed = claim(subject, &job, MINUTE).await;
    complete(subject, &claimed).await;
    subject.time.elapse(2 * MINUTE).await;
    assert_eq!(try_claim(subject, &job, MINUTE).await, None, "it is done");
}

/// Of any number of concurrent claims exactly one MUST succeed.
pub async fn of_any_number_of_concurrent_claims_exactly_one_must_succeed(subject: &DatabaseSubject) {
    let job = job(1);
    schedule(subject, &job).await;
    for round in 1..=3 {
        let claims = join_all((0..16).map(|_| try_claim(subject, &job, MINUTE))).await;
        let claimed: Vec<ClaimedJob> = claims.into_iter().flatten().collect();
        assert_eq!(claimed.len(), 1, "round {round}: {claimed:?}");
        assert_eq!(claimed[0].attempt, round);
        subject.time.elapse(MINUTE).await;
    }
}

/// `claim` MUST count an attempt and draw a new token.
pub async fn claim_must_count_an_attempt_and_draw_a_new_token(subject: &DatabaseSubject) {
    let job = job(1);
    schedule(subject, &job).await;
    let mut tokens = BTreeSet::new();
    let attempts = job.kind.max_attempts() + 1;
    for attempt in 1..=attempts {
        let claimed = claim(subject, &job, MINUTE).await;
        assert_eq!(claimed.attempt, attempt);
        assert_eq!((claimed.kind, claimed.subject), (job.kind, job.subject));
        assert_eq!((claimed.claim.account, claimed.claim.job), (ACCOUNT, job.id()));
        assert!(tokens.insert(claimed.claim.token), "a token came twice");
        assert_eq!(claimed.is_exhausted(), attempt == attempts, "attempt {attempt}");
        subject.time.elapse(MINUTE).await;
    }
}

/// `extend` holds on to the claim for another lease from now.
pub async fn extend_must_hold_on_to_the_claim_for_another_lease_from_now(subject: &DatabaseSubject) {
    let job = job(1);
    schedule(subject, &job).await;
    let claimed = claim(subject, &job, MINUTE).await;
    subject.time.elapse(MINUTE / 2).await;
    subject.jobs.extend(&claimed.claim, MINUTE).await.expect("extend");
    subject.time.elapse(MINUTE / 2 + MINUTE / 4).await;
    assert_eq!(try_claim(subject, &job, MINUTE).await, None, "the lease was extended");
    subject.time.elapse(MINUTE / 4).await;
    assert_eq!(claim(subject, &job, MINUTE).await.attempt, 2, "the extended lease has ended");
}

/// `extend`, `hand_back` and `retry` under a stale token MUST fail with `Superseded` and change nothing.
pub async fn extend_hand_back_and_retry_under_a_stale_token_must_fail_with_superseded_and_change_nothing(
    subject: &DatabaseSubject,
) {
    let job = job(1);
    schedule(subject, &job).await;
    let stale = claim(subject, &job, MINUTE).await.claim;
    subject.time.elapse(MINUTE).await;
    let present = claim(subject, &job, MINUTE).await;
    let before = record(subject, &job, JobState::Running).await;
    let never = JobClaim { token: FencingToken::new(Uuid::from_u128(1)), ..stale };
    let foreign = JobClaim { account: OTHER_ACCOUNT, ..present.claim };
    for claim in [stale, never, foreign] {
        for outcome in [
            subject.jobs.extend(&claim, LONG).await,
            subject.jobs.hand_back(&claim).await,
            subject.jobs.retry(&claim, LONG, "not yet").await,
        ] {
            assert!(matches!(outcome, Err(StoreError::Superseded { .. })), "{outcome:?}");
        }
    }
    assert_eq!(record(subject, &job, JobState::Running).await, before);
    subject.time.elapse(MINUTE).await;
    let last = claim(subject, &job, MINUTE).await;
    assert_eq!(last.attempt, 3, "neither the lease nor the attempts were changed");
    complete(subject, &last).await;
    let outcome = subject.jobs.extend(&last.claim, LONG).await;
    assert!(matches!(outcome, Err(StoreError::Superseded { .. })), "the claim has ended: {outcome:?}");
}

/// `hand_back` MUST take the attempt back and make the job due now.
pub async fn hand_back_must_take_the_attempt_back_and_make_the_job_due_now(subject: &DatabaseSubject) {
    let job = job(1);
    schedule(subject, &job).await;
    for _ in 0..3 {
        let claimed = claim(subject, &job, LONG).await;
        assert_eq!(claimed.attempt, 1);
        subject.jobs.hand_back(&claimed.claim).await.expect("hand back");
        assert_eq!(record(subject, &job, JobState::Ready).await.attempt, 0);
        assert_eq!(due(subject).await, [job.id()]);
        let outcome = subject.jobs.hand_back(&claimed.claim).await;
        assert!(matches!(outcome, Err(StoreError::Superseded { .. })), "it was handed back: {outcome:?}");
    }
}

/// `retry` MUST keep the attempt, the reason, and make the job due after the delay.
pub async fn retry_must_keep_the_attempt_and_the_reason_and_make_the_job_due_after_the_delay(
    subject: &DatabaseSubject,
) {
    let job = job(1);
    schedule(subject, &job).await;
    let claimed = claim(subject, &job, LONG).await;
    let before = database_now(subject).await;
    subject.jobs.retry(&claimed.claim, MINUTE, "the provider is away").await.expect("retry");
    let after = database_now(subject).await;
    let record = record(subject, &job, JobState::Ready).await;
    assert_eq!((record.attempt, record.reason.as_deref()), (1, Some("the provider is away")));
    assert!(before + MINUTE <= record.run_at && record.run_at <= after + MINUTE, "{record:?}");
    assert_eq!(try_claim(subject, &job, LONG).await, None, "it is not its time");
    subject.time.elapse(MINUTE).await;
    assert_eq!(claim(subject, &job, LONG).await.attempt, 2);
}

/// `due` MUST list only claimable jobs, the longest due first, and change nothing.
pub async fn due_must_list_only_claimable_jobs_the_longest_due_first_and_change_nothing(
    subject: &DatabaseSubject,
) {
    let minutes = |count: u32| count * MINUTE;
    let (done, buried, running, stuck) = (job(1), job(2), job(3), job(4));
    for job in [&done, &buried, &running, &stuck] {
        schedule(subject, job).await;
    }
    complete(subject, &claim(subject, &done, LONG).await).await;
    bury(subject, &claim(subject, &buried, LONG).await, "hopeless").await;
    claim(subject, &running, LONG).await;
    claim(subject, &stuck, minutes(5)).await;
    let theirs = NewJob { account: OTHER_ACCOUNT, ..job(5) };
    schedule(subject, &theirs.after(minutes(4))).await;
    schedule(subject, &job(6).after(minutes(3))).await;
    schedule(subject, &job(7).after(minutes(6))).await;
    schedule(subject, &job(8).after(minutes(9))).await;

    subject.time.elapse(minutes(2)).await;
    assert_eq!(due(subject).await, []);
    subject.time.elapse(minutes(5)).await;
    let expected = [job(6), theirs, stuck, job(7)].map(|job| job.wake_up());
    for _ in 0..2 {
        assert_eq!(subject.jobs.due(100).await.expect("due"), expected);
    }
    assert_eq!(subject.jobs.due(2).await.expect("due"), expected[..2]);
    assert_eq!(record(subject, &job(6), JobState::Ready).await.attempt, 0, "looking counts no attempt");
}

/// `revive` MUST make a buried job ready with no attempts counted, and leave any other job alone.
pub async fn revive_must_make_a_buried_job_ready_with_no_attempts_counted_and_leave_any_other_job_alone(
    subject: &DatabaseSubject,
) {
    let (buried, ready, running, done) = (job(1), job(2), job(3), job(4));
    for job in [&buried, &ready, &running, &done] {
        schedule(subject, job).await;
    }
    bury(subject, &claim(subject, &buried, LONG).await, "hopeless").await;
    let claimed = claim(subject, &running, LONG).await;
    complete(subject, &claim(subject, &done, LONG).await).await;

    for (job, expected) in [
        (&buried, true),
        (&buried, false),
        (&ready, false),
        (&running, false),
        (&done, false),
        (&job(9), false),
    ] {
        assert_eq!(subject.jobs.revive(ACCOUNT, job.id()).await.expect("revive"), expected, "{job:?}");
    }
    assert!(!subject.jobs.revive(OTHER_ACCOUNT, buried.id()).await.expect("revive"));
    assert_eq!(claim(subject, &buried, LONG).await.attempt, 1);
    assert_eq!(state(subject, &done).await, Some(JobState::Done));
    subject.jobs.extend(&claimed.claim, LONG).await.expect("the claim is still held");
}

/// `list` gives the jobs in a state, the latest first.
pub async fn list_must_give_the_jobs_in_a_state_the_latest_first(subject: &DatabaseSubject) {
    let erase = NewJob::now(ACCOUNT, JobKind::EraseGalleryItem, Uuid::from_u128(77));
    for job in [job(1), job(2), erase, job(3)] {
        schedule(subject, &job).await;
        subject.time.elapse(MINUTE).await;
    }
    for job in [job(2), erase, job(1)] {
        bury(subject, &claim(subject, &job, LONG).await, "hopeless").await;
        subject.time.elapse(MINUTE).await;
    }
    let buried = subject.jobs.list(JobState::Buried, 100).await.expect("list");
    let ids: Vec<_> = buried.iter().map(|record| (record.job, record.kind, record.subject)).collect();
    let expected = [job(1), erase, job(2)].map(|job| (job.id(), job.kind, job.subject));
    assert_eq!(ids, expected);
    assert_eq!(subject.jobs.list(JobState::Buried, 2).await.expect("list"), buried[..2]);
    let ready = subject.jobs.list(JobState::Ready, 100).await.expect("list");
    assert_eq!(ready.iter().map(|record| record.job).collect::<Vec<_>>(), [job(3).id()]);
}

/// `forget_done` removes only jobs that are done for longer than the age, and no more than the limit.
pub async fn forget_done_must_remove_only_jobs_that_are_done_for_longer_than_the_age(
    subject: &DatabaseSubject,
) {
    for number in 1..=4 {
        schedule(subject, &job(number)).await;
    }
    for number in 1..=3 {
        complete(subject, &claim(subject, &job(number), LONG).await).await;
        subject.time.elapse(MINUTE).await;
    }
    bury(subject, &claim(subject, &job(4), LONG).await, "hopeless").await;
    assert_eq!(subject.jobs.forget_done(4 * MINUTE, 100).await.expect("forget"), 0);
    assert_eq!(subject.jobs.forget_done(MINUTE + MINUTE / 2, 1).await.expect("forget"), 1);
    assert_eq!(subject.jobs.forget_done(MINUTE + MINUTE / 2, 100).await.expect("forget"), 1);
    assert_eq!(state(subject, &job(3)).await, Some(JobState::Done), "it ended lately");
    subject.time.elapse(LONG).await;
    assert_eq!(subject.jobs.forget_done(MINUTE, 100).await.expect("forget"), 1);
    assert_eq!(state(subject, &job(4)).await, Some(JobState::Buried), "what is buried is kept");
}

async fn assert_cannot_be_written_under(subject: &DatabaseSubject, claim: &JobClaim) {
    let begin = async || subject.gallery_units.begin().await.expect("begin");
    let mut unit = begin().await;
    let outcome = unit.jobs().confirm(claim).await;
    assert!(matches!(outcome, Err(StoreError::Superseded { .. })), "confirm: {outcome:?}");
    drop(unit);
    let mut unit = begin().await;
    let outcome = unit.jobs().complete(claim).await;
    assert!(matches!(outcome, Err(StoreError::Superseded { .. })), "complete: {outcome:?}");
    drop(unit);
    let mut unit = begin().await;
    let outcome = unit.jobs().bury(claim, "hopeless").await;
    assert!(matches!(outcome, Err(StoreError::Superseded { .. })), "bury: {outcome:?}");
}

async fn bury(subject: &DatabaseSubject, job: &ClaimedJob, reason: &str) {
    let mut unit = subject.gallery_units.begin().await.expect("begin");
    unit.jobs().bury(&job.claim, reason).await.expect("bury");
    unit.commit().await.expect("commit");
}

async fn due(subject: &DatabaseSubject) -> Vec<kernel::JobId> {
    let due = subject.jobs.due(100).await.expect("due");
    due.into_iter().map(|wake_up| wake_up.job).collect()
}

async fn state(subject: &DatabaseSubject, job: &NewJob) -> Option<JobState> {
    for state in [JobState::Ready, JobState::Running, JobState::Done, JobState::Buried] {
        if find(subject, job, state).await.is_some() {
            return Some(state);
        }
    }
    None
}

async fn record(subject: &DatabaseSubject, job: &NewJob, state: JobState) -> JobRecord {
    find(subject, job, state).await.expect("a job in that state")
}

async fn find(subject: &DatabaseSubject, job: &NewJob, state: JobState) -> Option<JobRecord> {
    let records = subject.jobs.list(state, 100).await.expect("list");
    records.into_iter().find(|record| (record.account, record.job) == (job.account, job.id()))
}

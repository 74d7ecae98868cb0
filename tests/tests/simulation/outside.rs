//! What comes to the program from outside: what people do, what Telegram brings, what providers call back about, what
//! operators give.

use std::time::Duration;

use avatar::{ParkedTraining, TrainingCallback};
use balance::OperationKey;
use chat::{CallbackData, inbound_update};
use generation::{Parked, ParkedCallback, ProviderName};
use kernel::{CallbackSubject, Credits, Inbox as _, ProviderEvent, UpdateId};
use serde_json::Value;
use testkit::fakes::FakeCallbackUrls;

use crate::agenda::{Agenda, Entry, Event};
use crate::coverage::Coverage;
use crate::node::{Node, Part};
use crate::people::Deed;
use crate::scenario::{Intake, NODES};
use crate::world::World;

/// A call from outside that a node is at.
const VISIT: Part = "a visit";
/// How often a provider calls in vain.
const MOST_CALLS: u32 = 10;

/// Whether a part that ended was only a visit.
pub fn is_visit(part: Part) -> bool {
    part == VISIT
}

/// Does what the agenda says.
pub fn perform(world: &World, nodes: &mut [Option<Node>; NODES], event: Event) {
    match event {
        Event::Act { person } => act(world, person),
        // What becomes of nodes is their life's affair.
        Event::Start { .. } | Event::Stop { .. } | Event::Kill { .. } => {}
        Event::Update { update, tries } => visit(
            world,
            nodes,
            tries,
            |tries| Event::Update { update: update.clone(), tries },
            |node, done| {
                let (database, bell, update) = (node.database.clone(), node.bell.clone(), update.clone());
                node.tasks.spawn(async move {
                    let inbound = inbound_update(&update).expect("an update");
                    // What fails is brought again.
                    if database.accept(std::slice::from_ref(&inbound)).await.is_ok() {
                        bell.ring([inbound.chat]);
                        done.is_done();
                    }
                    VISIT
                });
            },
        ),
        Event::Callback { provider, address, event, tries } => {
            if tries > MOST_CALLS {
                world.coverage.saw("callback: given up by the provider");
                return;
            }
            let again = |tries| Event::Callback {
                provider: provider.clone(),
                address: address.clone(),
                event: event.clone(),
                tries,
            };
            visit(world, nodes, tries, again, |node, done| {
                call_back(world, node, done, &provider, &address, &event)
            });
        }
        Event::Gift { person, number, tries } => {
            let room = world.people()[person].room();
            visit(
                world,
                nodes,
                tries,
                |tries| Event::Gift { person, number, tries },
                |node, done| {
                    let (accounts, balances) = (node.accounts.clone(), node.balances.clone());
                    node.tasks.spawn(async move {
                        let user = account::TelegramUserId::new(room.get());
                        let key: OperationKey = format!("purchase:{number}").parse().expect("a key");
                        match accounts.find(user).await {
                            Ok(Some(account)) => {
                                let given =
                                    balances.grant_paid(account.id, &key, Credits::of(15), "a gift").await;
                                if given.is_ok() {
                                    done.is_done();
                                }
                            }
                            Ok(None) => done.is_done(),
                            Err(_) => {}
                        }
                        VISIT
                    });
                },
            );
        }
    }
}

/// The repetition of a call, which is not needed once the call is done.
struct Repetition {
    agenda: Agenda,
    entry: Entry,
}

impl Repetition {
    fn is_done(&self) {
        self.agenda.cancel(self.entry);
    }
}

/// Calls a living node; again after a while unless it is done.
fn visit(
    world: &World,
    nodes: &mut [Option<Node>; NODES],
    tries: u32,
    again: impl Fn(u32) -> Event,
    call: impl FnOnce(&mut Node, Repetition),
) {
    let now = world.clock.elapsed();
    let mut living: Vec<&mut Node> =
        nodes.iter_mut().flatten().filter(|node| !node.stop.is_cancelled()).collect();
    if living.is_empty() {
        world.agenda.at(now + Duration::from_secs(2), again(tries));
        return;
    }
    let pause = world.outside().between(Duration::from_secs(5), Duration::from_secs(30));
    let entry = world.agenda.at(now + pause, again(tries + 1));
    let count = u64::try_from(living.len()).expect("a few nodes");
    let chosen = usize::try_from(world.outside().below(count)).expect("a few nodes");
    call(living.swap_remove(chosen), Repetition { agenda: world.agenda.clone(), entry });
}

fn call_back(
    world: &World,
    node: &mut Node,
    done: Repetition,
    provider: &str,
    address: &str,
    event: &ProviderEvent,
) {
    let (provider, event) = (ProviderName::new(provider), event.clone());
    let route = FakeCallbackUrls::route(address).expect("an address of ours");
    let (account, attempt) = (route.account, route.attempt);
    world.trace.note(format!("{provider} calls back about {:?} ({})", route.subject, event.request_id));
    match route.subject {
        CallbackSubject::Generation(generation) => {
            let callback = ParkedCallback { provider, account, generation, attempt, event };
            call_back_about_images(world, node, done, callback);
        }
        CallbackSubject::Training(avatar) => {
            let callback = TrainingCallback { provider, account, avatar, attempt, event };
            call_back_about_training(world, node, done, callback);
        }
    }
}

fn call_back_about_images(world: &World, node: &mut Node, done: Repetition, callback: ParkedCallback) {
    let (generations, coverage) = (node.generations.clone(), world.coverage.clone());
    let database = world.database.clone();
    node.tasks.spawn(async move {
        let tables = database.committed();
        let Ok(parked) = generations.park_callback(&callback).await else {
            // The provider hears of a failure and calls again.
            return VISIT;
        };
        done.is_done();
        note_callback(&coverage, parked, tables.generations.get(&(callback.account, callback.generation)));
        VISIT
    });
}

fn call_back_about_training(world: &World, node: &mut Node, done: Repetition, callback: TrainingCallback) {
    let (avatars, coverage) = (node.avatars.clone(), world.coverage.clone());
    let database = world.database.clone();
    node.tasks.spawn(async move {
        let tables = database.committed();
        let Ok(parked) = avatars.park_callback(&callback).await else {
            return VISIT;
        };
        done.is_done();
        note_training_callback(&coverage, parked, tables.avatars.get(&(callback.account, callback.avatar)));
        VISIT
    });
}

fn note_training_callback(coverage: &Coverage, parked: ParkedTraining, avatar: Option<&avatar::Avatar>) {
    use avatar::StateName;
    coverage.saw(match parked {
        ParkedTraining::New => "training callback: new",
        ParkedTraining::Repeat => "training callback: a repeat, or of a deleted avatar",
    });
    if parked == ParkedTraining::New
        && let Some(avatar) = avatar
    {
        coverage.saw(match avatar.state.name() {
            StateName::Submitting => "training callback: before the answer",
            StateName::Training => "training callback: while it is awaited",
            StateName::Queued => "training callback: while another attempt waits",
            StateName::Copying => "training callback: while weights are copied",
            _ => "training callback: after the end",
        });
    }
}

fn note_callback(coverage: &Coverage, parked: Parked, generation: Option<&generation::Generation>) {
    use generation::StateName;
    coverage.saw(match parked {
        Parked::New => "callback: new",
        Parked::Repeat => "callback: a repeat",
    });
    if parked == Parked::New
        && let Some(generation) = generation
    {
        coverage.saw(match generation.state.name() {
            StateName::Submitting => "callback: before the answer",
            StateName::Submitted => "callback: while it is awaited",
            StateName::Held => "callback: while another attempt waits",
            StateName::Stored => "callback: after the images were kept",
            StateName::Delivered => "callback: after the delivery",
            StateName::Failed | StateName::Cancelled | StateName::Expired => {
                "callback: after the end in vain"
            }
        });
    }
}

fn act(world: &World, person: usize) {
    let Deed { updates, gift, next } = world.people()[person].act(&world.telegram, &world.coverage);
    let now = world.clock.elapsed();
    for update in updates {
        world.trace.note(format!("person {person} {}", in_short(&update)));
        send(world, now, update);
    }
    if let Some(number) = gift {
        for _ in 0..2 {
            world.agenda.at(now, Event::Gift { person, number, tries: 1 });
        }
    }
    if let Some(pause) = next {
        world.agenda.at(now + pause, Event::Act { person });
    }
}

/// What a person did.
fn in_short(update: &Value) -> String {
    if let Some(data) = update["callback_query"]["data"].as_str() {
        let message = &update["callback_query"]["message"]["message_id"];
        return match CallbackData::decode(data) {
            Ok(data) => format!("presses at {message}: {data:?}"),
            Err(_) => format!("presses at {message} something unreadable"),
        };
    }
    format!("says {}", update["message"]["text"])
}

/// Gives an update to Telegram, which gives or brings it to the program.
fn send(world: &World, now: Duration, update: Value) {
    let id = UpdateId::new(update["update_id"].as_i64().expect("an update"));
    world.note_update(inbound_update(&update).expect("an update").chat, id);
    match world.scenario.intake {
        Intake::Polling => world.telegram.push(id, update),
        Intake::Webhook => {
            let times = *world.outside().pick(&[1, 1, 2, 3]);
            for _ in 0..times {
                let delay = world.outside().between(Duration::ZERO, Duration::from_secs(4));
                world.agenda.at(now + delay, Event::Update { update: update.clone(), tries: 1 });
            }
        }
    }
}

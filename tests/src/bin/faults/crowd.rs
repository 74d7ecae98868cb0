//! All the people of a seed.

use tests::Driving;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::somebody::{Occupation, Somebody};

/// Of so many people one trains an avatar, and one makes an instant one.
const ONE_TRAINS_IN: usize = 25;

/// People who live until they are told to leave.
pub struct Crowd {
    living: JoinSet<u64>,
    leave: watch::Sender<bool>,
}

impl Crowd {
    /// So many people appear; what each does follows from the seed and from what the bot says.
    pub async fn gather(driving: &Driving, seed: u64, people: usize) -> Self {
        let leave = watch::Sender::new(false);
        let mut living = JoinSet::new();
        for number in 0..people {
            let occupation = match number % ONE_TRAINS_IN {
                3 => Occupation::TrainsAnAvatar,
                11 => Occupation::MakesAnInstantAvatar,
                _ => Occupation::Draws,
            };
            let somebody = Somebody::appear(driving, seed, number, occupation).await;
            living.spawn(somebody.live(leave.subscribe()));
        }
        Self { living, leave }
    }

    /// Everybody stops doing anything; how much they have done in all.
    pub async fn leave(mut self) -> u64 {
        self.leave.send_replace(true);
        let mut deeds = 0;
        while let Some(done) = self.living.join_next().await {
            deeds += done.expect("a person does not die");
        }
        deeds
    }
}

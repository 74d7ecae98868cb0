//! `check`

use std::process::ExitCode;

use bytes::Bytes;
use generation::ModelEntry;
use kernel::{ObjectKey, ProviderError};

use crate::Container;
use crate::configuration::Configuration;
use crate::output::{column, moment, say};

/// What was found out about one thing.
enum Finding {
    /// It works.
    Works(String),
    /// It is not set up, which may be meant so.
    NotSetUp(String),
    /// Something must be done.
    Wrong(String),
}

pub(crate) async fn run(configuration: Configuration) -> anyhow::Result<ExitCode> {
    let container = Container::configured(configuration).await?;
    let mut wrong = 0_u32;
    let mut report = |name: &str, finding: Finding| {
        let (mark, words) = match finding {
            Finding::Works(words) => ("ok", words),
            Finding::NotSetUp(words) => ("--", words),
            Finding::Wrong(words) => {
                wrong += 1;
                ("WRONG", words)
            }
        };
        say(&format!("{} {} {words}", column(mark, 5), column(name, 42)))
    };
    report("database", database(&container).await)?;
    report("objects", objects(&container).await)?;
    report("redis", redis(&container).await)?;
    report("telegram", telegram(&container).await)?;
    report("safety check (openai)", safety_check(&container).await)?;
    let now = container.foundation.clock.now();
    for model in container.generations.registry().all() {
        let finding = match model.shutdown {
            Some(at) if at <= now => Finding::NotSetUp(format!("retired since {}", moment(at))),
            _ => image_model(&container, model).await,
        };
        report(&format!("{} ({})", model.id, model.provider), finding)?;
    }
    let lifted = container.generations.probe_paused().await?;
    if lifted > 0 {
        say(&format!("pauses lifted: {lifted}"))?;
    }
    Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn database(container: &Container) -> Finding {
    match container.foundation.database.now().await {
        Ok(now) => Finding::Works(format!("its clock says {}", moment(now))),
        Err(error) => Finding::Wrong(with_causes(&error)),
    }
}

async fn objects(container: &Container) -> Finding {
    match write_read_remove(container).await {
        Ok(()) => Finding::Works("written, read and removed".to_owned()),
        Err(error) => Finding::Wrong(format!("{error:#}")),
    }
}

async fn redis(container: &Container) -> Finding {
    let Some(redis) = &container.foundation.redis else {
        return Finding::NotSetUp(
            "not set up: right for one process; several need AISHA_REDIS__URL".to_owned(),
        );
    };
    match redis.version().await {
        Ok(version) => Finding::Works(format!("version {version}")),
        Err(error) => Finding::Wrong(with_causes(&error)),
    }
}

async fn write_read_remove(container: &Container) -> anyhow::Result<()> {
    let key: ObjectKey = format!("checks/{}", container.foundation.ids.uuid()).parse()?;
    let written = Bytes::from_static(b"a check");
    container.objects.put(&key, written.clone(), "text/plain").await?;
    let read = container.objects.get(&key).await?;
    container.objects.delete(&key).await?;
    anyhow::ensure!(read == Some(written), "what was written was not read back");
    Ok(())
}

async fn telegram(container: &Container) -> Finding {
    match container.telegram.identity().await {
        Ok(bot) => Finding::Works(format!("@{}", bot.username)),
        Err(error) => Finding::Wrong(with_causes(&error)),
    }
}

async fn safety_check(container: &Container) -> Finding {
    match &container.moderator {
        None => Finding::NotSetUp("not set up: the makers of images check descriptions alone".to_owned()),
        Some(moderator) => probed(moderator.probe().await),
    }
}

async fn image_model(container: &Container, model: &ModelEntry) -> Finding {
    if !container.generators.contains_key(&model.provider) {
        return Finding::NotSetUp(format!("there is no key for {}", model.provider));
    }
    probed(container.generations.probe(model).await)
}

fn probed(outcome: Result<(), ProviderError>) -> Finding {
    match outcome {
        Ok(()) => Finding::Works("answers".to_owned()),
        Err(error) => Finding::Wrong(with_causes(&error)),
    }
}

/// An error with everything underneath it, in one line.
fn with_causes(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

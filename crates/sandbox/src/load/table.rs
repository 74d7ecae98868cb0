//! The figures as a table for people.

use std::fmt::Write as _;
use std::time::Duration;

use super::report::{LoopFigures, Report};
use super::spread::{Spread, milliseconds};

/// The table, ending with a line break.
pub(super) fn render(report: &Report) -> String {
    let mut table = String::new();
    // Writing into a string cannot fail.
    let _written = write(&mut table, report);
    table
}

fn write(table: &mut String, report: &Report) -> std::fmt::Result {
    let Report { build, processors, people, seconds, .. } = report;
    writeln!(
        table,
        "\nThe bot under load: {build} build, {processors} processors shared with the sandbox, {people} people in a \
         closed loop, {seconds} s each\n"
    )?;
    writeln!(
        table,
        "  {:<12}{:>11}{:>14}{:>13}{:>13}{:>12}{:>14}{:>18}",
        "",
        "updates/s",
        "CPU/update",
        "answer p50",
        "answer p99",
        "unanswered",
        "peak memory",
        "sandbox's own CPU"
    )?;
    for loops in &report.loops {
        match loops.settings.as_slice() {
            [] => writeln!(table, "  with the defaults")?,
            settings => writeln!(table, "  limits lifted: {}", settings.join(" "))?,
        }
        for figures in &loops.commands {
            write_loop(table, figures)?;
        }
    }
    let memory = &report.memory;
    writeln!(
        table,
        "\n  memory of the bot\n    idle {} · idle after the load {}\n    {} generations in flight ({} at the provider, \
         the others queued) {} · peak while they are delivered {} ({:.1} s)",
        megabytes(memory.idle),
        megabytes(memory.idle_after_load),
        memory.in_flight.generations,
        memory.in_flight.at_provider,
        megabytes(memory.in_flight.memory),
        megabytes(memory.in_flight.peak_memory),
        memory.in_flight.delivered_in_seconds,
    )?;
    let image = u64::try_from(report.image_bytes).unwrap_or(u64::MAX);
    writeln!(table, "\n  from the provider's answer to our send, images of {}", megabytes(image))?;
    for delivery in &report.deliveries {
        writeln!(
            table,
            "    {} images, {:>3} in flight   {} · not as an album {} · CPU of an album {}, the sandbox's own {}",
            delivery.images,
            delivery.in_flight,
            spread(&delivery.answer_to_send),
            delivery.not_as_album,
            time(delivery.bot_processor_time),
            time(delivery.sandbox_processor_time),
        )?;
    }
    writeln!(
        table,
        "\n  start-up to the first answered update\n    new database {} · again {}",
        time(report.start_up.new_database),
        spread(&report.start_up.again)
    )?;
    writeln!(table, "\n  bot audit: {}", report.audit)
}

fn write_loop(table: &mut String, figures: &LoopFigures) -> std::fmt::Result {
    writeln!(
        table,
        "  {:<12}{:>11.1}{:>14}{:>13}{:>13}{:>12}{:>14}{:>18}",
        format!("  {}", figures.command),
        figures.updates_per_second,
        time(figures.bot_processor_time),
        time(figures.answer.p50),
        time(figures.answer.p99),
        figures.unanswered,
        megabytes(figures.peak_memory),
        time(figures.sandbox_processor_time),
    )
}

fn spread(spread: &Spread) -> String {
    format!("p50 {} · p99 {} ({} measured)", time(spread.p50), time(spread.p99), spread.count)
}

fn time(time: Duration) -> String {
    match milliseconds(time) {
        short if short < 10.0 => format!("{short:.2} ms"),
        long => format!("{long:.0} ms"),
    }
}

/// Millions of bytes, with one digit behind the point.
fn megabytes(bytes: u64) -> String {
    let tenths = bytes.saturating_add(50_000) / 100_000;
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_rounded_for_reading() {
        assert_eq!(megabytes(37_949_999), "37.9 MB");
        assert_eq!(megabytes(37_950_000), "38.0 MB");
        assert_eq!(time(Duration::from_micros(717)), "0.72 ms");
        assert_eq!(time(Duration::from_micros(123_900)), "124 ms");
    }
}

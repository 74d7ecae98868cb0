//! How far a training is, out of the lines that its trainer writes.

use kernel::Percent;

/// The share that is done, as the latest line says that tells of steps, such as `step 40/1000` or
/// ` 4%|▍         | 40/1000 [00:12<04:48, 3.3 steps/s]`.
pub(super) fn share_done(log: &[String]) -> Option<Percent> {
    log.iter().rev().find_map(|line| share_in(line))
}

fn share_in(line: &str) -> Option<Percent> {
    if !line.to_lowercase().contains("step") {
        return None;
    }
    let slashes = line.match_indices('/').map(|(position, _)| position);
    slashes.rev().find_map(|slash| {
        let (before, after) = line.split_at(slash);
        share(last_number(before)?, first_number(after.strip_prefix('/')?)?)
    })
}

fn share(done: u64, all: u64) -> Option<Percent> {
    if all == 0 || done > all {
        return None;
    }
    u8::try_from(u128::from(done) * 100 / u128::from(all)).ok().map(Percent::new)
}

fn last_number(text: &str) -> Option<u64> {
    let text = text.trim_end();
    let digits = text.bytes().rev().take_while(u8::is_ascii_digit).count();
    text.get(text.len() - digits..)?.parse().ok()
}

fn first_number(text: &str) -> Option<u64> {
    let text = text.trim_start();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    text.get(..digits)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share_of(lines: &[&str]) -> Option<u8> {
        let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        share_done(&lines).map(Percent::get)
    }

    #[test]
    fn many_ways_of_writing_are_read() {
        for (line, expected) in [
            ("step 40/1000", 4),
            ("Step: 999 / 1000", 99),
            ("Steps: 1000/1000 done", 100),
            ("[2026/11/24] training step 250/1000", 25),
            ("  4%|▍         | 40/1000 [00:12<04:48,  3.32steps/s]", 4),
            ("STEP 0/2500, loss=0.5", 0),
        ] {
            assert_eq!(share_of(&[line]), Some(expected), "{line}");
        }
    }

    #[test]
    fn the_latest_line_that_tells_of_steps_counts() {
        assert_eq!(
            share_of(&["step 1/10", "step 5/10", "Saving 1/2 files", "step n/a", "step 11/10"]),
            Some(50)
        );
    }

    #[test]
    fn anything_else_tells_nothing() {
        for lines in [
            &[][..],
            &["Fetching 5/5 files"],
            &["step 5"],
            &["steps/s"],
            &["step 1/0"],
            &["step 99999999999999999999/1"],
        ] {
            assert_eq!(share_of(lines), None, "{lines:?}");
        }
    }
}

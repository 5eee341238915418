//! Times as Keystone writes them: `2026-11-22T13:54:16.000000Z`.

use std::time::Duration;

/// How long it is from one to another; `None` where one is none, or they stand the other way.
pub(super) fn between(from: &str, to: &str) -> Option<Duration> {
    let seconds = seconds(to)?.checked_sub(seconds(from)?)?;
    u64::try_from(seconds).ok().filter(|seconds| *seconds > 0).map(Duration::from_secs)
}

/// Whole seconds since the epoch.
fn seconds(text: &str) -> Option<i64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let [year, month, day] = numbers(date, '-')?;
    let [hour, minute, second] = numbers(time.split('.').next()?, ':')?;
    let good = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second < 61;
    // Years begin in March, so that the day that some have more is the last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 719_469;
    good.then_some(days * 86_400 + hour * 3_600 + minute * 60 + second)
}

fn numbers(text: &str, between: char) -> Option<[i64; 3]> {
    let digits = |part: &str| !part.is_empty() && part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = text.split(between);
    let mut next = || parts.next().filter(|part| digits(part))?.parse().ok();
    let found = [next()?, next()?, next()?];
    parts.next().is_none().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_that_of_the_calendar() {
        for (text, said) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2000-02-29T12:00:00.5Z", Some(951_825_600)),
            ("2026-11-22T13:54:16.000000Z", Some(1_795_355_656)),
            ("2026-13-01T00:00:00Z", None),
            ("2026-11-22 13:54:16", None),
            ("2026-11-22T13:54Z", None),
            ("2026-11-22T13:54:16+09:00", None),
            ("", None),
        ] {
            assert_eq!(seconds(text), said, "{text}");
        }
        let (one, other) = ("2026-02-28T23:59:59Z", "2026-03-01T00:00:01.9Z");
        assert_eq!((between(one, other), between(other, one)), (Some(Duration::from_secs(2)), None));
    }
}

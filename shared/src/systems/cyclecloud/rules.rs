//! The rules of the service, as far as they can be told from what is sent alone.

use super::filter::Wrong;
use crate::systems::rules::rules;

rules! {
    /// Of names and ids.
    Missing "is missing";
    /// Of how many nodes are added.
    Count "is below 1";
    /// Of the sets of nodes to add.
    Sets "needs at least one";
    /// Of how nodes are named.
    NameFormat "needs %d once, where the number stands";
    /// Of what the numbers begin after.
    NameOffset "is below 0";
    /// Of what the numbers begin after.
    OffsetAlone "is of use only with nameFormat";
    /// Of ids that callers choose.
    RequestId "has 1 to 128 visible ASCII characters";
    /// Of what is to be done something to.
    Selection "needs something that selects nodes: ids, names, hostnames, ip_addresses or filter";
    /// Of what stands in a list of nodes.
    EmptyItem "holds an empty text";
    /// Of filter expressions.
    Filter(Wrong) "is not an expression that the service can read";
    /// Of the totals of a scale.
    OneTotal "needs exactly one of totalCoreCount and totalNodeCount";
    /// Of the totals of a scale.
    Total "is below 0";
    /// Of a range of time.
    Range "is needed with timeframe custom";
    /// Of a range of time.
    RangeAlone "is of use only with timeframe custom";
    /// Of an instant.
    Instant "is not a date or an instant of ISO 8601, such as 2026-11-01 or 2026-11-01T06:00Z";
    /// Of a range of time.
    Backwards "is not after from";
}

/// Whether a caller's own id of a request may be so.
pub(super) fn is_request_id(id: &str) -> bool {
    (1..=128).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Whether names are made of it with a number in it: it may be filled up with zeros.
pub(super) fn is_name_format(format: &str) -> bool {
    let mut parts = format.split('%').skip(1);
    let numbered = |part: &str| part.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with('d');
    parts.next().is_some_and(numbered) && parts.next().is_none()
}

/// The seconds since the epoch of a date or an instant of ISO 8601; without a zone it is one of UTC, as the service has
/// it.
pub fn instant(text: &str) -> Option<i64> {
    let (date, time) = text.split_once('T').map_or((text, None), |(date, time)| (date, Some(time)));
    let number = |part: &str, digits: usize| {
        (part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit())).then(|| part.parse::<i64>().ok())?
    };
    let mut parts = date.split('-');
    let (year, month, day) = (number(parts.next()?, 4)?, number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    if parts.next().is_some() || !(1..=12).contains(&month) || !(1..=days_of(year, month)).contains(&day) {
        return None;
    }
    let seconds = time.map_or(Some(0), |time| {
        let zone = time.find(['Z', '+', '-']).unwrap_or(time.len());
        let (clock, zone) = time.split_at(zone);
        let ahead = match zone {
            "" | "Z" => 0,
            _ => {
                let (hours, minutes) = zone[1..].split_once(':').unwrap_or((&zone[1..], "00"));
                let ahead = number(hours, 2).filter(|hours| *hours <= 14)? * 3600
                    + number(minutes, 2).filter(|minutes| *minutes < 60)? * 60;
                if zone.starts_with('-') { -ahead } else { ahead }
            }
        };
        let mut parts = clock.split(':');
        let hours = number(parts.next()?, 2).filter(|hours| *hours <= 24)?;
        let minutes = number(parts.next()?, 2).filter(|minutes| *minutes < 60)?;
        let seconds = parts.next().map_or(Some(0), |seconds| {
            let (whole, part) = seconds.split_once('.').unwrap_or((seconds, "0"));
            let good = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            number(whole, 2).filter(|whole| good && *whole < 60)
        })?;
        parts.next().is_none().then_some(hours * 3600 + minutes * 60 + seconds - ahead)
    })?;
    Some(days_since_epoch(year, month, day) * 86_400 + seconds)
}

fn days_of(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let before = year - 1;
    let leap_days = before / 4 - before / 100 + before / 400 - (1969 / 4 - 1969 / 100 + 1969 / 400);
    let of_year: i64 = (1..month).map(|month| days_of(year, month)).sum();
    (year - 1970) * 365 + leap_days + of_year + day - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_of_iso_8601() {
        for (text, seconds) in [
            ("1970-01-01", Some(0)),
            ("2000-02-29T12:30", Some(951_827_400)),
            ("2026-11-01T06:00:00Z", Some(1_793_512_800)),
            ("2026-11-01T06:00:00.250+09:00", Some(1_793_480_400)),
            ("2026-11-01T06:00-0530", None),
            ("2026-11-01T06:00-05", Some(1_793_530_800)),
            ("2026-02-29", None),
            ("2026-13-01", None),
            ("2026-1-1", None),
            ("2026-11-01T25:00", None),
            ("2026-11-01T06:00:00.", None),
            ("2026-11-01T", None),
            ("yesterday", None),
            ("", None),
            ("2026-11-01Té", None),
        ] {
            assert_eq!(instant(text), seconds, "{text}");
        }
    }

    #[test]
    fn formats_of_names_have_one_number() {
        for (format, good) in [
            ("custom-name-%d", true),
            ("n%03d-x", true),
            ("%d", true),
            ("custom", false),
            ("%d-%d", false),
            ("%s-%d", false),
            ("", false),
        ] {
            assert_eq!(is_name_format(format), good, "{format}");
        }
    }
}

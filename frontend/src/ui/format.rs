//! Numbers, sizes, durations and identifiers as people read them.

use crate::i18n::*;

/// What stands for what is not known.
pub(crate) const UNKNOWN: &str = "—";

/// Cuts the middle out of an identifier, keeping its end, which tells it from its neighbours.
pub(crate) fn cut_middle(text: &str, limit: usize) -> String {
    let count = text.chars().count();
    if count <= limit || limit < 3 {
        return text.to_owned();
    }
    let head = (limit - 1) / 3;
    let tail = limit - 1 - head;
    let mut out: String = text.chars().take(head).collect();
    out.push('…');
    out.extend(text.chars().skip(count - tail));
    out
}

/// A count with separators.
pub(crate) fn count(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3 + 1);
    if number < 0 {
        out.push('−');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number with one decimal at most.
pub(crate) fn decimal(number: f64) -> String {
    let tenths = (number * 10.0).round() as i64;
    let whole = count(tenths / 10);
    let sign = if tenths < 0 && tenths > -10 { "−" } else { "" };
    match tenths.unsigned_abs() % 10 {
        0 => whole,
        rest => format!("{sign}{whole}.{rest}"),
    }
}

/// A part of a hundred, with one decimal at most.
pub(crate) fn percent(part: f64) -> String {
    format!("{}%", decimal(part))
}

/// A size that is given in MiB, in the unit that keeps it short.
pub(crate) fn mebibytes(mib: i64) -> String {
    let size = mib as f64;
    match mib.unsigned_abs() {
        0..=1023 => format!("{} MiB", count(mib)),
        1024..=1_048_575 => format!("{} GiB", decimal(size / 1024.0)),
        _ => format!("{} TiB", decimal(size / 1_048_576.0)),
    }
}

/// A duration in ms, in its two largest units.
pub(crate) fn duration(language: Locale, milliseconds: f64) -> String {
    let seconds = (milliseconds.max(0.0) / 1000.0) as u64;
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600, seconds / 60);
    match seconds {
        0..60 => td_string!(language, time.s, s = seconds).to_string(),
        60..3600 => td_string!(language, time.min_s, min = minutes, s = two(seconds % 60)).to_string(),
        3600..86_400 => td_string!(language, time.h_min, h = hours, min = two(minutes % 60)).to_string(),
        _ => td_string!(language, time.d_h, d = days, h = two(hours % 24)).to_string(),
    }
}

/// How long ago something was, in ms, in one unit.
pub(crate) fn ago(language: Locale, milliseconds: f64) -> String {
    let seconds = (milliseconds.max(0.0) / 1000.0) as u64;
    match seconds {
        0..5 => td_string!(language, time.now).to_string(),
        5..60 => td_string!(language, time.ago_s, n = seconds).to_string(),
        60..3600 => td_string!(language, time.ago_min, n = seconds / 60).to_string(),
        3600..86_400 => td_string!(language, time.ago_h, n = seconds / 3600).to_string(),
        _ => td_string!(language, time.ago_d, n = seconds / 86_400).to_string(),
    }
}

fn two(number: u64) -> String {
    format!("{number:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_keep_their_end() {
        assert_eq!(cut_middle("application_1700000000000_0042", 16), "appli…00000_0042");
        assert_eq!(cut_middle("short", 16), "short");
        assert_eq!(cut_middle("가나다라마바사아자차", 5), "가…아자차");
    }

    #[test]
    fn counts_are_grouped() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(10_000), "10,000");
        assert_eq!(count(-1_234_567), "−1,234,567");
    }

    #[test]
    fn decimals_are_short() {
        assert_eq!(decimal(95.0), "95");
        assert_eq!(decimal(60.000004), "60");
        assert_eq!(decimal(1.25), "1.3");
        assert_eq!(decimal(-0.5), "−0.5");
    }

    #[test]
    fn parts_have_no_blank() {
        assert_eq!(percent(33.333), "33.3%");
        assert_eq!(percent(100.0), "100%");
    }

    #[test]
    fn sizes_are_binary() {
        assert_eq!(mebibytes(512), "512 MiB");
        assert_eq!(mebibytes(1536), "1.5 GiB");
        assert_eq!(mebibytes(1024 * 1024 * 3), "3 TiB");
    }

    #[test]
    fn durations_have_two_units() {
        assert_eq!(duration(Locale::en, 42_000.0), "42 s");
        assert_eq!(duration(Locale::en, 245_000.0), "4 min 05 s");
        assert_eq!(duration(Locale::en, 3_840_000.0), "1 h 04 min");
        assert_eq!(duration(Locale::ko, 3_840_000.0), "1시간 04분");
        assert_eq!(duration(Locale::en, 3.0 * 86_400_000.0 + 14_400_000.0), "3 d 04 h");
        assert_eq!(duration(Locale::en, -5.0), "0 s");
    }

    #[test]
    fn ages_have_one_unit() {
        assert_eq!(ago(Locale::en, 200_000.0), "3 min ago");
        assert_eq!(ago(Locale::ko, 200_000.0), "3분 전");
        assert_eq!(ago(Locale::en, -9_000.0), "just now");
    }
}

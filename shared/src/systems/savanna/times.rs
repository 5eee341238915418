//! Times as the services write them, and what they tell of a cluster.

use super::clusters::Cluster;
use super::rules::Dialect;

/// The milliseconds since the epoch of `2013-07-09T09:24:44`, with a blank for the `T`, a fraction, or a `Z` at the end:
/// the services write UTC. `None` for what is no time.
pub fn instant(text: &str) -> Option<i64> {
    let text = text.trim().trim_end_matches('Z');
    let (date, time) = text.split_once(['T', ' '])?;
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let [year, month, day] = numbers(date, '-')?;
    let [hour, minute, second] = numbers(time, ':')?;
    let fits = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second < 61;
    if !fits || !(1970..=9999).contains(&year) {
        return None;
    }
    // Years begin in March here, in cycles of 400 years.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (cycle, of_cycle) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * month + 2) / 5 + day - 1;
    let days = cycle * 146_097 + of_cycle * 365 + of_cycle / 4 - of_cycle / 100 + of_year - 719_468;
    Some(((days * 24 + hour) * 60 + minute) * 60_000 + second * 1000)
}

/// Three numbers without a sign.
fn numbers(text: &str, between: char) -> Option<[i64; 3]> {
    let mut parts = text.split(between).map(|part| {
        let plain = (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<i64>().ok().filter(|_| plain)
    });
    let numbers = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(numbers)
}

impl Cluster {
    /// When it was made. The services of the reference tell it of its groups alone.
    pub fn made(&self) -> Option<i64> {
        let own = self.created_at.as_ref().or(self.created.as_ref());
        let groups = self.node_groups.iter().filter_map(|group| group.created_at.as_ref().or(group.created.as_ref()));
        own.and_then(|text| instant(text)).or_else(|| groups.filter_map(|text| instant(text)).min())
    }

    /// How many nodes it has: those that are there, or where none is, those that its groups are to have.
    pub fn nodes(&self) -> i64 {
        let there: usize = self.node_groups.iter().map(|group| group.instances.len()).sum();
        let counts = self.node_groups.iter().filter_map(|group| group.count);
        if there > 0 { there as i64 } else { counts.sum() }
    }

    /// Whose rules the service has that tells of it.
    pub fn dialect(&self) -> Dialect {
        let newer = self.created_at.is_some() || self.tenant_id.is_some() || self.status_description.is_some();
        if newer { Dialect::Today } else { Dialect::Reference }
    }
}

#[cfg(test)]
mod tests {
    use super::super::templates::NodeGroup;
    use super::*;

    #[test]
    fn times_are_those_of_the_calendar() {
        for (text, ms) in [
            ("1970-01-01T00:00:00", 0),
            ("2000-02-28 23:59:59", 951_782_399_000),
            ("2000-02-29T00:00:00.123456", 951_782_400_000),
            ("2013-07-09T09:24:44Z", 1_373_361_884_000),
            ("2100-03-01 00:00:00.0", 4_107_542_400_000),
        ] {
            assert_eq!(instant(text), Some(ms), "{text}");
        }
        for text in
            ["", "T", "2013-07-09", "2013-13-09T09:24:44", "2013-07-09T24:00:00", "+013-07-09T09:24:44", "가T나"]
        {
            assert_eq!(instant(text), None, "{text}");
        }
    }

    #[test]
    fn a_cluster_of_the_reference_is_as_old_as_its_oldest_group() {
        let group =
            |created: &str| NodeGroup { created: Some(created.to_owned()), count: Some(2), ..NodeGroup::default() };
        let groups = vec![group("2013-07-09T09:24:45"), group("2013-07-09T09:24:44"), group("?")];
        let cluster = Cluster { node_groups: groups, ..Cluster::default() };
        assert_eq!(cluster.made(), Some(1_373_361_884_000));
        assert_eq!((cluster.nodes(), cluster.dialect()), (6, Dialect::Reference));
    }
}

//! The service's rules in the viewer's language, and the member that a refusal of the service names.

use howdah_shared::systems::savanna::Rule;

use crate::i18n::*;

/// What is wrong with what breaks a rule.
pub(super) fn rule_words(i18n: I18nContext<Locale>, rule: Rule) -> String {
    match rule {
        Rule::Name => t_string!(i18n, savanna.rule_name),
        Rule::Tag => t_string!(i18n, savanna.rule_tag),
        Rule::UserName => t_string!(i18n, savanna.rule_user_name),
        Rule::Missing => t_string!(i18n, savanna.rule_missing),
        Rule::Id => t_string!(i18n, savanna.rule_id),
        Rule::Flavor => t_string!(i18n, savanna.rule_flavor),
        Rule::KeyPair => t_string!(i18n, savanna.rule_key_pair),
        Rule::Processes => t_string!(i18n, savanna.rule_processes),
        Rule::ProcessTwice => t_string!(i18n, savanna.rule_process_twice),
        Rule::MountPath => t_string!(i18n, savanna.rule_mount_path),
        Rule::Volumes | Rule::Count => t_string!(i18n, savanna.rule_count),
        Rule::VolumeSize => t_string!(i18n, savanna.rule_volume_size),
        Rule::GroupTwice => t_string!(i18n, savanna.rule_group_twice),
        Rule::Inline => t_string!(i18n, savanna.rule_inline),
        Rule::HostName => t_string!(i18n, savanna.rule_host_name),
        Rule::Needed => t_string!(i18n, savanna.rule_needed),
        Rule::NothingToScale => t_string!(i18n, savanna.rule_nothing_to_scale),
        Rule::CheckAlone | Rule::CheckWord => t_string!(i18n, savanna.rule_check),
    }
    .to_string()
}

/// The member of a body that stands first in a sentence of the service: `resize_node_groups[0][count]: -1 is less …`, as
/// its parts `resize_node_groups`, `0`, `count`.
pub(super) fn member(said: &str) -> Option<Vec<&str>> {
    let (path, _) = said.lines().find_map(|line| line.split_once(": "))?;
    let parts: Vec<&str> = path.split('[').map(|part| part.trim_end_matches(']')).collect();
    let plain = |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    parts.iter().all(plain).then_some(parts)
}

/// Whether a sentence of the service speaks of something by its name, as a word of its own or in quotes.
pub(super) fn speaks_of(said: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let ends = |text: &str| text.chars().next_back().is_none_or(|c| !is_part(c));
    let begins = |text: &str| {
        // A full stop that ends the sentence is not of the name.
        let rest = text.strip_prefix('.').filter(|rest| !rest.starts_with(|c: char| is_part(c))).unwrap_or(text);
        rest.chars().next().is_none_or(|c| !is_part(c))
    };
    !name.is_empty() && said.match_indices(name).any(|(at, _)| ends(&said[..at]) && begins(&said[at + name.len()..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_member_is_found_where_the_service_names_one() {
        let said = "resize_node_groups[0][count]: -1 is less than the minimum of 0\nError ID: 9520b4f7";
        assert_eq!(member(said), Some(vec!["resize_node_groups", "0", "count"]));
        assert_eq!(member("name: 'a_b' is not a 'valid_name_hostname'"), Some(vec!["name"]));
        for none in ["", "Quota exceeded for RAM: Requested 1, but available 0", "no member here", "Error ID: 1"] {
            assert_eq!(member(none), None, "{none}");
        }
    }

    #[test]
    fn names_are_whole_words() {
        let said = "Can't add new nodegroup. Cluster already has nodegroup with name 'worker'";
        assert!(speaks_of(said, "worker") && !speaks_of(said, "work") && !speaks_of(said, ""));
        assert!(speaks_of("Chosen node group big-worker cannot be scaled", "big-worker"));
        assert!(!speaks_of("Chosen node group big-worker cannot be scaled", "worker"));
        assert!(speaks_of("It is worker.", "worker") && !speaks_of("It is worker.b", "worker"));
    }
}

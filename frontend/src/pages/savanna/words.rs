//! What the members of bodies are called, and what is wrong with them, in the viewer's language.

use howdah_shared::systems::savanna::{Rule, Share, instant};

use crate::i18n::*;
use crate::ui::time::{self, Precision};

/// What is wrong with a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// It is no whole number.
    Number,
    /// It breaks a rule of the service.
    Rule(Rule),
    /// What the service says, or the door of Howdah.
    Service(String),
}

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
        Rule::SharePath => t_string!(i18n, savanna.rule_share_path),
        Rule::SharePathTwice => t_string!(i18n, savanna.rule_share_path_twice),
        Rule::Access => t_string!(i18n, savanna.rule_access),
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

/// What is to be said of it.
pub(super) fn said_word(i18n: I18nContext<Locale>, said: &Said) -> String {
    match said {
        Said::Number => t_string!(i18n, form.number).to_string(),
        Said::Rule(rule) => rule_words(i18n, *rule),
        Said::Service(words) => words.clone(),
    }
}

macro_rules! words {
    ($i18n:ident, $what:expr, $($pattern:pat => $key:ident),* $(,)? $(; $rest:expr)?) => {
        match $what {
            $($pattern => t_string!($i18n, form.$key).to_string(),)*
            $(_ => $rest,)?
        }
    };
}

/// What the last part of a place is called: `node_groups[0].flavor_id` is a flavor.
pub(super) fn member_word(i18n: I18nContext<Locale>, place: &str) -> String {
    let name = place.rsplit('.').next().unwrap_or_default();
    let name = name.split('[').next().unwrap_or_default();
    words!(i18n, name,
        "name" => name,
        "description" => description,
        "plugin_name" => plugin,
        "hadoop_version" => version,
        "cluster_template_id" => template,
        "default_image_id" | "image_id" => image,
        "neutron_management_network" => network,
        "user_keypair_id" => key_pair,
        "flavor_id" => flavor,
        "floating_ip_pool" => pool,
        "volumes_per_node" => volumes,
        "volumes_size" => volume_size,
        "volume_mount_prefix" => mount,
        "volume_type" => volume_type,
        "volumes_availability_zone" => volume_zone,
        "volume_local_to_instance" => volume_local,
        "availability_zone" => zone,
        "security_groups" => security_groups,
        "auto_security_group" => auto_security_group,
        "is_proxy_gateway" => gateway,
        "use_autoconfig" => autoconfig,
        "is_transient" => transient,
        "domain_name" => domain,
        "id" | "shares" => shares,
        "path" => share_path,
        "access_level" => share_access,
        "is_public" => public,
        "is_protected" => protected,
        "node_processes" => processes,
        "anti_affinity" => anti_affinity,
        "node_groups" => groups,
        "count" => count,
        "node_group_template_id" => group_template,
        "node_configs" | "cluster_configs" => options,
        ; name.to_owned()
    )
}

/// A time of the service's, in the viewer's zone; as it stands where it is no time.
pub(super) fn when_word(language: Locale, told: Option<&String>) -> Option<String> {
    let told = told?;
    Some(instant(told).map_or_else(|| told.clone(), |at| time::short(language, at, Precision::Second)))
}

/// What is mounted where, where anything is.
pub(super) fn shares_word(language: Locale, shares: &[Share]) -> Option<String> {
    let each = shares.iter().filter_map(|share| {
        let id = share.id.as_deref()?;
        let place = share.path.clone().unwrap_or_else(|| format!("/mnt/{id}"));
        let reads = share.access_level.as_deref() == Some("ro");
        let access = if reads { format!(" ({})", td_string!(language, form.share_reads)) } else { String::new() };
        Some(format!("{id} → {place}{access}"))
    });
    let each: Vec<String> = each.collect();
    (!each.is_empty()).then(|| each.join(", "))
}

/// What to know before a member is typed.
pub(super) fn hint(i18n: I18nContext<Locale>, name: &str) -> String {
    words!(i18n, name,
        "flavor_id" => hint_flavor,
        "security_groups" => hint_list,
        "neutron_management_network" => hint_network,
        "floating_ip_pool" => hint_pool,
        "user_keypair_id" => hint_key_pair,
        ; String::new()
    )
}

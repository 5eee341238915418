//! The rules of the service, as far as they can be told from what is sent alone. The services of the reference and those
//! of today differ in some; what leaves Howdah holds those that both have, and a form that knows its service holds all of
//! that service's.

use crate::systems::rules::rules;

/// Whose rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Those of the reference's own versions (0.2, 0.3).
    Reference,
    /// Those of today's (from 2014 on, up to 19).
    Today,
    /// Those that all have.
    Either,
}

/// The most characters of a name.
const NAME_LIMIT: usize = 50;
/// The most characters of the name of a machine, with what the service adds to it.
const HOST_LIMIT: usize = 64;

impl Dialect {
    /// Names of templates, clusters and node groups become those of machines.
    pub fn is_name(self, name: &str) -> bool {
        let inner = |c: char| c.is_ascii_alphanumeric() || c == '-' || (c == '_' && self != Dialect::Today);
        let label = |label: &str| {
            label.starts_with(|c: char| c.is_ascii_alphabetic())
                && label.ends_with(|c: char| c.is_ascii_alphanumeric())
                && label.chars().all(inner)
        };
        (1..=NAME_LIMIT).contains(&name.len()) && name.split('.').all(label)
    }

    /// Tags become names of what is written down about an image.
    pub fn is_tag(self, tag: &str) -> bool {
        let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let label = |label: &str| {
            label.starts_with(|c: char| c.is_ascii_alphanumeric())
                && label.ends_with(|c: char| c.is_ascii_alphanumeric())
                && label.chars().all(inner)
        };
        tag.split('.').all(label)
    }
}

/// Whether a key pair may be called so.
pub(super) fn is_key_pair(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ' '))
}

/// Whether disks may be mounted there.
pub(super) fn is_mount_path(path: &str) -> bool {
    let part =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    path.strip_prefix('/').is_some_and(|rest| rest.split('/').all(part))
}

/// Whether it is a UUID, with or without dashes.
pub(super) fn is_uuid(text: &str) -> bool {
    let dashed = text.len() == 36 && [8, 13, 18, 23].iter().all(|at| text.as_bytes()[*at] == b'-');
    (dashed || text.len() == 32) && text.bytes().filter(u8::is_ascii_hexdigit).count() == 32
}

/// Whether a flavor may be called so: by a number or a UUID.
pub(super) fn is_flavor(id: &str) -> bool {
    (!id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit())) || is_uuid(id)
}

/// Whether the name of the machine with the highest number of a group fits, where the service ends it as Nova does.
pub fn fits_host(cluster: &str, group: &str, count: i64) -> bool {
    let digits = count.max(0).to_string().len().max(3);
    cluster.len() + group.len() + digits + "--.novalocal".len() <= HOST_LIMIT
}

rules! {
    /// Of templates, clusters and node groups.
    Name "has 1 to 50 letters, digits, dashes and dots, begins with a letter and ends with a letter or a digit";
    /// Of tags.
    Tag "has letters, digits, dashes, underscores and dots, and begins and ends with a letter or a digit";
    /// Of the user of an image.
    UserName "is empty";
    /// Of plugins and versions.
    Missing "is missing";
    /// Of ids of images, templates and networks.
    Id "is not an id";
    /// Of flavors.
    Flavor "is neither a number nor an id";
    /// Of key pairs.
    KeyPair "has letters, digits, dashes, underscores and blanks";
    /// Of what runs on the nodes of a group.
    Processes "needs at least one";
    /// Of what runs on the nodes of a group.
    ProcessTwice "stands twice";
    /// Of where disks are mounted.
    MountPath "is a path of letters, digits, dashes and underscores that begins with a slash";
    /// Of where shared file systems are mounted.
    SharePath "is not a path that begins with a slash";
    /// Of where shared file systems are mounted.
    SharePathTwice "is where another is mounted";
    /// Of shared file systems.
    Access "is neither rw nor ro";
    /// Of how many disks a node has.
    Volumes "is below 0";
    /// Of the size of disks.
    VolumeSize "is below 1";
    /// Of how many nodes a group has.
    Count "is below 0";
    /// Of the names of node groups in one body.
    GroupTwice "is the name of another group already";
    /// Of groups that are not from a template.
    Inline "is needed where the group is not from a template";
    /// Of the names that machines get.
    HostName "makes the names of machines longer than 64 characters with that of the group";
    /// Of what a cluster is made of, where no template says it.
    Needed "is needed, here or from the template";
    /// Of what is to be scaled.
    NothingToScale "needs a group to resize or to add";
    /// Of a check of a cluster's health.
    CheckAlone "must stand alone";
    /// Of the only word that a check understands.
    CheckWord "must be START";
}

/// Has bodies checked by those of their rules that every service has, wherever they are.
macro_rules! checked {
    ($($name:ident),+) => {
        $crate::systems::rules::checked!($($name),+; $crate::systems::savanna::Dialect::Either);
    };
}

pub(super) use checked;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_those_of_machines() {
        for (name, reference, today) in [
            ("master", true, true),
            ("a.b-c.d1", true, true),
            ("bad_name", true, false),
            ("1st", false, false),
            ("a-", false, false),
            ("a..b", false, false),
            ("", false, false),
            ("이름", false, false),
            (&"n".repeat(50), true, true),
            (&"n".repeat(51), false, false),
        ] {
            let said = [Dialect::Reference, Dialect::Today, Dialect::Either].map(|dialect| dialect.is_name(name));
            assert_eq!(said, [reference, today, reference], "{name}");
        }
    }

    #[test]
    fn tags_key_pairs_paths_flavors_and_ids() {
        for (tag, good) in
            [("vanilla", true), ("1.2.1", true), ("some_other_tag", true), ("bad tag", false), ("", false)]
        {
            assert_eq!(Dialect::Either.is_tag(tag), good, "{tag}");
        }
        assert!(is_key_pair("doc-keypair 2") && !is_key_pair("a/b") && !is_key_pair(""));
        assert!(is_mount_path("/volumes/disk") && !is_mount_path("volumes") && !is_mount_path("/a//b"));
        assert!(is_flavor("42") && is_flavor("e017fdde-a2f7-41ed-b342-2d63083e7772") && !is_flavor("m1.tiny"));
        assert!(is_uuid("e017fddea2f741edb3422d63083e7772") && !is_uuid("e017fdde-a2f7-41ed-b342-2d63083e777z"));
        assert!(fits_host(&"n".repeat(40), "worker", 3) && !fits_host(&"n".repeat(50), "worker", 3));
    }
}

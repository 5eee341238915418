//! Which versions of its API a service speaks.

use crate::systems::reads::reads;

reads! {
    /// The reply of [`ShowVersions`](super::ShowVersions).
    VersionsReply {
        /// The versions.
        versions "versions": objects Version;
    }

    /// A version of the API.
    Version {
        /// Its name: `v1.0`.
        id "id": text;
        /// `CURRENT` or `SUPPORTED`.
        status "status": text;
        /// The oldest of its own versions that is spoken.
        min_version "min_version": text;
        /// The newest.
        max_version "max_version": text;
        /// Where it is.
        links "links": objects Link;
    }

    /// Where something is.
    Link {
        /// What it is: `self`.
        rel "rel": text;
        /// The address, relative to that of the reply.
        href "href": text;
    }
}

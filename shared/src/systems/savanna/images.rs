//! The image registry: which images clusters may be made of, and as whom one signs in on their machines.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::rules::{Dialect, Fault, Rule, checked};
use crate::operation::Input;
use crate::systems::reads::reads;
use crate::systems::writes::writes;

reads! {
    /// The reply of [`ListImages`](super::ListImages).
    ImagesReply {
        /// The registered images.
        images "images": objects Image;
    }

    /// The reply of the calls about one image.
    ImageReply {
        /// The image.
        image "image": object Image;
    }

    /// A registered image.
    Image {
        /// Its id.
        id "id": text;
        /// Its name.
        name "name": text;
        /// `ACTIVE`, …
        status "status": text;
        /// As whom one signs in on its machines.
        username "username": text;
        /// What it is.
        description "description": text;
        /// What it is good for: a plugin's name and version.
        tags "tags": texts;
        /// The least disk that it takes, in GiB.
        min_disk "minDisk": integer;
        /// The least memory that it takes, in MiB.
        min_ram "minRam": integer;
        /// How much of it is there, in percent.
        progress "progress": integer;
        /// Its size in bytes; of newer services.
        size "OS-EXT-IMG-SIZE:size": integer;
        /// All that is written down about it; older and newer services begin the names in another way.
        metadata "metadata": "super::configs::by_name" BTreeMap<String, String>;
        /// When it was made; of newer services.
        created "created": text;
        /// When it was changed; of newer services.
        updated "updated": text;
    }
}

/// The query of [`ListImages`](super::ListImages).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, garde::Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct ImagesQuery {
    /// Those with all of these tags; each stands for itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Those with this in their names; of newer services.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Input for ImagesQuery {}

writes! {
    /// The body of [`RegisterImage`](super::RegisterImage).
    ImageRegistration {
        /// As whom one signs in on its machines.
        username: String;
        /// What it is.
        description?: String;
    }

    /// The body of [`TagImage`](super::TagImage) and of [`UntagImage`](super::UntagImage).
    ImageTags {
        /// The tags.
        tags: Vec<String>;
    }
}

impl ImageRegistration {
    /// What the service refuses of it.
    pub fn faults(&self, _: Dialect) -> Vec<Fault> {
        Rule::UserName.of("username", !self.username.trim().is_empty()).into_iter().collect()
    }
}

impl ImageTags {
    /// What the service refuses of it.
    pub fn faults(&self, dialect: Dialect) -> Vec<Fault> {
        let tags = self.tags.iter().enumerate();
        tags.filter_map(|(at, tag)| Rule::Tag.of(format!("tags[{at}]"), dialect.is_tag(tag))).collect()
    }
}

checked!(ImageRegistration, ImageTags);

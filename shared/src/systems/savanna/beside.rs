//! What the services beside it list that clusters are made of: flavors and key pairs (Nova), networks (Neutron), and
//! images that need not be registered (Glance). Savanna itself takes their ids and lists none.

use serde::{Deserialize, Serialize};

use crate::operation::Input;
use crate::systems::reads::reads;

reads! {
    /// The reply of [`ListFlavors`](super::ListFlavors).
    FlavorsReply {
        /// The flavors.
        flavors "flavors": objects Flavor;
    }

    /// What machines are like.
    Flavor {
        /// Its id.
        id "id": text;
        /// Its name.
        name "name": text;
        /// How many cores.
        vcpus "vcpus": integer;
        /// How much memory, in MiB.
        ram "ram": integer;
        /// How large its disk is, in GiB.
        disk "disk": integer;
    }

    /// The reply of [`ListKeyPairs`](super::ListKeyPairs).
    KeyPairsReply {
        /// The key pairs, each wrapped.
        keypairs "keypairs": objects WrappedKeyPair;
    }

    /// A key pair in what it is wrapped in.
    WrappedKeyPair {
        /// The key pair.
        keypair "keypair": object KeyPair;
    }

    /// A key pair.
    KeyPair {
        /// Its name, by which it is meant.
        name "name": text;
        /// What its public half is told by.
        fingerprint "fingerprint": text;
        /// Its kind: `ssh` or `x509`.
        kind "type": text;
    }

    /// The reply of [`ListNetworks`](super::ListNetworks).
    NetworksReply {
        /// The networks.
        networks "networks": objects Network;
    }

    /// A network.
    Network {
        /// Its id.
        id "id": text;
        /// Its name.
        name "name": text;
        /// `ACTIVE`, …
        status "status": text;
        /// Whether addresses of it are reached from outside: then it is a pool of them.
        external "router:external": flag;
        /// Whether every tenant may use it.
        shared "shared": flag;
    }

    /// The reply of [`ListStoredImages`](super::ListStoredImages).
    StoredImagesReply {
        /// The images.
        images "images": objects StoredImage;
        /// The path of the next page.
        next "next": text;
    }

    /// An image, registered or not.
    StoredImage {
        /// Its id.
        id "id": text;
        /// Its name.
        name "name": text;
        /// `active`, …
        status "status": text;
        /// `public`, `private`, …
        visibility "visibility": text;
        /// Its size in bytes.
        size "size": integer;
    }
}

/// The query of the lists of the services beside: which page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, garde::Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct PageQuery {
    /// How many at the most; the service may give fewer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(range(min = 1, max = 1000))]
    pub limit: Option<u32>,
    /// The id, or of key pairs the name, after which it begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(length(bytes, min = 1, max = 255))]
    pub marker: Option<String>,
}

impl Input for PageQuery {}

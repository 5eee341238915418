//! Plugins: which distributions there are, what runs on their nodes, and with which options.

use std::collections::BTreeMap;

use super::configs::ConfigValue;
use super::templates::ClusterTemplate;
use crate::systems::reads::reads;

reads! {
    /// The reply of [`ListPlugins`](super::ListPlugins).
    PluginsReply {
        /// The plugins.
        plugins "plugins": objects Plugin;
    }

    /// The reply of [`ShowPlugin`](super::ShowPlugin) and of [`ShowPluginVersion`](super::ShowPluginVersion).
    PluginReply {
        /// The plugin.
        plugin "plugin": object Plugin;
    }

    /// A plugin; what is about one of its versions is told with that one alone.
    Plugin {
        /// Its name, by which templates and clusters refer to it.
        name "name": text;
        /// What people call it.
        title "title": text;
        /// What it is, in a sentence.
        description "description": text;
        /// Its versions.
        versions "versions": texts;
        /// What runs on nodes, by service.
        node_processes "node_processes": "super::configs::by_name" BTreeMap<String, Vec<String>>;
        /// The tags that an image needs for it.
        required_image_tags "required_image_tags": texts;
        /// Its options.
        configs "configs": objects PluginConfig;
        /// What may be switched about it, by name; of newer services.
        plugin_labels "plugin_labels": "super::configs::by_name" BTreeMap<String, Label>;
        /// The same of each version.
        version_labels "version_labels": "super::configs::by_name" BTreeMap<String, BTreeMap<String, Label>>;
    }

    /// An option of a plugin.
    PluginConfig {
        /// Its name.
        name "name": text;
        /// What it does.
        description "description": text;
        /// `string`, `bool`, `int`, …
        config_type "config_type": text;
        /// What it may be, where that is a choice; of newer services.
        config_values "config_values": "super::configs::choices" Vec<ConfigValue>;
        /// What it is unless set.
        default_value "default_value": "super::configs::value" Option<ConfigValue>;
        /// What it is for: a service, or `general`.
        applicable_target "applicable_target": text;
        /// `cluster`, or `node` where each group of nodes may have its own.
        scope "scope": text;
        /// Whether it may be left out.
        is_optional "is_optional": flag;
        /// 1 for those that matter most.
        priority "priority": integer;
    }

    /// Something that may be switched about a plugin.
    Label {
        /// Whether it is on.
        status "status": flag;
        /// Whether it may be switched.
        mutable "mutable": flag;
        /// What it means.
        description "description": text;
    }

    /// The reply of [`ConvertConfig`](super::ConvertConfig) and of [`ConvertConfigAs`](super::ConvertConfigAs).
    ConvertedReply {
        /// What the file was made into.
        cluster_template "cluster_template": object ClusterTemplate;
    }
}

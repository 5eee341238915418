//! Amounts of memory, cores and whatever else a cluster counts.

use super::reads;

reads! {
    /// An amount of resources.
    Resource {
        /// Memory, in MiB.
        memory "memory": integer;
        /// Virtual cores.
        v_cores "vCores": integer;
        /// Every kind of resource that the cluster counts; from 3.1 on.
        resource_informations "resourceInformations": object ResourceInformations;
    }

    /// The list within its wrapper.
    ResourceInformations {
        /// The amounts, one of each kind.
        resource_information "resourceInformation": objects ResourceInformation;
    }

    /// An amount of one kind of resource.
    ResourceInformation {
        /// Its name: `memory-mb`, `vcores`, `yarn.io/gpu`, …
        name "name": text;
        /// Its units: `Mi`, `G`, …; empty for a count.
        units "units": text;
        /// How much or how many.
        value "value": integer;
        /// The least that a container is given.
        minimum_allocation "minimumAllocation": integer;
        /// The most that a container is given; 2^63−1 where there is no limit.
        maximum_allocation "maximumAllocation": integer;
        /// `COUNTABLE`
        resource_type "resourceType": text;
        /// Tags of it.
        tags "tags": texts;
        /// Attributes of it.
        attributes "attributes": pairs;
    }

    /// What is used, by partition; from 2.8 on.
    ResourceUsages {
        /// A partition each; the name of the one without a label is empty.
        by_partition "resourceUsagesByPartition": objects ResourceUsage;
    }

    /// What is used of one partition.
    ResourceUsage {
        /// The node label.
        partition_name "partitionName": text;
        /// Used.
        used "used": object Resource;
        /// Reserved.
        reserved "reserved": object Resource;
        /// Asked for and not given.
        pending "pending": object Resource;
        /// Used by application masters.
        am_used "amUsed": object Resource;
        /// The most that application masters may use.
        am_limit "amLimit": object Resource;
        /// The most that application masters of one user may use.
        user_am_limit "userAmLimit": object Resource;
    }
}

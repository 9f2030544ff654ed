/** How long one answer may take: an API server under load takes seconds, one that is gone never answers. */
export const ANSWER_MS = 10_000

/** Bytes of one answer: a page of 500 pods has some 10 MB. */
export const ANSWER_BYTES = 32 * 1024 * 1024

/** Objects asked for at once, as kubectl does. */
export const PAGE = 500

/** Pages of one list: 10,000 pods of one workload are more than any cluster runs. */
export const MAX_PAGES = 20

/** Tries to write an object that others write at the same time. */
export const WRITE_TRIES = 5

/** How long a probe waits for controllers to follow, and how often it looks. */
export const SETTLE_MS = 20_000
export const SETTLE_EVERY_MS = 500

/** Names shown in one sentence. */
export const NAMED = 5

/** A kubeconfig has some kilobytes. */
export const MAX_KUBECONFIG_BYTES = 1024 * 1024

/** A hold without an end still carries one here, because nothing in a cluster would end it: a month. */
export const LONGEST_HOLD_MS = 30 * 24 * 3_600_000

/** Where policies of ours begin in the admin tier of ClusterNetworkPolicies: late, so that what administrators wrote is asked first. */
export const FIRST_CLUSTER_PRIORITY = 900

/** The last place of a tier (the schema of v1alpha2). */
export const CLUSTER_TIER_LAST = 1_000

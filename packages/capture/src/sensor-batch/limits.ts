/** Bounds of reading a sensor's batch; its driver ends batches far below them. */

/** Entries of one batch: what a storm of 250,000 records a second makes in a quarter of a second. */
export const MAX_BATCH_ENTRIES = 65_536

/** Groups of one batch: cgroups that were busy within one interval of delivery. */
export const MAX_BATCH_GROUPS = 4_096

/** A source is a dozen texts of at most 256 characters. */
export const MAX_SOURCE_BYTES = 16_384

/** A record of a kernel program is at most 32,768 bytes (SPEC S1), and its joint 64. */
export const MAX_SENSOR_ENTRY_BYTES = 32_768 + 64

/** An HTTP exchange: the bound of every content item. */
export const MAX_EXCHANGE_BYTES = 16 * 1024 * 1024

/** Trace ids by which one group is found; a cgroup runs far fewer tasks between two deliveries. */
export const MAX_GROUP_TRACES = 1_024

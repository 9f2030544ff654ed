/** Bounds of the driver. What a bound drops is counted by cgroup and type and told to the server. */

/** Bytes after which a batch ends before its time: one read of a ring at its fullest, and one write of the disk. */
export const BATCH_BYTES = 1024 * 1024
/** A batch ends after this long: what a person who watches does not notice. */
export const BATCH_MS = 50
/** Entries of one batch: half of what the server takes. */
export const BATCH_ENTRIES = 32_768
/**
 * Bytes and groups of one batch at most, whatever came since the last: the server takes 32 MiB and 4,096 groups, and refuses
 * what is larger as a whole. One exchange may have 15 MiB.
 */
export const BATCH_MOST_BYTES = 24 * 1024 * 1024
export const BATCH_MOST_GROUPS = 2_048
/** Bytes of one group; what comes then begins another. */
export const GROUP_BYTES = 16 * 1024 * 1024
/** Bytes of batches kept on disk while the server is away: an hour of a busy agent, minutes of a storm. */
export const SPOOL_BYTES = 256 * 1024 * 1024
/** Bytes of one file of the spool; an acknowledged file is removed whole. */
export const SPOOL_FILE_BYTES = 16 * 1024 * 1024
/** How often the spool is flushed to the disk while the server is away: what a power failure takes at most. */
export const SPOOL_SYNC_MS = 1_000
/** Between two tries to reach a server that is away: from the first to the most. */
export const RETRY_FIRST_MS = 100
export const RETRY_MOST_MS = 2_000
/** How long a request to the server may take: a batch waits for a disk that may be slow. */
export const REQUEST_MS = 30_000
/** Bytes of the answer to an enrolment: two certificates. */
export const ENROL_ANSWER_BYTES = 64 * 1024
/** A command stream on which nothing comes for so long is broken; the server writes an empty line every 5 s. */
export const COMMANDS_SILENT_MS = 20_000
/** Processes kept: every one of a host at its default limit of pids, and those that ended in the last minute. */
export const PROCESSES = 65_536
/** How long an ended process is kept, because records of the slower ring may still come. */
export const ENDED_KEPT_NS = 60_000_000_000
/** Ancestors that are looked at for a trace context; a chain that is deeper is cut and keeps what it knew. */
export const LINEAGE_DEPTH = 64
/** Folders of the cgroup tree that are looked at to find one. */
export const CGROUPS_WALKED = 50_000
/** Cgroups whose owner is remembered; what makes cgroups without end makes its own be looked up again. */
export const CGROUPS_KNOWN = 16_384
/** Characters kept of the path of a cgroup: in UTF-8 they leave room for the rest of what the server takes as a source. */
export const CGROUP_PATH_KEPT = 3_072
/** Cgroups watched by name at once: what the server takes in one report. */
export const WATCHED_MOST = 4_096
/** Between two walks for cgroups that were not found. */
export const CGROUP_WALK_MS = 1_000
/** How long records wait for the name of their pod before they go without it. */
export const SOURCE_WAIT_MS = 2_000
/** Between two questions to Kubernetes for pods that it did not know. */
export const PODS_ASK_MS = 2_000
/** Bytes of one answer of Kubernetes: the pods of one node, with room. */
export const PODS_BYTES = 32 * 1024 * 1024
/** How often the offset between the boot clock and the wall clock is measured. */
export const CLOCK_CHECK_MS = 5_000
/** An offset that moved by more is a step of the wall clock and not its being slewed. */
export const CLOCK_STEP_NS = 50_000_000n
/** How often losses and changes of what can be seen are told. */
export const REPORT_MS = 1_000
/** Losses of one report: what the server takes. */
export const LOSSES_TOLD = 256
/**
 * Rows of losses, by cgroup and reason, that are kept to count on: as many as cgroups may be watched by name. They are told in
 * sixteen reports, and their file is written at each batch that is lost. What the kernel dropped is not among them.
 */
export const LOSSES_KEPT = 4_096
/** How long a driver that is ended waits for the server to take its last batches. */
export const LAST_WORDS_MS = 1_000
/** How long a task that was asked to end may take before it is killed. */
export const STOP_GRACE_MS = 10_000
/** How long the kernel may take to freeze or to kill: 15 ms for 200 tasks, with room for a loaded machine. */
export const HOLD_SETTLE_MS = 5_000
/** Between two looks whether it has: most are done at the first. */
export const HOLD_LOOK_MS = 2
/** Pids of one command line: 4,096 bytes at eight each. */
export const HOLD_MEMBERS_TOLD = 400
/** How long a probe of a hold may live: it waits 300 ms for one byte, and for the hold itself. */
export const PROBE_MS = 15_000
/** Ends of holds that wait for the server: each was one command of a person's. */
export const ENDINGS_KEPT = 1_024
/** Between two looks at what is held. */
export const HOLD_WATCH_MS = 1_000
/** How late a pause's own process may be before the driver thaws in its place. */
export const THAW_LATE_NS = 2_000_000_000n
/** Records read of one answer: an honest one has some dozen. */
export const DNS_RECORDS = 64
/** Pointers followed in one name: servers write one, and a loop has no end. */
export const DNS_POINTERS = 16
/** Bytes of a name (RFC 1035 2.3.4). */
export const DNS_NAME_BYTES = 255
/** Between two questions for an allowed name at least: a name with a time to live of 0 is asked for no oftener. */
export const NAME_FLOOR_MS = 10_000
/** And at most: what moved is known within five minutes, whatever its time to live says. */
export const NAME_MOST_MS = 300_000
/** How long a hold waits for its names; what is not known by then is let in as soon as it is. */
export const NAME_WAIT_MS = 1_500
/** Addresses learned for one hold; a name with more has the rest refused, which is said. */
export const NAME_ADDRESSES = 256
/** Entries of an egress list that are on their way to the loader at once: a quarter of the commands that may wait. */
export const EGRESS_SENT_AT_ONCE = 256

/** Candidates that an ambiguous prefix names before it only counts: what fits a message that a person reads. */
export const AMBIGUOUS_SHOWN = 5

/** Pages of 1,000 rows read to resolve a prefix. Past 20,000 conversations a full id is asked for. */
export const RESOLVE_PAGES = 20

/** Rows of one page: the API's own bound. */
export const PAGE_ROWS = 1000

/** Rows of `audit list` unless asked for more, and of one page of it: the API's own bound. */
export const AUDIT_ROWS = 100
export const AUDIT_PAGE_ROWS = 500

/** Pages of it that are read for as many rows: a million entries looked through for violations. */
export const AUDIT_PAGES = 50
/** A file of settings: ten lines have some hundred bytes. */
export const SETTINGS_FILE_BYTES = 64 * 1024

/** Pages of 1,000 events that `readers` looks through; what lies beyond is counted. */
export const READER_PAGES = 50
export const INCIDENT_ROWS = 500

/** Rows that a list command prints unless told: more scrolls away unread, and the count says what is missing. */
export const LIST_ROWS = 100

/** Rows of one answer of a hunt: the API's own bound. */
export const HUNT_PAGE_ROWS = 1000

/** Answers of a hunt that one command asks for: each looks through millions of events, or into twenty thousand texts. */
export const HUNT_PAGES = 500

/** Values that `hunt --stack` prints: the API's own bound. */
export const STACK_ROWS = 1000

/** Tree rows that `graph` prints unless told. The JSON form is always whole. */
export const GRAPH_ROWS = 500

/** Joins of one step whose values `graph --values` reads back, and events that it asks for those of one: each is a request. */
export const JOINS_READ = 64
export const EVENTS_READ = 64

/** Levels of the tree that are indented; deeper rows say their depth in figures and stay on the screen. */
export const TREE_LEVELS = 16

/** Widest cell of a table, in columns; `-o wide` and the data formats cut nothing. */
export const CELL_COLUMNS = 60

/** One file of `import`: the bound of the server's own importer, checked before the bytes are read into memory. */
export const IMPORT_FILE_BYTES = 256 * 1024 * 1024

/** One line of a server-sent event stream. An event carries no texts, so a longer line is not one of ours. */
export const STREAM_LINE_CHARACTERS = 4 * 1024 * 1024

/** Pages of 1,000 events that `tail --since` reads back; where the time lies further back, it says so. */
export const SINCE_PAGES = 50

/**
 * Checkpoints of a served log that `log verify` compares, newest first: three days of the fastest signing, some hundred
 * megabytes and two minutes. Where there are more it says so; `--data` on the stopped folder compares all.
 */
export const VERIFY_CHECKPOINTS = 1_000_000

/** Leaf entries fetched by one request: the API's own bound. */
export const LEAVES_PER_REQUEST = 65_536

/** How long a server may take to say that it is ready: recovery of a large log included. */
export const SERVER_READY_MS = 60_000

/** Between two lines that say how far something long is. */
export const PROGRESS_MS = 5_000

/** How long demo and import wait for what they recorded to be folded into views. */
export const PROJECTION_WAIT_MS = 60_000

/** Bytes of a kept checkpoint: a note of three lines and a signature has a few hundred. */
export const CHECKPOINT_FILE_BYTES = 4096

/** Between two looks at what a run did so far. */
export const RUN_LOOK_MS = 2_000

/** Entries past which a run is looked at only at its end: each look reads them all. */
export const RUN_LOOK_ENTRIES = 20_000

/** How long `run` waits for the sensor of a server that has just been started: loading its programs takes a second. */
export const SENSOR_WAIT_MS = 10_000

/** How long what a run left behind may take to end by itself, once it was asked to. */
export const LEFT_BEHIND_MS = 2_000

/** A file of policies: a list of 4,096 destinations, each with what it rests on, has some 4 MB. */
export const POLICY_FILE_BYTES = 16 * 1024 * 1024

/** A seccomp profile: Docker's own has 15 KB. */
export const SECCOMP_PROFILE_BYTES = 1024 * 1024

/** How long a run whose program has ended waits for a server that went away: one that is started anew is there by then. */
export const SERVER_BACK_MS = 10_000
/** Rows of each list that `run` prints; the JSON form has them all. */
export const RUN_ROWS = 20

/** How long a proxy waits for the server to take a batch, before it keeps it for later. */
export const PROXY_ANSWER_MS = 10_000

/** How often a proxy that enforces approvals asks for them: a tool that is no longer approved is withheld by then. */
export const APPROVALS_REFRESH_MS = 5_000

/** How long a proxy that only reports waits for the roster before it lets the agent speak: the agent waits meanwhile. */
export const PROXY_ADMISSION_MS = 2_000
/** A browser that prints a report of a thousand lines takes some seconds. */
export const PRINT_MS = 120_000

/** How long a server may be late with its answer about orders, beyond the wait that the proxy asked for. */
export const PROXY_ORDERS_MS = 5_000
/** A signed roster or statement: thousands of lines of some hundred bytes. */
export const NOTE_BYTES = 16 * 1024 * 1024

/** Playbooks of one import: a runbook of ours has some 100 KiB. */
export const PLAYBOOK_BYTES = 8 * 1024 * 1024

/** Answer of a time-stamp authority: one signature and its certificates; real ones have 3 to 8 KiB. */
export const STAMP_BYTES = 64 * 1024

/** Stamped file that is checked here: it is held in memory. Larger ones are checked with openssl. */
export const STAMPED_BYTES = 1024 ** 3
/** Agents printed behind one count of the fleet: what the API gives at once. */
export const FLEET_ROWS = 1_000

/** Signals that come within this of the first are one act, told twice; whoever presses Ctrl-C again has waited longer. */
export const SAME_INTERRUPTION_MS = 500

/** What kubectl may print: a list of all pods of a large cluster has some 50 MB. */
export const KUBECTL_BYTES = 64 * 1024 * 1024
/** How long kubectl may take to forward a port: it looks the Pod up and connects once. */
export const FORWARD_READY_MS = 30_000

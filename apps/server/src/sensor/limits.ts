/** Bytes of one batch: a driver ends one at 1 MiB, unless a single HTTP exchange is larger. */
export const BATCH_BYTES = 32 * 1024 * 1024
/** Bytes of batches being read: the socket is one machine's, with one sensor and perhaps one that replaces it. */
export const BATCHES_IN_FLIGHT_BYTES = 128 * 1024 * 1024
/** Bytes of a report, of losses or of a result, each JSON: some hundred programs and a thousand cgroups. */
export const SENSOR_JSON_BYTES = 2 * 1024 * 1024
/** Sensors told apart: one a host, and those that the folder knew before. */
export const MAX_SENSORS = 64
/** Cgroups of one report that are kept to be shown. */
export const MAX_WATCHED = 4_096
/** Losses of one report; each may become a gap record. */
export const MAX_LOSSES = 256
/**
 * Counters of losses remembered, of all starts: of one, what its loader and its driver keep at most (36,864) and half as many
 * of others, at some 200 bytes. What is forgotten is found again in the log; a start that has more is no driver of ours.
 */
export const COUNTERS_REMEMBERED = 65_536
/** Ends of holds in one message: as many as a driver keeps. */
export const MAX_ENDINGS = 1_024
/** Commands to one sensor that wait for their answer. */
export const MAX_PENDING_COMMANDS = 256
/** Runs of senders whose last batch is remembered: a server that many short-lived proxies speak to sees thousands a day. */
export const REMEMBERED_STARTS = 10_000
/** How long a command may take unless its sender says otherwise: attaching programs takes a second at worst. */
export const COMMAND_TIMEOUT_MS = 10_000
/** A sensor without a command stream for so long is said to be silent in the log. Restarting a driver takes less. */
export const SILENT_AFTER_MS = 30_000
/** Between two empty lines of a command stream, so that each side notices a dead other one. */
export const COMMAND_BEAT_MS = 5_000
/** Longest path of a unix socket on Linux (sun_path). */
export const SOCKET_PATH_BYTES = 107
/** Between two starts of a driver that ended by itself. */
export const SENSOR_RESTART_MS = 2_000
/** How long a driver goes on whose server was killed: a restart by hand fits; nothing is left running for ever. */
export const SENSOR_LINGER_SECONDS = 600
/** Bytes of a request to enrol: a token, a public key and a signature; whoever reaches the port may send one. */
export const ENROL_BYTES = 16 * 1024
/** How long a token enrols a sensor: time to paste it on another host, not to find it in a history of commands. */
export const ENROL_TOKEN_MS = 15 * 60 * 1000
/** Tokens that wait at once: a fleet is enrolled in turns. */
export const MAX_ENROL_TOKENS = 64
/** Years that the authority of a folder is good for, and the certificates that it makes; a sensor can be revoked any time. */
export const AUTHORITY_YEARS = 20
export const SENSOR_CERTIFICATE_YEARS = 5
/** How far the clock of another host may be behind ours. */
export const CERTIFICATE_BACKDATED_MS = 24 * 60 * 60 * 1000
/** Connections of sensors of other hosts: four for each, and some that only try. */
export const REMOTE_CONNECTIONS = 512
/** How long a connection may take to say who it is, and how long to send one request. */
export const REMOTE_HANDSHAKE_MS = 10_000
export const REMOTE_REQUEST_MS = 120_000

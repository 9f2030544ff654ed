/**
 * Bounds of putting HTTP together from plain text. All of it is untrusted: it is what a process wrote to a socket. What a
 * bound drops is told in the exchange (`missing`), never left out in silence.
 */

/** Bytes of one direction that wait for an earlier fragment. Kernel records come nearly in order; 4 MiB is 128 of them. */
export const MAX_WAITING_BYTES = 4 * 1024 * 1024
/** Fragments that wait with them: a sender of single bytes must not make a list of millions. */
export const MAX_WAITING_FRAGMENTS = 4_096

/** Bytes kept of one body, as sent and once decompressed. A request of a million tokens is about 4 MiB. */
export const MAX_BODY_BYTES = 8 * 1024 * 1024
/** Bytes of one exchange as JSON: one log record at its largest, less room for the joint around it. */
export const MAX_EXCHANGE_BYTES = 15 * 1024 * 1024
/** Codings of one body that are undone. A server may name any number; each may make as much of it as a body may be. */
export const MAX_CODINGS = 4
/** Reasons that are told of one message; a body with hundreds of holes says the same thing hundreds of times. */
export const MAX_MISSING = 32
/** Holes named one by one in a body; further ones are counted together. */
export const MAX_HOLES = 64

/** Bytes of the lines of one HTTP/1.1 message, and of one HPACK block. Node allows 16 KiB, most servers 8 to 64. */
export const MAX_HEAD_BYTES = 64 * 1024
/** Fields kept of one message. */
export const MAX_FIELDS = 256
/** Characters kept of one field's value. */
export const MAX_FIELD_VALUE = 8_192

/** Exchanges of one connection that are under way. Servers allow 100 to 250 streams; pipelines are shorter. */
export const MAX_OPEN_EXCHANGES = 512
/** Bytes of one connection that are held while its exchanges are under way: heads, bodies and what is not read yet. */
export const MAX_OPEN_BYTES = 64 * 1024 * 1024

/** The largest HPACK dynamic table that is followed. Peers ask for 4 KiB to 64 KiB; nobody has a use for a megabyte. */
export const MAX_TABLE_BYTES = 1024 * 1024
/** The largest HTTP/2 frame that counts as one: the protocol's own bound is 16 MiB less one, real ones stop at 1 MiB. */
export const MAX_FRAME_BYTES = 4 * 1024 * 1024

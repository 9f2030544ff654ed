/** A request of DNS over UDP (RFC 1035, 4.2.1). */
export const MAX_QUESTION_BYTES = 512
/** Seconds that a program of a scenario may take in its network, on a machine with other work. */
export const PROGRAM_SECONDS = 180
/** The resolver of the private network; its address is of the documentation range (RFC 5737). */
export const RESOLVER = '203.0.113.53'
/** The interface by which what goes to a host of another namespace leaves. */
export const CABLE = 'outer'
/** After it was asked to end: until what runs in it has handed over what it holds, on a machine with other work. Then it is killed. */
export const END_GRACE_MS = 60_000

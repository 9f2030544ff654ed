/** Events in one request: about 100 KB, which every collector takes. */
export const COLLECTOR_BATCH = 50
/** Lines in one connection to a syslog collector. */
export const SYSLOG_BATCH = 100
/** From name to the last byte handed over. */
export const SYSLOG_MS = 10_000
/** Of a datagram: what RFC 5426 asks every receiver of IPv4 to take is 480, and 2,048 is what it says they should. */
export const DATAGRAM_BYTES = 2_048

/**
 * A text as one segment of a path. Clients and proxies take `.` and `..` out of a URL, percent-encoded or not (WHATWG
 * URL, "single-dot path segment"), and a conversation may be called so: these stand behind a tilde, and texts that look
 * like one that does stand behind one more.
 */
export function pathSegment(text: string): string {
  return encodeURIComponent((/^~*\.{1,2}$/.test(text) ? `~${text}` : text).toWellFormed())
}

/** The text of a segment that was percent-decoded already: the inverse of {@link pathSegment}. */
export function textOfSegment(segment: string): string {
  return /^~+\.{1,2}$/.test(segment) ? segment.slice(1) : segment
}

/** Attributes of one record that are read; more stay in the stored bytes and the record is marked cut. */
export const MAX_ATTRIBUTES = 1024
/** Characters of a `tracestate` that are looked into: the specification asks vendors to pass on 512. */
export const MAX_TRACE_STATE_CHARS = 4096
/** Levels of lists and maps that are read; OTLP writers nest two or three deep, so 32 keeps any honest value whole. */
export const MAX_NESTING = 32
/** Span events and links of one span that are read. The OTLP SDKs stop at 128; old GenAI spans hold one event a message. */
export const MAX_SPAN_EVENTS = 4096
/** Levels of JSON text that are parsed. Deeper text is shown as text: parsing it would only cost stack. */
export const MAX_JSON_DEPTH = 64
/** Characters of names (tools, agents, models, operations) that are kept; the bytes of the record hold the rest. */
export const MAX_NAME_CHARS = 256
/** Messages, parts, documents or definitions that one record may give; the rest is counted as unmapped. */
export const MAX_ITEMS = 10_000
/** One content item (reliability.md section 5); a longer one is kept to here and marked truncated. */
export const MAX_CONTENT_BYTES = 16 * 1024 * 1024
/** Characters of any other stated field: an address, a call id, a principal, an error message. */
export const MAX_FIELD_CHARS = 4096
/** Reasons why a model stopped; providers give one for each answer. */
export const MAX_FINISH_REASONS = 64

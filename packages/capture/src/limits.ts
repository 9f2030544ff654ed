/**
 * Bounds of reading what was received. The defaults are those of the product's reliability table; each says why it has
 * its size. What a bound drops is counted in the result of the function that applies it.
 */

/** Spans or log records taken from one request. Exporters send 512; the rest is rejected in a partial success. */
export const MAX_RECORDS_PER_REQUEST = 10_000

/** Bytes of one record: one content item at its largest. A larger one is rejected, and the rest of its request taken. */
export const MAX_RECORD_BYTES = 16 * 1024 * 1024

/** Attributes of one record that are looked at. Those beyond stay in the stored bytes and are counted. */
export const MAX_ATTRIBUTES = 1_024

/** Nesting of attribute values, of protobuf messages and groups. SDKs stop at about ten. */
export const MAX_VALUE_DEPTH = 32

/** Nesting of OTLP/JSON text. A record stands at level 7, so arrays of arrays reach 18 levels. */
export const MAX_JSON_DEPTH = 64

/**
 * Bytes of one resource or one scope. They are stored with every group that refers to them, so a large one would be
 * multiplied by the number of groups. Real ones take 1-4 KiB.
 */
export const MAX_RESOURCE_BYTES = 65_536

/**
 * Bytes of resources and scopes that the groups of one request store together: as much as the largest body. A request
 * of 10,000 records from as many resources of 4 KiB fits.
 */
export const MAX_ENVELOPE_BYTES_PER_REQUEST = 64 * 1024 * 1024

/** Distinct index terms of one request: four for each of the records it may hold. */
export const MAX_TERMS_PER_REQUEST = 40_000

/** Characters of an index term's value: a conversation id of 256, and room for tool and model names of any vendor. */
export const MAX_TERM_CHARS = 256

/** Bytes of text that are copied at once to be read without its escapes; a copy takes five times as much. */
export const ESCAPED_WINDOW_BYTES = 1024 * 1024
/** How far back the next of them begins: longer than any credential. */
export const ESCAPED_OVERLAP_BYTES = 64 * 1024

/** Masks that are listed for one body. Masking itself goes on beyond it; the text says `[masked:` in any case. */
export const MAX_MASKS_LISTED = 50_000

/** Characters looked at on each side of a trigger word when the name of a field is read; names are shorter. */
export const MAX_FIELD_NAME = 64

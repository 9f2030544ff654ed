/** Offsets of sensor/SPEC.md, S1 and S5. Little-endian. */

/** Before the source: bytes of the source, of the entries, their number, their encoding. */
export const GROUP_HEADER_BYTES = 16
/** Before an entry: its bytes, and zero. */
export const ENTRY_HEADER_BYTES = 8
export const JOINT_BYTES = 64
export const RECORD_FIXED_BYTES = 128
export const FIELD_HEADER_BYTES = 4

export const JOINT_TRACE_AT = 16
export const RECORD_BYTES_AT = 4
export const RECORD_BOOT_NS_AT = 8

/** Number of an encoding in the header of a group. */
export const ENCODINGS = ['sensor-record', 'http-exchange'] as const

/** Fields that hold text, in which a credential may stand: paths, arguments, plain data. */
export const TEXT_TAGS: ReadonlySet<number> = new Set([1, 2, 3, 5, 9, 10, 11])
export const ARGV_TAG = 2

/** Rule files that are read from one folder. */
export const RULE_FILES = 20_000
/** Bytes of one rule file, and of the data beside it. */
export const RULE_FILE_BYTES = 400_000
export const RULE_DATA_BYTES = 16_000_000

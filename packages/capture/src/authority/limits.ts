/** Resources of one record that are named; a batch call of a cloud takes a hundred. */
export const MAX_RESOURCES = 128
/** Permissions that one record checks, each an event of its own; Google's records state up to about twenty. */
export const MAX_PERMISSIONS = 32
/** Principals that one was reached through. A chain of roles that is longer is a loop. */
export const MAX_VIA = 16
/** Characters of a principal, an action or a resource. An ARN ends at 2,048. */
export const MAX_AUTHORITY_CHARS = 2048

/** Statements of one policy: an IAM policy of 6 KiB holds about forty, an account's description is many policies. */
export const MAX_STATEMENTS = 10_000
/** Patterns, values or members of one list of a statement. */
export const MAX_PATTERNS = 10_000
/** Labels of a cluster role by which others may aggregate it; combinations double with each. */
export const MAX_AGGREGATION_LABELS = 6
/** Components of one document: a lock file lists more packages than anybody compares. */
export const MAX_COMPONENTS = 512
/** Documents of one YAML file. */
export const MAX_YAML_DOCUMENTS = 1_000
/** Characters of one line of a manifest that are looked at. */
export const MAX_LINE = 2_000

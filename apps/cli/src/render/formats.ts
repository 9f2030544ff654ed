/** Formats of `-o`, apart from what prints them, so that help needs no printing code. */
export type ListFormat = 'table' | 'wide' | 'json' | 'ndjson' | 'yaml' | 'csv' | 'md'
export const LIST_FORMATS = ['table', 'wide', 'json', 'ndjson', 'yaml', 'csv', 'md'] as const satisfies ListFormat[]
/** For what is one document and no list. */
export type ReportFormat = 'table' | 'json' | 'yaml'
/** For a verdict on one thing, which a pipeline reads too. */
export type VerdictFormat = ReportFormat | 'junit'
export const VERDICT_FORMATS = ['table', 'json', 'yaml', 'junit'] as const satisfies VerdictFormat[]
export const REPORT_FORMATS = ['table', 'json', 'yaml'] as const satisfies ReportFormat[]

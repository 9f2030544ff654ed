import { poisonedReport as reportWith } from '@holdfast/testkit'

/** An agent that reads a report and does what a sentence in it asks; the report ends with a sequence that colours a terminal. */
export const poisonedReport = reportWith({ tail: '\u001b[31m' })

import { formatRfc3339, parseUnixNanoText } from '@holdfast/model'

/** Fields that the API states as decimal nanoseconds. */
const NANO_FIELDS: ReadonlySet<string> = new Set([
  'claimedAt',
  'claimedUntil',
  'recordedAt',
  'firstClaimed',
  'lastClaimed',
  'lastHarmfulAct',
  'lastRecorded',
  'savedAt',
  'first',
  'last',
])

/** For `JSON.stringify`: times of the API as RFC 3339 in UTC, as every output of the command line states them. */
function readableTime(name: string, value: unknown): unknown {
  if (!NANO_FIELDS.has(name) || typeof value !== 'string') return value
  const time = parseUnixNanoText(value)
  return time === undefined ? value : formatRfc3339(time)
}

/** The document with such times, as plain JSON values. */
export function withReadableTimes(document: unknown): unknown {
  return JSON.parse(JSON.stringify(document, readableTime))
}

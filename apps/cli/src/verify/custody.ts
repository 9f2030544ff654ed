import type { Report } from './report.ts'
import { canonicalText, member, parseStrictJson } from './strict-json.ts'

const WHERE = 'data/custody.json'

export type CustodyEntry = {
  readonly recordedAt: bigint
  /** The channel by which it came, as its envelope says. */
  readonly channel: unknown
  /** Undefined where the content was erased. */
  readonly body: string | undefined
}

/**
 * Checks that each line of a custody log is what the log entry says that it names, and that the product itself wrote that entry.
 * `entryOf` gives an entry that was checked with its proof. Gives back how many lines there are.
 */
export function checkCustody(
  lines: unknown,
  entryOf: (index: number) => CustodyEntry | undefined,
  report: Report,
): number {
  if (!Array.isArray(lines)) {
    report.add(WHERE, 'is no list of lines')
    return 0
  }
  let last = -1
  for (const [i, line] of lines.entries()) {
    const index = member(line, 'entry')
    const entry = typeof index === 'number' ? entryOf(index) : undefined
    if (typeof index !== 'number' || entry === undefined) {
      report.add(WHERE, `line ${i} names no entry of the bundle`)
      continue
    }
    report.check(index > last, WHERE, `line ${i} is out of order`)
    last = index
    report.check(
      member(line, 'recordedAt') === String(entry.recordedAt),
      WHERE,
      `line ${i} has another time than its entry`,
    )
    report.check(entry.channel === 'control', WHERE, `line ${i} names an entry that Holdfast did not write itself`)
    const isSame = entry.body === undefined || canonicalText(member(line, 'record')) === entry.body
    report.check(isSame, WHERE, `line ${i} does not say what entry ${index} says`)
  }
  return lines.length
}

/** The channel of an envelope's bytes; undefined where they are not canonical JSON. */
export function channelOf(envelope: string): unknown {
  return member(parseStrictJson(`${envelope}\n`)?.value, 'channel')
}

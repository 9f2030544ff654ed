import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Event } from '@holdfast/model'
import { eventsOfFile } from '../signals/read-events.ts'

/** One executed technique: the calls that it made, and the ordinary ones of the same log around them. */
export type Detonation = { readonly technique: string; readonly events: readonly Event[] }

/** One record that a vendor's rule is tested with. */
export type Sample = {
  readonly log: string
  readonly rule: string
  readonly test: string
  readonly isExpected: boolean
  readonly events: readonly Event[]
}

/**
 * Names that the tools left in the records. Each is replaced everywhere by one other name, so that one principal stays one
 * principal and no detector can know a record by them.
 */
function withoutMarks(text: string): string {
  return text.replace(/stratus[-_ ]?red[-_ ]?team/gi, 'operations').replace(/stratus|grimoire/gi, 'console')
}

export function detonations(folder: string): readonly Detonation[] {
  return globSync('stratus/*.json', { cwd: folder })
    .toSorted()
    .map((file) => ({
      technique: basename(file, '.json').replace(/^aws\./, ''),
      // The name of the file is the label, so it is not handed on.
      events: eventsOf(withoutMarks(readFileSync(join(folder, file), 'utf8')), 'records.json'),
    }))
}

/** Records that the reader of authorities refuses are samples without events: they are counted, and never called. */
export function samples(folder: string): readonly Sample[] {
  return globSync('panther_tests/*.jsonl', { cwd: folder })
    .toSorted()
    .flatMap((file) =>
      readFileSync(join(folder, file), 'utf8')
        .trim()
        .split('\n')
        .map((line) => {
          const { rule, test, expected, log } = JSON.parse(line) as Row
          const own = Object.fromEntries(Object.entries(log).filter(([key]) => !key.startsWith('p_')))
          return {
            log: basename(file, '.jsonl'),
            rule,
            test,
            isExpected: expected,
            events: readable(withoutMarks(JSON.stringify(own))),
          }
        }),
    )
}

/** A line of the vendor's samples, as its README gives it. */
type Row = {
  readonly rule: string
  readonly test: string
  readonly expected: boolean
  readonly log: Readonly<Record<string, unknown>>
}

function readable(text: string): readonly Event[] {
  try {
    return eventsOf(`${text}\n`, 'records.jsonl')
  } catch {
    return []
  }
}

function eventsOf(text: string, file: string): readonly Event[] {
  return eventsOfFile(file, new TextEncoder().encode(text))
}

import { extname } from 'node:path'
import { importRuns, normalise } from '@holdfast/capture'
import { joinsOf } from '@holdfast/detect'
import type { Event, LogEntry, Sha256, UnixNano } from '@holdfast/model'
import type { Recording } from './corpus.ts'

/** One execution: the events of its conversations. */
export type RecordedCase = { readonly conversation: string; readonly events: readonly Event[] }

/** What is judged as one: an agent's execution, or all that a log of an authority or a kernel holds. */
export type RecordedRun = readonly RecordedCase[]

/**
 * Takes a recording through the import and the normaliser, as if it had been imported and read from the log. A string
 * says why there is nothing. What hand-overs and stated links join is one case, as in the product; a recording in which no
 * agent acts is one run with as many cases as it has.
 */
export function readRuns({ files }: Pick<Recording, 'files'>): readonly RecordedRun[] | string {
  const events: Event[] = []
  let index = 0
  let why: string | undefined
  for (const [i, { name, text }] of files.entries()) {
    // The name may be the label: of it, only the format is handed on.
    const file = `recording-${i + 1}${extname(name)}`
    const { groups, rejected } = importRuns({ file, bytes: new TextEncoder().encode(text) })
    why ??= rejected[0]?.why
    for (const group of groups) {
      for (const [at, start] of group.starts.entries()) {
        const entry: LogEntry = {
          index: index++,
          recordedAt: RECORDED_AT,
          envelope: group.envelope,
          bodyDigest: NO_DIGEST,
          body: group.bytes.subarray(start, group.ends[at]),
          masks: group.masks.get(at) ?? [],
        }
        events.push(...normalise(entry).events)
      }
    }
  }
  if (events.length === 0) return why ?? 'nothing in it that could be read'
  const cases = casesOf(events)
  const isOfAgent = events.some(({ body }) => body.kind === 'tool-call' || body.kind === 'prompt')
  return isOfAgent ? cases.map((one) => [one]) : [cases]
}

/** No log stands behind an evaluation: nothing of it looks at recorded times or digests. */
const RECORDED_AT = 1n as UnixNano // in range
const NO_DIGEST = '0'.repeat(64) as Sha256 // 64 hex digits

/** Events by conversation; those of conversations that a hand-over or a link joins together. */
function casesOf(events: readonly Event[]): readonly RecordedCase[] {
  const groups: { readonly keys: Set<string>; readonly events: Event[]; readonly names: string[] }[] = []
  const byKey = new Map<string, (typeof groups)[number]>()
  for (const event of events) {
    const { conversation, trace, session } = event.context
    const name = conversation ?? trace ?? session ?? `unattributed~${event.agent.id}`
    const keys = [
      `of:${name}`,
      ...(trace === undefined ? [] : [`trace:${trace}`]),
      ...joinsOf(event).filter((key) => !key.startsWith('session:')),
    ]
    const met = [...new Set(keys.flatMap((key) => byKey.get(key) ?? []))]
    const group = met[0] ?? { keys: new Set<string>(), events: [], names: [] }
    if (met[0] === undefined) groups.push(group)
    for (const other of met.slice(1)) {
      group.events.push(...other.events)
      group.names.push(...other.names)
      for (const key of other.keys) group.keys.add(key)
      groups.splice(groups.indexOf(other), 1)
    }
    group.events.push(event)
    group.names.push(name)
    for (const key of keys) group.keys.add(key)
    for (const key of group.keys) if (byKey.get(key) !== group) byKey.set(key, group)
  }
  return groups.map((group) => ({
    conversation: group.names.reduce((first, name) => (name < first ? name : first)),
    events: group.events,
  }))
}

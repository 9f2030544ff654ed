import { CONTROL_AGENT, type EntryGroup, type LogEntry, type UnixNano } from '@holdfast/model'
import { LogReader } from '@holdfast/recorder'
import { seededRandom } from '../../histories/random.ts'

/**
 * Everything that agents and authorities told, as a recorder takes it, one record at a time and in a random order; the same seed
 * gives the same order. What the server itself stated is left out: another server states its own.
 */
export function shuffledGroups(folder: string, seed: number): readonly EntryGroup[] {
  const reader = LogReader.open({ folder })
  const groups: { readonly group: EntryGroup; readonly at: number }[] = []
  const random = seededRandom(seed)
  for (let index = 0; index < reader.size(); index += 1) {
    const entry = reader.entry(index)
    if (entry?.body === undefined || entry.envelope.agent === CONTROL_AGENT) continue
    groups.push({ group: groupOf(entry, entry.body), at: random() })
  }
  return groups.toSorted((a, b) => a.at - b.at).map(({ group }) => group)
}

function groupOf({ envelope, masks }: LogEntry, body: Uint8Array): EntryGroup {
  return {
    envelope,
    bytes: body,
    starts: new Uint32Array([0]),
    ends: new Uint32Array([body.length]),
    terms: [`agent:${envelope.agent}`],
    masks: masks.length === 0 ? new Map() : new Map([[0, masks]]),
    claimedFrom: 0n as UnixNano, // zero is a time
    claimedTo: 0n as UnixNano, // as above
  }
}

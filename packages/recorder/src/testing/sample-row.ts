import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { canonicalJson, type UnixNano } from '@holdfast/model'
import { LogReader } from '../log-reader.ts'
import { Recorder } from '../recorder.ts'
import { groupOf, steadyClock } from './groups.ts'

const ENTRIES = 48
/** Entries that the row speaks of: not all neighbours, and over several segments. */
const SPOKEN = Array.from({ length: 16 }, (_, i) => i * 3)

/**
 * A pack of one row, made with the recorder alone: the row's form is written down here as the verifier reads it, so that a
 * change of the one that writes rows cannot hide in it.
 */
export async function makeSampleRow(
  folder: string,
): Promise<{ readonly pack: string; readonly entries: readonly number[] }> {
  const options = { folder, clock: steadyClock(), origin: 'log.example/rows', limits: { segmentEntries: 8 } }
  await using recorder = await Recorder.open(options)
  await recorder.append([
    groupOf(Array.from({ length: ENTRIES }, (_, i) => `body of entry ${i} ${'padding '.repeat(i % 5)}`)),
  ])
  const checkpoint = await recorder.signCheckpoint()
  using reader = LogReader.open({ folder })
  const id = 'row~sample'
  const unsigned = {
    version: 1,
    id,
    about: { kind: 'event', id: 'sample', words: 'a sample', at: '1' },
    items: SPOKEN.map((entry) => itemOf(entry, reader.entry(entry)?.recordedAt)),
    layers: [
      { layer: 'tools', state: 'complete', isExpected: true, reason: '', items: SPOKEN.map(nameOf), entries: SPOKEN },
    ],
    proof: {
      key: recorder.publicKey(),
      checkpoint: checkpoint.note,
      size: checkpoint.size,
      rootHash: checkpoint.rootHash,
      entries: SPOKEN.map((entry) => ({
        entry,
        leaf: reader.leaves(entry, 1).toString('base64'),
        path: recorder.inclusionProof(entry, checkpoint.size).map((node) => node.toString('base64')),
      })),
    },
  }
  const digest = sha256(canonicalJson(unsigned))
  const row = { ...unsigned, signature: recorder.signDocument(`holdfast audit-row\n${id}\n${digest}\n`) }
  const pack = join(folder, 'row.zip')
  const files = new Map([['row.json', `${canonicalJson(row)}\n`]])
  await recorder.exportBundle({ entries: SPOKEN, about: { kind: 'audit-row', row: id }, files, out: pack })
  return { pack, entries: SPOKEN }
}

function itemOf(entry: number, recordedAt: UnixNano | undefined) {
  const text = `text of entry ${entry}`
  return {
    id: nameOf(entry),
    part: 'tools',
    events: [{ id: `event-${entry}`, kind: 'tool-call', entry, recordedAt: String(recordedAt), channel: 'otlp' }],
    texts: [
      { event: `event-${entry}`, slot: 'arguments', state: 'captured', digest: sha256(text), bytes: text.length, text },
    ],
  }
}

function nameOf(entry: number): string {
  return `item-${entry}`
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

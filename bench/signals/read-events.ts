import { hash } from 'node:crypto'
import { importRuns, normalise } from '@holdfast/capture'
import { parseSha256, parseUnixNano, type Event } from '@holdfast/model'

/** The events of a file of records, as an import into the log would give them. Throws where a record is refused. */
export function eventsOfFile(file: string, bytes: Uint8Array): readonly Event[] {
  const { groups, rejected } = importRuns({ file, bytes })
  if (rejected.length > 0) throw new Error(`${file}: ${JSON.stringify(rejected[0])}`)
  const recordedAt = parseUnixNano(0n)
  if (recordedAt === undefined) throw new Error('zero is in range')
  let index = 0
  return groups.flatMap((group) =>
    [...group.starts].flatMap((start, i) => {
      const body = group.bytes.subarray(start, group.ends[i])
      const bodyDigest = parseSha256(hash('sha256', body, 'hex'))
      if (bodyDigest === undefined) throw new Error('a SHA-256 is one')
      const masks = group.masks.get(i) ?? []
      return normalise({ index: index++, recordedAt, envelope: group.envelope, bodyDigest, body, masks }).events
    }),
  )
}

import type { EntryGroup, Mask } from '@holdfast/model'
import { IMPORT_SLICE_BYTES, IMPORT_SLICE_GROUPS } from '../limits.ts'

/**
 * The groups again, in order, cut into pieces that are each appended at once: a transaction of 1 MiB holds the recording
 * thread for some 30 ms, one of a whole file for minutes. Each piece owns its bytes, so that they can change threads
 * without the file that they were cut from.
 */
export function* slicesOf(groups: readonly EntryGroup[], maxBytes = IMPORT_SLICE_BYTES): Generator<EntryGroup[]> {
  let slice: EntryGroup[] = []
  let bytes = 0
  for (const group of groups) {
    for (let from = 0; from < group.starts.length;) {
      const room = slice.length >= IMPORT_SLICE_GROUPS ? 0 : maxBytes - bytes
      const { to, size } = fitting(group, from, { room, isFirst: slice.length === 0 })
      if (to === from) {
        yield slice
        slice = []
        bytes = 0
        continue
      }
      slice.push(partOf(group, from, to))
      bytes += size
      from = to
    }
  }
  if (slice.length > 0) yield slice
}

/** Bodies from `from` on that fit; one at least where the slice is empty. */
function fitting(
  { starts, ends }: EntryGroup,
  from: number,
  { room, isFirst }: { readonly room: number; readonly isFirst: boolean },
): { readonly to: number; readonly size: number } {
  let to = from
  let size = 0
  for (; to < starts.length; to += 1) {
    const bytes = (ends[to] ?? 0) - (starts[to] ?? 0)
    if (size + bytes > room && !(isFirst && to === from)) break
    size += bytes
  }
  return { to, size }
}

function partOf(group: EntryGroup, from: number, to: number): EntryGroup {
  const { envelope } = group
  const lengths = Array.from(
    { length: to - from },
    (_, i) => (group.ends[from + i] ?? 0) - (group.starts[from + i] ?? 0),
  )
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0))
  const starts = new Uint32Array(lengths.length)
  const ends = new Uint32Array(lengths.length)
  const masks = new Map<number, readonly Mask[]>()
  let at = 0
  for (const [i, length] of lengths.entries()) {
    const start = group.starts[from + i] ?? 0
    bytes.set(group.bytes.subarray(start, start + length), at)
    starts[i] = at
    at += length
    ends[i] = at
    const own = group.masks.get(from + i)
    if (own !== undefined) masks.set(i, own)
  }
  // Copies: a view would take the whole file along to the other thread.
  const own = { resource: new Uint8Array(envelope.resource), scope: new Uint8Array(envelope.scope) }
  return { ...group, envelope: { ...envelope, ...own }, bytes, starts, ends, masks }
}

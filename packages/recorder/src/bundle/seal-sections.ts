import { RecorderError } from '../errors.ts'
import { consistencyPath, type NodeSource, rootAt } from '../merkle/proof.ts'
import type { BundleSeal, Checkpoint } from '../types.ts'

/** Entries that one seal fixed and the one before it did not; the last section is what the bundle's checkpoint fixes itself. */
export type SealSection = {
  readonly entries: readonly number[]
  readonly seal:
    | {
        readonly kind: 'sealed'
        readonly size: number
        readonly rootHash: string
        readonly at: string
        readonly completeness: number
      }
    | { readonly kind: 'export'; readonly size: number; readonly rootHash: string }
  /** Consistency proof from the sealed log to that of the bundle, hashes in base64 (RFC 6962, section 2.1.2). */
  readonly consistency: readonly string[]
}

type Bundled = {
  /** Sorted, without repeats. */
  readonly indices: readonly number[]
  readonly nodes: NodeSource
  readonly checkpoint: Checkpoint
}

/** Sections of a bundle by seal (SPEC.md, section 10). Throws where a seal is none of this log. */
export function sealSections(
  seals: readonly BundleSeal[],
  { indices, nodes, checkpoint }: Bundled,
): readonly SealSection[] {
  let from = 0
  const sections = seals.map(({ size, rootHash, at, completeness }): SealSection => {
    const isOfLog = size >= from && size <= checkpoint.size && rootAt(nodes, size)?.toString('hex') === rootHash
    if (!isOfLog) throw new RecorderError('invalid', `no seal of this log has ${size} entries and root ${rootHash}`)
    const entries = indices.filter((index) => index >= from && index < size)
    from = size
    const consistency = (consistencyPath(nodes, size, checkpoint.size) ?? []).map((hash) => hash.toString('base64'))
    return { entries, seal: { kind: 'sealed', size, rootHash, at, completeness }, consistency }
  })
  const { size, rootHash } = checkpoint
  const rest = indices.filter((index) => index >= from)
  return [...sections, { entries: rest, seal: { kind: 'export', size, rootHash }, consistency: [] }]
}

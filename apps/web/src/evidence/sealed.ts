import type { CaseWire, EvidenceStatusWire } from '@holdfast/api'

type Artifact = Pick<EvidenceStatusWire['artifacts'][number], 'lastEntry'>
export type Seal = Pick<CaseWire['seals'][number], 'size' | 'rootHash' | 'at'>

/** How an artifact stands to the last seal of its case; undefined where there is no seal, or nothing to seal. */
export function sealedState(
  { lastEntry }: Artifact,
  seal: Pick<Seal, 'size'> | undefined,
): 'sealed' | 'newer' | undefined {
  if (seal === undefined || lastEntry === undefined) return undefined
  return lastEntry < seal.size ? 'sealed' : 'newer'
}

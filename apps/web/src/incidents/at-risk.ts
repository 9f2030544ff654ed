import type { CaseWire } from '@holdfast/api'

/** What is known of the last seal; `reading` and `unread` are no word on whether there is one. */
export type SealKnown =
  | { readonly kind: 'reading' | 'unread' | 'none' }
  /** Everything before `size` is covered. */
  | { readonly kind: 'sealed'; readonly size: number }

/** Of the case as far as it was read: that nothing is sealed is said only where the case says so. */
export function sealKnown(found: Pick<CaseWire, 'seals'> | undefined, error: Error | null): SealKnown {
  if (found === undefined) return { kind: error === null ? 'reading' : 'unread' }
  const seal = found.seals.at(-1)
  return seal === undefined ? { kind: 'none' } : { kind: 'sealed', size: seal.size }
}

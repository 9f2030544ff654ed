import type { ContentRef, ContentState } from '@holdfast/model'

import { MAX_SLOT_TEXTS } from '../limits.ts'

/** One content slot of a node (a tool's arguments, a message's text), as its best observation and all that differ. */
export type Facet = {
  readonly best: ContentRef
  /** Observations with a digest of their own, at most {@link MAX_SLOT_TEXTS}: the same arguments are written differently by model and tool span. */
  readonly texts: readonly TextRef[]
}

export type TextRef = Extract<ContentRef, { readonly digest: string }>

/** Joins an observation into a slot. Commutative: the result does not depend on the order of the observations. */
export function join(facet: Facet | undefined, ref: ContentRef): Facet {
  const text = textOf(ref)
  if (facet === undefined) return { best: ref, texts: text === undefined ? [] : [text] }
  const isKnown =
    text === undefined || facet.texts.some((known) => known.digest === text.digest && known.state === text.state)
  if (isKnown && compare(facet.best, ref) <= 0) return facet
  return {
    best: compare(facet.best, ref) <= 0 ? facet.best : ref,
    texts: isKnown ? facet.texts : bounded([...facet.texts, text]),
  }
}

/** The texts that say most, whatever came first: which are left out does not depend on the order either. */
function bounded(texts: readonly TextRef[]): readonly TextRef[] {
  return texts.length <= MAX_SLOT_TEXTS ? texts : texts.toSorted(compare).slice(0, MAX_SLOT_TEXTS)
}

export function joinFacets(a: Facet | undefined, b: Facet | undefined): Facet | undefined {
  if (a === undefined || b === undefined) return a ?? b
  let joined = join(a, b.best)
  for (const text of b.texts) joined = join(joined, text)
  return joined
}

export function textOf(ref: ContentRef): TextRef | undefined {
  switch (ref.state) {
    case 'captured':
    case 'truncated':
    case 'redacted':
      return ref
    case 'suppressed':
    case 'not-captured':
      return undefined
  }
}

const STATES: readonly ContentState[] = ['captured', 'redacted', 'truncated', 'suppressed', 'not-captured']

/** Negative where `a` says more than `b`. */
export function compareStates(a: ContentState, b: ContentState): number {
  return STATES.indexOf(a) - STATES.indexOf(b)
}

function compare(a: ContentRef, b: ContentRef): number {
  const byState = compareStates(a.state, b.state)
  if (byState !== 0) return byState
  const x = textOf(a)
  const y = textOf(b)
  if (x === undefined || y === undefined) {
    const [p, q] = [reasonOf(a), reasonOf(b)]
    return p < q ? -1 : p > q ? 1 : 0
  }
  return y.bytes - x.bytes || (x.digest < y.digest ? -1 : x.digest > y.digest ? 1 : 0)
}

function reasonOf(ref: ContentRef): string {
  return ref.state === 'suppressed' ? ref.rule : ref.state === 'not-captured' ? ref.reason : ''
}

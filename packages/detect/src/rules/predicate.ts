import type { EventView } from './event-view.ts'

/**
 * One comparison of a selection: what it looks at, and whether an event meets it. `literals`: texts in lower case of which
 * an event that meets it holds at least one in that field, whole or as a part; absent where nothing of the kind is known.
 */
export type Predicate = {
  readonly field: string
  readonly test: (view: EventView) => boolean
  readonly literals?: { readonly whole: boolean; readonly texts: readonly string[] }
}

/** A condition, put together. */
export type Formula =
  | { readonly kind: 'predicate'; readonly predicate: Predicate }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Formula[] }
  | { readonly kind: 'not'; readonly part: Formula }

export function holds(formula: Formula, view: EventView): boolean {
  switch (formula.kind) {
    case 'predicate':
      return formula.predicate.test(view)
    case 'and':
      return formula.parts.every((part) => holds(part, view))
    case 'or':
      return formula.parts.some((part) => holds(part, view))
    case 'not':
      return !holds(formula.part, view)
  }
}

/** Every comparison in it. */
export function predicatesIn(formula: Formula): readonly Predicate[] {
  switch (formula.kind) {
    case 'predicate':
      return [formula.predicate]
    case 'and':
    case 'or':
      return formula.parts.flatMap(predicatesIn)
    case 'not':
      return predicatesIn(formula.part)
  }
}

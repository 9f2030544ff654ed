import type { RecoveringAgent } from '@holdfast/api'

type Scope = { readonly [Name in (typeof STATED)[number]]: readonly unknown[] } & {
  /** `positions`: those of the latest uses. */
  readonly inventoryGaps: readonly { readonly uses: number; readonly positions: readonly number[] }[]
}

/** Rows that have a statement behind them, whatever became of it. */
const STATED = ['unusedExcess', 'inheritedOverreach', 'justified', 'inScopeAnomalies', 'undeclaredUse'] as const

/**
 * How much is used without a grant, the acts of the incident apart, and how much is granted and idle. Undefined where no grant is
 * known. Uses whose positions are not all known are nobody's acts for certain, and count.
 */
export function grantFigures(scope: Scope, isOwn: (position: number) => boolean): RecoveringAgent['grants'] {
  if (STATED.every((name) => scope[name].length === 0)) return undefined
  const uncovered = scope.inventoryGaps.filter(
    ({ uses, positions }) => uses > positions.length || !positions.every(isOwn),
  )
  return { exercisedUncovered: uncovered.length, unusedExcess: scope.unusedExcess.length }
}

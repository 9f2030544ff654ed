import type { RecoveringAgent } from '@holdfast/api'

type Scope = { readonly [Name in (typeof STATED)[number]]: readonly unknown[] } & {
  readonly inventoryGaps: readonly { readonly positions: readonly number[] }[]
}

/** Rows that have a statement behind them, whatever became of it. */
const STATED = ['unusedExcess', 'inheritedOverreach', 'justified', 'inScopeAnomalies', 'undeclaredUse'] as const

/**
 * How much is used without a grant, the acts of the incident apart (`own`: their log positions), and how much is granted and
 * idle. Undefined where no grant is known.
 */
export function grantFigures(scope: Scope, own: ReadonlySet<number>): RecoveringAgent['grants'] {
  if (STATED.every((name) => scope[name].length === 0)) return undefined
  const uncovered = scope.inventoryGaps.filter(({ positions }) => !positions.every((at) => own.has(at)))
  return { exercisedUncovered: uncovered.length, unusedExcess: scope.unusedExcess.length }
}

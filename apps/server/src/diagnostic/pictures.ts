import type { DiagnosticPictureWire } from '@holdfast/api'
import { BOM_CATEGORY, type ComponentKind, type DiagnosticQuestion } from '@holdfast/model'
import type { ConvergenceFacts, DiagnosticFacts } from '@holdfast/reconcile'

/** What the tile of a question draws; undefined where there is nothing to draw. */
export function pictureOf(question: DiagnosticQuestion, facts: DiagnosticFacts): DiagnosticPictureWire | undefined {
  const { inventory, convergence, envelopes, drift, audit, target } = facts
  switch (question) {
    case 'Q1':
      return inventory === undefined || !inventory.isKnown
        ? undefined
        : { kind: 'inventory', categories: categoriesOf(inventory.parts), changes: inventory.changes.length }
    case 'Q2':
      return convergence === undefined ? undefined : chartOf(convergence)
    case 'Q3': {
      if (envelopes === undefined || envelopes.own.length === 0) return undefined
      const all = [...envelopes.own, ...envelopes.others]
      const lanes = [...Map.groupBy(all, ({ agent }) => agent)].map(([agent, artifacts]) => ({
        agent,
        artifacts: artifacts.map(({ kind, stage, lines }) => ({ kind, stage, lines })),
      }))
      const own = lanes.filter(({ agent }) => agent === target.agent)
      return { kind: 'envelopes', lanes: [...own, ...lanes.filter(({ agent }) => agent !== target.agent).slice(0, 1)] }
    }
    case 'Q4':
      return drift === undefined
        ? undefined
        : {
            kind: 'drift',
            from: drift.from,
            to: drift.to,
            changes: drift.changes.map(({ at, side, severity }) => ({ at, side, severity })),
            deploys: drift.deploys.map(({ at }) => at),
          }
    case 'Q5':
      // A row about something else is no picture of a violation.
      return audit?.row === undefined || audit.violations === 0
        ? undefined
        : {
            kind: 'audit-row',
            layers: audit.row.layers.map(({ layer, state }) => ({ layer, state })),
            coverage: audit.row.coverage,
          }
  }
}

function categoriesOf(parts: readonly { readonly kind: string; readonly standing: string }[]) {
  const categories = [...new Set(Object.values(BOM_CATEGORY))]
  return categories.map((category) => {
    // Kinds come from the inventory, which knows no others.
    const own = parts.filter(({ kind }) => BOM_CATEGORY[kind as ComponentKind] === category)
    const declared = own.filter(({ standing }) => standing === 'declared').length
    return { category, observed: own.length - declared, declared }
  })
}

/** The dimension that decides: the worst one that has not settled, or the first. */
function chartOf({ dimensions, spreadLimit, since, status }: ConvergenceFacts): DiagnosticPictureWire | undefined {
  const shown = dimensions.find(({ converged }) => !converged) ?? dimensions[0]
  if (shown === undefined) return undefined
  return {
    kind: 'convergence',
    dimension: shown.dimension,
    limit: spreadLimit,
    days: [...shown.days],
    // Of a profile that does not converge it is the day on which that was said.
    ...(since === undefined || status !== 'converged' ? {} : { since }),
  }
}

import type { ScopeWire } from '@holdfast/api'
import type { ScopeFacts } from '@holdfast/reconcile'
import type { ViewsClient } from '../views/client.ts'
import { askView } from './ask-view.ts'
import type { QuestionSource } from './question-source.ts'
import { wallClock } from '../clock.ts'

const LISTS = [
  'unusedExcess',
  'inheritedOverreach',
  'justified',
  'undeclaredUse',
  'inScopeAnomalies',
  'undetermined',
  'withoutEffect',
] as const satisfies readonly (keyof ScopeWire)[]

/** C4: what the agent may, against what it does. */
export function scopeSource(views: Pick<ViewsClient, 'ask'>): QuestionSource<ScopeFacts> {
  return async ({ agent, at, isChosen }) => {
    const query = isChosen ? { at } : {}
    const scope = await askView(views, 'getScope', { agent, query, now: wallClock().toString() })
    if (scope === undefined) return undefined
    const rows = LISTS.flatMap((list) => scope[list])
    const excess = new Set(scope.unusedExcess.map(({ id }) => id))
    return {
      profile: scope.profile,
      gaps: scope.gaps,
      unusedExcess: scope.unusedExcess.length,
      inheritedOverreach: scope.inheritedOverreach.length,
      inBoth: scope.inheritedOverreach.filter(({ id }) => excess.has(id)).length,
      rows: rows.length + scope.cut,
      undetermined: scope.undetermined.length,
      unresolved: scope.unresolved.length,
      documents: rows.map(({ evidence }) => evidence.document.entry),
      uses: rows.flatMap(({ evidence }) => evidence.positions),
    }
  }
}

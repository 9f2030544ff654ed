import type { RuleSource, StepsOfWork } from '@holdfast/detect'
import { LogReader, ProjectionStore } from '@holdfast/recorder'
import { driftProjection } from '../drift/drift-projection.ts'
import type { HuntQueries } from '../hunt/hunt-queries.ts'
import { huntProjection } from '../hunt/hunt-projection.ts'
import { incidentsProjection } from '../incidents/fold-incidents.ts'
import type { Judge } from '../incidents/judge.ts'
import { inventoryProjection } from '../inventory/inventory-projection.ts'
import { profileProjection } from '../profile/profile-projection.ts'
import type { RulesInForce } from '../rules/rules-in-force.ts'
import { authorityProjection } from '../scope/authority-projection.ts'
import { answerersOf } from './answerers.ts'
import { Answers } from './answers.ts'
import { foldEntries } from './fold.ts'
import { hiddenFields } from './hidden-fields.ts'
import type { Exportable, Exported, ViewQuestion } from './messages.ts'
import type { Projection } from './projection.ts'
import type { Views } from './views.ts'

/** What lists, graphs and search are answered from. */
const workspaceProjection: Projection = { name: 'workspace', version: 13, fold: foldEntries }

export type OpenProjection = { readonly projection: Projection; readonly store: ProjectionStore }

export type OpenViews = Disposable & {
  readonly reader: LogReader
  /** The workspace first: what people look at is folded before the rest. */
  readonly projections: readonly [OpenProjection, ...OpenProjection[]]
  readonly views: Views
  /** Judges what changed, when the caller has time for it. */
  readonly judge: Judge
  readonly hunt: HuntQueries
  readonly rules: RulesInForce
  /** The route's answer as JSON text; `undefined` where there is no such thing. Throws {@link QuestionError}. */
  readonly answerJson: (question: ViewQuestion, args: unknown) => string | undefined
  /** The same step by step, for questions that may take long; undefined for one that does not. */
  readonly answering: (question: ViewQuestion, args: unknown) => StepsOfWork<string | undefined> | undefined
  /** What a bundle of it holds; `undefined` where there is no such thing. Throws {@link QuestionError}. */
  readonly exportable: (of: Exported) => Exportable | undefined
}

/**
 * Opens the log and the projections of a folder, each on a connection of this thread's own. `rules`: the rule files to judge
 * by; where they are others than before, everything is judged anew. Without them nothing that was judged is touched.
 */
export function openViews(folder: string, { rules }: { readonly rules?: readonly RuleSource[] } = {}): OpenViews {
  using open = new DisposableStack()
  const reader = open.use(LogReader.open({ folder }))
  const openOne = (projection: Projection): OpenProjection => {
    const { name, version } = projection
    return { projection, store: open.use(ProjectionStore.open({ folder, name, version })) }
  }
  const workspace = openOne(workspaceProjection)
  const inventory = openOne(inventoryProjection)
  const profile = openOne(profileProjection)
  const authority = openOne(authorityProjection)
  const incidents = openOne(incidentsProjection)
  const drift = openOne(driftProjection)
  const hunt = openOne(huntProjection)
  const stores = {
    workspace: workspace.store,
    inventory: inventory.store,
    profile: profile.store,
    authority: authority.store,
    incidents: incidents.store,
    drift: drift.store,
    hunt: hunt.store,
  }
  const { answerers, judge, inForce } = answerersOf({ reader, stores, rules })
  const answers = new Answers(answerers)
  const { views } = answerers
  const owned = open.move()
  return {
    reader,
    projections: [workspace, inventory, profile, authority, incidents, drift, hunt],
    views,
    judge,
    hunt: answerers.hunt,
    rules: inForce,
    answerJson: (question, args) => answers.json(question, args),
    answering: (question, args) => answers.inSteps(question, args),
    exportable: ({ kind, id, redact }) => {
      const found = kind === 'incident' ? answerers.incidents.exportable(id) : views.exportable([id])
      if (found === undefined || redact === undefined) return found
      // What is derived quotes texts, so it would tell what is hidden.
      return { ...found, files: [], hidden: hiddenFields(reader, found.entries, redact) }
    },
    [Symbol.dispose]: () => owned.dispose(),
  }
}

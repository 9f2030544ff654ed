import type { Event, UnixNano } from '@holdfast/model'
import { actionLevel, tellsSecrets } from '@holdfast/enforce'
import { principalName } from '@holdfast/observe'
import { Corpus, type Skipped } from '../corpus.ts'
import type { LabelledRun } from '../labels.ts'
import { neutralise } from '../neutralise.ts'
import { isOrdinaryOnly } from '../planes.ts'
import { unlabelled } from '../read-all.ts'
import { readRuns } from '../read-runs.ts'
import { isBenign, truthOf } from '../truth.ts'

/** What a recorded call is. `undecided` calls are neither learned from nor scored. */
export type CallLabel = 'ordinary' | 'technique' | 'undecided'

/** One distinct act of an identity: what was called on what, and one of its events for a judge to look at. */
export type Act = {
  readonly action: string
  readonly resources: readonly string[]
  readonly event: Event
}

export type RecordedCall = {
  readonly at: UnixNano
  /** Index into {@link History.acts}. */
  readonly act: number
  readonly label: CallLabel
  /** The authority refused it: neither a need of the identity nor something that a policy of ours lost. */
  readonly isRefused: boolean
}

/** All recorded calls of one principal on AWS, oldest first. */
export type History = {
  readonly identity: string
  readonly acts: readonly Act[]
  readonly calls: readonly RecordedCall[]
}

export type Histories = {
  readonly histories: readonly History[]
  /** The same with the numbers of accounts left out: where they were made up for each file, one person is many without it. */
  readonly pooled: readonly History[]
  readonly recordings: number
  readonly skipped: readonly Skipped[]
}

export type HistoryOptions = {
  readonly folder: string
  readonly labels: readonly LabelledRun[] | undefined
  readonly neutralised: boolean
  /** Nobody attacked: every call that no label speaks of is ordinary. */
  readonly allOrdinary: boolean
  readonly onProgress?: (done: number, all: number) => void
}

/** Reads every recording below the folder; an identity's calls are one history, whichever files they stand in. */
export function readHistories({ folder, labels, neutralised, allOrdinary, onProgress }: HistoryOptions): Histories {
  const corpus = new Corpus(folder)
  const rows = labels ?? corpus.files().map(unlabelled)
  const skipped: Skipped[] = []
  const building = new Map<string, Building>()
  const pooling = new Map<string, Building>()
  let recordings = 0
  for (const [i, row] of rows.entries()) {
    const found = corpus.recordings(row)
    if (typeof found === 'string') skipped.push({ archive: row.archive, member: row.member, why: found })
    for (const recording of typeof found === 'string' ? [] : found) {
      const files = neutralised
        ? recording.files.map(({ name, text }) => ({ name, text: neutralise(text) }))
        : recording.files
      const runs = readRuns({ files })
      if (typeof runs === 'string') {
        skipped.push({ archive: row.archive, member: recording.name, why: runs })
        continue
      }
      recordings++
      const told = row.label === '' && recording.own !== undefined ? { ...row, ...recording.own } : row
      const isLabelled = labels !== undefined || recording.own !== undefined
      for (const { events } of runs.flat())
        for (const event of events) {
          const label = isLabelled ? labelOf(told, event) : allOrdinary ? 'ordinary' : labelByClass(event)
          take(building, event, label)
          take(pooling, withoutAccounts(event), label)
        }
    }
    onProgress?.(i + 1, rows.length)
  }
  return { histories: inOrder(building), pooled: inOrder(pooling), recordings, skipped }
}

function inOrder(building: ReadonlyMap<string, Building>): readonly History[] {
  return [...building]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([identity, { acts, calls }]) => ({
      identity,
      acts,
      calls: calls.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)),
    }))
}

function withoutAccounts(event: Event): Event {
  const { body } = event
  if (body.kind !== 'api-call') return event
  const plain = (name: string): string => name.replaceAll(/(?<=:)\d{12}(?=:)/g, '000000000000')
  const principal = { ...body.principal, id: plain(body.principal.id) }
  return { ...event, body: { ...body, principal, resources: body.resources.map(plain) } }
}

type Building = {
  readonly acts: Act[]
  readonly byKey: Map<string, number>
  readonly calls: RecordedCall[]
}

function take(building: Map<string, Building>, event: Event, label: CallLabel): void {
  const { body } = event
  if (body.kind !== 'api-call' || body.plane !== 'aws') return
  const identity = principalName(body.principal.id)
  const own = building.get(identity) ?? { acts: [], byKey: new Map<string, number>(), calls: [] }
  building.set(identity, own)
  const key = JSON.stringify([body.action, body.resources])
  let act = own.byKey.get(key)
  if (act === undefined) {
    act = own.acts.length
    own.byKey.set(key, act)
    own.acts.push({ action: body.action, resources: body.resources, event })
  }
  own.calls.push({ at: event.claimedAt, act, label, isRefused: body.decision === 'denied' })
}

/** By a labels file: of an executed technique its ordinary calls are apart; what is benign is ordinary. */
function labelOf(row: LabelledRun, event: Event): CallLabel {
  const truth = truthOf(row)
  if (isBenign(truth)) return 'ordinary'
  if (truth === 'boundary-escape') return isOrdinaryOnly(row, event) ? 'ordinary' : 'technique'
  return 'undecided'
}

/**
 * Without labels, by what AWS's reference says of the action: who lists or reads how things stand, without being told a
 * secret or data, is looking around as everybody does; every other call of a recorded technique is a step of it. To take a role
 * is both, and undecided. It looks at no name of a file, a program, an identity or a resource.
 */
function labelByClass({ body }: Event): CallLabel {
  if (body.kind !== 'api-call') return 'undecided'
  if (body.action.startsWith('sts:AssumeRole')) return 'undecided'
  const level = actionLevel(body.action)
  if (level === undefined) return body.isReadOnly === true ? 'ordinary' : 'technique'
  return (level === 'list' || level === 'read') && !tellsSecrets(body.action) ? 'ordinary' : 'technique'
}

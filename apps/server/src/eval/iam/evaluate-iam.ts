import { formatRfc3339, type Event } from '@holdfast/model'
import { policySize, type AwsIamDocument } from '@holdfast/enforce'
import type { Skipped } from '../corpus.ts'
import { counted, rateOf, type Counted, type Rate } from './figures.ts'
import { readHistories, type History, type HistoryOptions, type RecordedCall } from './histories.ts'
import { derived, partsOf, type Choice, type Derived } from './split.ts'

export type IamOptions = HistoryOptions & {
  /** Share of an identity's ordinary calls that the policy is made of. */
  readonly split: number
}

/** An act that went the wrong way, with how often. */
export type Wrong = { readonly action: string; readonly resources: readonly string[]; readonly calls: number }

export type IdentityRow = {
  readonly identity: string
  readonly from: string
  readonly to: string
  /** Days of claimed time on which anything was recorded. */
  readonly days: number
  readonly records: number
  readonly ordinary: number
  readonly technique: number
  readonly undecided: number
  /** Ordinary calls that AWS refused: neither learned nor scored. */
  readonly refusedByAws: number
  readonly learned: { readonly calls: number; readonly acts: number; readonly until: string | null }
  readonly policy:
    | {
        readonly status: 'made'
        readonly id: string
        readonly policies: number
        readonly characters: number
        readonly lines: number
      }
    | { readonly status: 'refused'; readonly reason: string }
  /** Of later ordinary calls: let. Null where there is no policy. */
  readonly allowed: Rate | null
  /** Of the technique's calls: denied. */
  readonly denied: Rate | null
  /** Of those after the last call that was learned: denied. */
  readonly deniedAfter: Rate | null
  /** Later ordinary acts that were denied, and acts of a technique that were let; the most frequent. */
  readonly falseDenials: readonly Wrong[]
  readonly falseAllows: readonly Wrong[]
}

export type VariantRow = { readonly name: string; readonly allowed: Rate; readonly denied: Rate }

/** All figures of one way to tell identities apart. */
export type IamFigures = {
  readonly identities: readonly IdentityRow[]
  readonly allowed: Rate
  readonly denied: Rate
  readonly deniedAfter: Rate
  /** Identities without an earlier ordinary call, of which no policy is made, and their calls of a technique. */
  readonly withoutPolicy: { readonly identities: number; readonly technique: number }
  /** The same with other decisions, and with every action of each service that was seen. */
  readonly variants: readonly VariantRow[]
}

export type IamReport = IamFigures & {
  readonly schemaVersion: 1
  readonly recordings: number
  readonly skipped: readonly Skipped[]
  /** What says which calls are ordinary: a labels file, the class of the action, or that nobody attacked. */
  readonly labels: 'file' | 'class of the action' | 'all ordinary'
  readonly neutralised: boolean
  readonly split: number
  /** With one name of all accounts as one identity. */
  readonly pooled: IamFigures
}

const SHIPPED: Choice = { granularity: 'container', closure: 'action-class' }
const VARIANTS: readonly (readonly [string, Choice])[] = [
  ['by prefix, action class', { granularity: 'prefix', closure: 'action-class' }],
  ['by object, action class', { granularity: 'object', closure: 'action-class' }],
  ['by container, no closure', { granularity: 'container', closure: 'none' }],
  ['by object, no closure', { granularity: 'object', closure: 'none' }],
]
const WRONG_SHOWN = 10

/** Splits each identity's calls by time, makes the policy of the earlier ordinary ones, and holds the rest against it. */
export function evaluateIam({ split, ...options }: IamOptions): IamReport {
  const { histories, pooled, recordings, skipped } = readHistories(options)
  return {
    schemaVersion: 1,
    recordings,
    skipped,
    labels: options.labels !== undefined ? 'file' : options.allOrdinary ? 'all ordinary' : 'class of the action',
    neutralised: options.neutralised,
    split,
    ...figuresFor(histories, split),
    pooled: figuresFor(pooled, split),
  }
}

function figuresFor(histories: readonly History[], split: number): IamFigures {
  const judged = histories.map((history) => judgedBy(history, split, SHIPPED))
  const all = (of: (one: Judged) => Counted | undefined, some: readonly Judged[] = judged): Rate =>
    rateOf(some.flatMap((one) => of(one) ?? []))
  const variants = VARIANTS.map(([name, choice]): VariantRow => {
    const some = histories.map((history) => judgedBy(history, split, choice))
    return { name, allowed: all((one) => one.allowed, some), denied: all((one) => one.denied, some) }
  })
  const floor = histories.map((history) => byService(history, split))
  const without = judged.flatMap(({ row }) => (row.policy.status === 'refused' ? [row.technique] : []))
  return {
    identities: judged.map(({ row }) => row).toSorted((a, b) => b.records - a.records),
    allowed: all((one) => one.allowed),
    denied: all((one) => one.denied),
    deniedAfter: all((one) => one.deniedAfter),
    withoutPolicy: { identities: without.length, technique: without.reduce((sum, one) => sum + one, 0) },
    variants: [
      ...variants,
      {
        name: 'floor: every action of a service seen',
        allowed: rateOf(floor.flatMap((one) => one?.allowed ?? [])),
        denied: rateOf(floor.flatMap((one) => one?.denied ?? [])),
      },
    ],
  }
}

type Judged = {
  readonly row: IdentityRow
  readonly allowed?: Counted
  readonly denied?: Counted
  readonly deniedAfter?: Counted
}

function judgedBy(history: History, split: number, choice: Choice): Judged {
  const { earlier, later, technique } = partsOf(history, split)
  const made = derived(history, earlier, choice)
  const until = earlier.at(-1)
  const row = {
    ...aboutOf(history),
    learned: {
      calls: earlier.length,
      acts: new Set(earlier.map(({ act }) => act)).size,
      until: until === undefined ? null : formatRfc3339(until.at),
    },
    policy: policyOf(made),
  }
  if (made.status === 'refused')
    return { row: { ...row, allowed: null, denied: null, deniedAfter: null, falseDenials: [], falseAllows: [] } }
  const lets = new Map(history.acts.map(({ event }, act) => [act, made.judge(event)]))
  const stops = new Map([...lets].map(([act, isLet]) => [act, !isLet]))
  const after = technique.filter(({ at }) => until !== undefined && at > until.at)
  const [allowed, denied, deniedAfter] = [
    counted(history, later, lets),
    counted(history, technique, stops),
    counted(history, after, stops),
  ]
  return {
    allowed,
    denied,
    deniedAfter,
    row: {
      ...row,
      allowed: rateOf([allowed]),
      denied: rateOf([denied]),
      deniedAfter: rateOf([deniedAfter]),
      falseDenials: wrong(history, later, stops),
      falseAllows: wrong(history, technique, lets),
    },
  }
}

function aboutOf({
  identity,
  calls,
}: History): Omit<
  IdentityRow,
  'learned' | 'policy' | 'allowed' | 'denied' | 'deniedAfter' | 'falseDenials' | 'falseAllows'
> {
  const times = calls.map(({ at }) => formatRfc3339(at))
  const count = (label: RecordedCall['label']): number => calls.filter((call) => call.label === label).length
  return {
    identity,
    from: times[0] ?? '',
    to: times.at(-1) ?? '',
    days: new Set(times.map((time) => time.slice(0, 10))).size,
    records: calls.length,
    ordinary: count('ordinary'),
    technique: count('technique'),
    undecided: count('undecided'),
    refusedByAws: calls.filter(({ label, isRefused }) => label === 'ordinary' && isRefused).length,
  }
}

function policyOf(made: Derived): IdentityRow['policy'] {
  if (made.status === 'refused') return made
  const { principals } = made.artifact.document as AwsIamDocument // made by the same generator
  const documents = principals.flatMap(({ policies }) => policies.map(({ document }) => document))
  return {
    status: 'made',
    id: made.artifact.id,
    policies: documents.length,
    characters: documents.reduce((sum, document) => sum + policySize(document), 0),
    lines: made.artifact.lines.length,
  }
}

/** The floor: what a policy of `service:*` for every service that was seen would do. */
function byService(
  history: History,
  split: number,
): { readonly allowed: Counted; readonly denied: Counted } | undefined {
  const { earlier, later, technique } = partsOf(history, split)
  if (earlier.length === 0) return undefined
  const serviceOf = (event: Event): string =>
    event.body.kind === 'api-call' ? (event.body.action.split(':')[0] ?? '') : ''
  const known = new Set(earlier.flatMap(({ act }) => history.acts[act] ?? []).map(({ event }) => serviceOf(event)))
  const lets = new Map(history.acts.map(({ event }, act) => [act, known.has(serviceOf(event))]))
  const stops = new Map([...lets].map(([act, isLet]) => [act, !isLet]))
  return { allowed: counted(history, later, lets), denied: counted(history, technique, stops) }
}

function wrong({ acts }: History, calls: readonly RecordedCall[], is: ReadonlyMap<number, boolean>): readonly Wrong[] {
  const byAct = Map.groupBy(
    calls.filter(({ act }) => is.get(act) === true),
    ({ act }) => act,
  )
  return [...byAct]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .slice(0, WRONG_SHOWN)
    .flatMap(([act, some]) => {
      const of = acts[act]
      return of === undefined ? [] : [{ action: of.action, resources: of.resources, calls: some.length }]
    })
}

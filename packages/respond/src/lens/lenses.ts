import { type Event, type EventId, formatRfc3339, type UnixNano } from '@holdfast/model'

import { LENS_ACT_CHARACTERS, LENS_RECORD_CHARACTERS, MAX_LENS_CHARACTERS } from '../limits.ts'
import { executionOf, type Movement, movementsOf } from './movements.ts'
import { type FieldClass, fieldClassOf } from './personal-data.ts'
import { regionIn } from './regions.ts'

/** What is counted through each lens by itself; the three are equal, or nothing is handed out. */
export type LensTotals = {
  readonly acts: number
  readonly records: number
  readonly recipients: number
  /** Acts whose records are not known. */
  readonly unread: number
  /** Records that are listed nowhere, for there were too many. */
  readonly cut: number
  readonly first?: string
  readonly last?: string
}

/** Health: who read which record, for what, when and by which tool. */
export type AccessLine = {
  readonly at: string
  readonly agent: string
  readonly tool: string
  readonly purpose: string
  readonly subject: string
  /** `not recorded` where the record has no id or the act brought none. */
  readonly record: string
  /** By which the lenses count it. */
  readonly key?: string
  readonly recipients: readonly string[]
  readonly unread?: string
  /** Records of the act that are not listed; absent where all are. */
  readonly cut?: number
  readonly event: string
  readonly entry: number
}

export type StackFrame = {
  readonly kind: string
  readonly label: string
  readonly agent: string
  readonly events: readonly string[]
  /** What the incident began with. */
  readonly isRootCause: boolean
}

/** Finance: how one act came about, from the prompt to what left. */
export type CallStack = {
  readonly at: string
  readonly agent: string
  readonly tool: string
  readonly depth: number
  /** The outermost first. Empty where nothing leads to the act. */
  readonly frames: readonly StackFrame[]
  readonly keys: readonly string[]
  readonly recipients: readonly string[]
  readonly unread?: string
  /** Records of the act that are not listed; absent where all are. */
  readonly cut?: number
  readonly event: string
  readonly entry: number
}

/** Data protection: where the data of one execution went. */
export type Trajectory = {
  readonly execution: string
  readonly hops: readonly Hop[]
  readonly crossings: readonly {
    readonly at: string
    readonly from: string
    readonly to: string
    readonly event: string
  }[]
}

export type Hop = {
  readonly at: string
  readonly agent: string
  readonly processor: string
  readonly region: string
  readonly legalBasis: string
  readonly fields: readonly { readonly field: string; readonly class: FieldClass }[]
  readonly keys: readonly string[]
  readonly recipients: readonly string[]
  readonly unread?: string
  /** Records of the act that are not listed; absent where all are. */
  readonly cut?: number
  /** False for a model that was asked in between: it brought no record. */
  readonly isAct: boolean
  readonly event: string
  readonly entry: number
}

export type Lenses = {
  readonly access: { readonly lines: readonly AccessLine[]; readonly totals: LensTotals }
  readonly stacks: { readonly stacks: readonly CallStack[]; readonly totals: LensTotals }
  readonly trajectory: { readonly executions: readonly Trajectory[]; readonly totals: LensTotals }
  /** Acts beyond what one reading may hold; none of the three has them. */
  readonly actsLeftOut: number
}

export type LensQuestion = {
  readonly events: readonly Event[]
  /** Nodes that led to an event, the outermost first. */
  readonly stackOf: (event: EventId) => readonly Omit<StackFrame, 'isRootCause'>[]
  /** The act that an event tells of; several tellers may tell of one. */
  readonly actOf: (event: EventId) => string
  /** Events with which the incident began. */
  readonly roots: ReadonlySet<string>
}

/** What the chain of the incident says about anything that nobody recorded. */
export const NOT_RECORDED = 'not recorded'

/** Three regulators' views of one chain, act by act. Each counts for itself: {@link lensFaults} compares them. */
export function* lensesOf(question: LensQuestion): Generator<undefined, Lenses> {
  const { movements, actsLeftOut } = withinBounds(yield* movementsOf(question.events, question.actOf))
  const purposes = purposesOf(question.events)
  const lines = movements.flatMap((movement) => linesOf(movement, purposes.get(movement.execution) ?? NOT_RECORDED))
  const stacks: CallStack[] = []
  for (const movement of movements) {
    stacks.push(stackFor(movement, question))
    yield
  }
  const executions = trajectoriesOf(movements, question.events)
  const hops = executions.flatMap((one) => one.hops.filter(({ isAct }) => isAct))
  return {
    access: {
      lines,
      totals: totalsOf(lines.map((line) => ({ ...line, keys: line.key === undefined ? [] : [line.key] }))),
    },
    stacks: { stacks, totals: totalsOf(stacks) },
    trajectory: { executions, totals: totalsOf(hops) },
    actsLeftOut,
  }
}

/** The earliest acts and records that fit. Records beyond it are cut of their act; an act that does not fit is left out. */
function withinBounds(movements: readonly Movement[]) {
  let room = MAX_LENS_CHARACTERS
  const kept: Movement[] = []
  for (const movement of movements) {
    const told = movement.recipients.reduce((sum, { length }) => sum + length, 0)
    room -= LENS_ACT_CHARACTERS + 3 * told
    if (room < 0) break
    // Recipients stand on each line of the access log.
    const costs = movement.records.map(
      ({ subject, id = '', fields }) =>
        LENS_RECORD_CHARACTERS +
        told +
        3 * (subject.length + id.length) +
        fields.reduce((sum, { length }) => sum + length, 0),
    )
    const tooMany = costs.findIndex((cost) => (room -= cost) < 0)
    if (tooMany < 0) kept.push(movement)
    else {
      const records = movement.records.slice(0, tooMany)
      kept.push({ ...movement, records, cut: movement.cut + movement.records.length - tooMany })
    }
  }
  return { movements: kept, actsLeftOut: movements.length - kept.length }
}

/** Where the totals of the lenses differ; empty where they agree. */
export function lensFaults({ access, stacks, trajectory }: Lenses): readonly string[] {
  const names = ['acts', 'records', 'recipients', 'unread', 'cut', 'first', 'last'] as const
  return names.flatMap((name) => {
    const [a, b, c] = [access.totals[name], stacks.totals[name], trajectory.totals[name]]
    return a === b && b === c
      ? []
      : [`${name}: ${a ?? '-'} in the access log, ${b ?? '-'} in the stacks, ${c ?? '-'} in the trajectory`]
  })
}

type Counted = Pick<CallStack, 'event' | 'at' | 'keys' | 'recipients' | 'unread' | 'cut'>

function totalsOf(lines: readonly Counted[]): LensTotals {
  const times = lines.map(({ at }) => at).toSorted((a, b) => (a < b ? -1 : 1))
  return {
    acts: new Set(lines.map(({ event }) => event)).size,
    records: new Set(lines.flatMap(({ keys }) => keys)).size,
    recipients: new Set(lines.flatMap(({ recipients }) => recipients)).size,
    unread: new Set(lines.filter(({ unread }) => unread !== undefined).map(({ event }) => event)).size,
    cut: [...new Map(lines.map(({ event, cut = 0 }) => [event, cut])).values()].reduce((sum, cut) => sum + cut, 0),
    ...(times.length === 0 ? {} : { first: times[0], last: times.at(-1) }),
  } as LensTotals // both times are there where there is a line
}

/** One record has one key, whoever reads it; one without an id is its own. */
function keysOf({ records, event }: Movement): readonly string[] {
  return records.map(({ subject, id }, at) => (id === undefined ? `${event}#${at}` : `${subject}/${id}`))
}

function unknownOf({ unread, cut }: Movement): { readonly unread?: string; readonly cut?: number } {
  return { ...(unread === undefined ? {} : { unread }), ...(cut === 0 ? {} : { cut }) }
}

function linesOf(movement: Movement, purpose: string): readonly AccessLine[] {
  const { records, recipients, at, agent, by, event, entry } = movement
  const base = { at: sortable(at), agent, tool: by, purpose, recipients, event, entry }
  const known = unknownOf(movement)
  const keys = keysOf(movement)
  if (records.length === 0) return [{ ...base, ...known, subject: NOT_RECORDED, record: NOT_RECORDED }]
  return records.map(({ subject, id }, i) => ({
    ...base,
    ...known,
    subject,
    record: id ?? NOT_RECORDED,
    ...(keys[i] === undefined ? {} : { key: keys[i] }),
  }))
}

function stackFor(movement: Movement, { stackOf, roots }: LensQuestion): CallStack {
  const { recipients, at, agent, by, event, entry } = movement
  const frames = stackOf(event).map((frame) => ({ ...frame, isRootCause: frame.events.some((id) => roots.has(id)) }))
  return {
    at: sortable(at),
    agent,
    tool: by,
    depth: frames.length,
    frames,
    keys: keysOf(movement),
    recipients,
    ...unknownOf(movement),
    event,
    entry,
  }
}

function trajectoriesOf(movements: readonly Movement[], events: readonly Event[]): readonly Trajectory[] {
  const hops = [
    ...movements.map((movement) => ({ execution: movement.execution, hop: hopOf(movement) })),
    ...events.flatMap((event) => modelHop(event) ?? []),
  ]
  return [...Map.groupBy(hops, ({ execution }) => execution)].map(([execution, some]) => {
    const ordered = some.map(({ hop }) => hop).toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    return { execution, hops: ordered, crossings: crossingsOf(ordered) }
  })
}

function hopOf(movement: Movement): Hop {
  const { records, recipients, at, agent, by, event, entry, region } = movement
  const fields = [...new Set(records.flatMap((record) => record.fields))].flatMap((field) => {
    const found = fieldClassOf(field)
    return found === undefined ? [] : [{ field, class: found }]
  })
  return {
    at: sortable(at),
    agent,
    processor: by,
    region: region ?? NOT_RECORDED,
    legalBasis: NOT_RECORDED,
    fields,
    keys: keysOf(movement),
    recipients,
    ...unknownOf(movement),
    isAct: true,
    event,
    entry,
  }
}

/** A model that was asked processes what its context holds, wherever it sits. */
function modelHop({ body, id, entry, claimedAt, agent, context }: Event) {
  if (body.kind !== 'model-call') return undefined
  const place = regionIn(`${body.credentialScope ?? ''} ${body.endpoint ?? ''}`)
  const processor = [body.provider, body.responseModel ?? body.requestModel].filter((part) => part !== undefined)
  const hop: Hop = {
    at: sortable(claimedAt),
    agent: agent.id,
    processor: processor.length === 0 ? 'a model' : processor.join(' '),
    region: place ?? NOT_RECORDED,
    legalBasis: NOT_RECORDED,
    fields: [],
    keys: [],
    recipients: [],
    isAct: false,
    event: id,
    entry,
  }
  return { execution: executionOf(context), hop }
}

/** From one known region to another; what lies between is in neither. */
function crossingsOf(hops: readonly Hop[]): Trajectory['crossings'] {
  const placed = hops.filter(({ region }) => region !== NOT_RECORDED)
  return placed.flatMap(({ at, region, event }, i) => {
    const before = placed[i - 1]?.region
    return before === undefined || before === region ? [] : [{ at, from: before, to: region, event }]
  })
}

/** What each execution was for: the first thing that a user said in it. Captured text, cut. */
function purposesOf(events: readonly Event[]): ReadonlyMap<string, string> {
  const found = new Map<string, { readonly at: UnixNano; readonly text: string }>()
  for (const { body, context, claimedAt } of events) {
    if (body.kind !== 'prompt' || body.role !== 'user' || !('text' in body.content)) continue
    const execution = executionOf(context)
    const known = found.get(execution)
    if (known === undefined || claimedAt < known.at)
      found.set(execution, { at: claimedAt, text: body.content.text.slice(0, PURPOSE_CHARACTERS) })
  }
  return new Map([...found].map(([execution, { text }]) => [execution, text]))
}

const PURPOSE_CHARACTERS = 160

/** RFC 3339 with nine digits of a second, so that texts sort as times do. */
function sortable(at: UnixNano): string {
  const text = formatRfc3339(at)
  const [seconds = '', fraction = ''] = text.slice(0, -1).split('.')
  return `${seconds}.${fraction.padEnd(9, '0')}Z`
}

import type { Component, ComponentKind, EventBody } from '@holdfast/model'
import type { BomRow } from './instant.ts'
import { CHANGE_AFTER_NANOS, CHANGE_BEFORE_NANOS } from './limits.ts'
import { isCompatible } from './component.ts'
import { isSameModel } from './model-name.ts'
import type { Mark } from './stand.ts'

/** A change that somebody made and a system recorded, with when and where in the log. */
export type RecordedChange = Mark & Omit<Extract<EventBody, { readonly kind: 'change' }>, 'kind'>

/** One difference between two instants of an agent. */
export type BomChange = {
  /** `came-and-went`: seen between the two, there at neither. `declared`, `undeclared`: what documents say changed. */
  readonly change: 'added' | 'removed' | 'changed' | 'came-and-went' | 'declared' | 'undeclared'
  readonly kind: ComponentKind
  readonly name: string
  readonly before?: Component
  readonly after?: Component
  /** First sighting of what came, or of the end of what went. Absent where the end left no record. */
  readonly when?: Mark
  /** Log positions that prove it: last of what was, first of what is. */
  readonly proof: readonly number[]
  /** Of a tool: the server that offers it, where one is known. */
  readonly server?: string
  /** Tools that came or went with their server. */
  readonly tools: readonly string[]
  /** The recorded change that explains it, where there is one. */
  readonly by?: RecordedChange
}

export type DiffInput = {
  readonly before: readonly BomRow[]
  readonly after: readonly BomRow[]
  /** First sighting after the first instant, by component id. */
  readonly nextAfter: (id: string) => Mark | undefined
  /** When a part was let go, until the second instant. */
  readonly unloaded: (id: string) => Mark | undefined
  /** Parts that were seen between the two instants and stand at neither. */
  readonly passing: readonly { readonly id: string; readonly component: Component; readonly first: Mark }[]
  readonly changes: readonly RecordedChange[]
}

/** What changed between two instants, in the order in which it happened (SPEC.md, I8). */
export function diffRows(input: DiffInput): readonly BomChange[] {
  const observed = (rows: readonly BomRow[]): Map<string, readonly BomRow[]> =>
    Map.groupBy(
      rows.filter(({ standing }) => standing !== 'declared'),
      placeOf,
    )
  const [before, after] = [observed(input.before), observed(input.after)]
  const changes: BomChange[] = []
  for (const place of new Set([...before.keys(), ...after.keys()]))
    changes.push(...placeChanges(before.get(place) ?? [], after.get(place) ?? [], input))
  for (const { component, first } of input.passing)
    changes.push(written({ change: 'came-and-went', after: component, when: first, proof: [first.entry] }))
  changes.push(...declaredChanges(input))
  return withServers(changes)
    .map((change) => explained(change, input.changes))
    .toSorted(byTime)
}

/** Where a part stands: only what fills the same place can have replaced it. */
function placeOf({ component, details }: BomRow): string {
  if (component.kind === 'tool') return `tool:${details['server']?.[0] ?? '-'}/${component.name}`
  return component.slot ?? `${component.kind}:${component.name}`
}

function placeChanges(before: readonly BomRow[], after: readonly BomRow[], input: DiffInput): readonly BomChange[] {
  const isKept = (row: BomRow, others: readonly BomRow[]): boolean =>
    others.some((other) => other.id === row.id || isLearned(row.component, other.component))
  const gone = before.filter((row) => !isKept(row, after))
  const come = after.filter((row) => !isKept(row, before))
  const pairs = Array.from({ length: Math.max(gone.length, come.length) }, (_, i) => [gone[i], come[i]] as const)
  return pairs.map(([old, fresh]) => {
    const when =
      fresh === undefined ? (old === undefined ? undefined : endOf(old, after, input)) : startOf(fresh, input)
    const proof = [lastEntry(old), when?.entry].filter((entry) => entry !== undefined)
    const change = old === undefined ? 'added' : fresh === undefined ? 'removed' : 'changed'
    const server = (fresh ?? old)?.details['server']?.[0]
    return written({ change, before: old?.component, after: fresh?.component, when, proof, server })
  })
}

/** The same part of which one source says more: no change of the agent. */
function isLearned(a: Component, b: Component): boolean {
  if (a.kind === 'model') return isSameModel(a.name, b.name)
  return a.name === b.name && (isCompatible(a, b) || a.slot !== b.slot)
}

function startOf({ id, also }: BomRow, input: DiffInput): Mark | undefined {
  const marks = [id, ...also].flatMap((one) => input.nextAfter(one) ?? [])
  return marks.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))[0]
}

function endOf(old: BomRow, after: readonly BomRow[], input: DiffInput): Mark | undefined {
  const unloaded = input.unloaded(old.id)
  if (unloaded !== undefined) return unloaded
  const next = after.find((row) => placeOf(row) === placeOf(old))
  return next === undefined ? undefined : startOf(next, input)
}

function lastEntry(row: BomRow | undefined): number | undefined {
  const spans = [row?.loaded, row?.called].filter((span) => span !== undefined)
  return spans.toSorted((a, b) => (a.last < b.last ? 1 : -1))[0]?.lastEntry
}

function declaredChanges({ before, after }: DiffInput): readonly BomChange[] {
  const declared = (rows: readonly BomRow[]): ReadonlyMap<string, { readonly row: BomRow; readonly as: Component }> =>
    new Map(
      rows.flatMap((row) => {
        const components = row.standing === 'declared' ? [row.component] : row.declaredAs
        return components.map(
          (as) => [`${as.kind}\n${as.name}\n${as.version ?? ''}\n${as.digest ?? ''}`, { row, as }] as const,
        )
      }),
    )
  const [old, fresh] = [declared(before), declared(after)]
  const come = [...fresh].flatMap(([key, { row, as }]) => {
    const span = old.has(key) ? undefined : row.declared
    if (span === undefined) return []
    return [
      written({
        change: 'declared',
        after: as,
        when: { at: span.first, entry: span.firstEntry },
        proof: [span.firstEntry],
      }),
    ]
  })
  const gone = [...old].flatMap(([key, { row, as }]) => {
    const span = fresh.has(key) ? undefined : row.declared
    return span === undefined ? [] : [written({ change: 'undeclared', before: as, proof: [span.lastEntry] })]
  })
  return [...come, ...gone]
}

type Written = Pick<BomChange, 'change' | 'proof'> & {
  readonly before?: Component | undefined
  readonly after?: Component | undefined
  readonly when?: Mark | undefined
  readonly server?: string | undefined
}

function written({ change, before, after, when, proof, server }: Written): BomChange {
  const { kind, name } = after ?? before ?? { kind: 'package' as const, name: '' }
  return {
    change,
    kind,
    name,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...(when === undefined ? {} : { when }),
    proof: [...new Set(proof)],
    ...(server === undefined ? {} : { server }),
    tools: [],
  }
}

/** A server that came or went brings its tools: one change, not one for each of them. */
function withServers(changes: readonly BomChange[]): readonly BomChange[] {
  const servers = changes.filter(({ kind, change }) => kind === 'mcp-server' && change !== 'changed')
  const serverOf = ({ kind, change, server }: BomChange): BomChange | undefined =>
    kind === 'tool' ? servers.find((one) => one.name === server && one.change === change) : undefined
  const tools = Map.groupBy(
    changes.filter((change) => serverOf(change) !== undefined),
    serverOf,
  )
  return changes
    .filter((change) => serverOf(change) === undefined)
    .map((change) => {
      const own = tools.get(change)
      return own === undefined ? change : { ...change, tools: own.map(({ name }) => name).toSorted() }
    })
}

/** Kinds of recorded changes that can explain a change of a part. Restarts and replicas change nothing. */
function explainers(kind: ComponentKind): ReadonlySet<RecordedChange['change']> {
  switch (kind) {
    case 'model':
    case 'adapter':
    case 'endpoint':
      return new Set(['model', 'deploy', 'image'])
    case 'prompt-template':
      return new Set(['prompt-template', 'deploy', 'image'])
    case 'tool':
    case 'mcp-server':
    case 'skill':
    case 'delegate':
      return new Set(['tool-catalogue', 'mcp-server', 'deploy', 'image'])
    case 'identity':
      return new Set(['grant', 'deploy'])
    case 'runtime':
    case 'framework':
    case 'package':
    case 'image':
    case 'data-source':
    case 'memory-store':
      return new Set(['image', 'deploy'])
  }
}

/** The nearest before it within a day; else the nearest within ten minutes after. */
export function explained(change: BomChange, recorded: readonly RecordedChange[]): BomChange {
  const when = change.when?.at
  if (when === undefined) return change
  const kinds = explainers(change.kind)
  const near = recorded.filter(
    ({ at, change: kind }) => kinds.has(kind) && at >= when - CHANGE_BEFORE_NANOS && at <= when + CHANGE_AFTER_NANOS,
  )
  const before = near.filter(({ at }) => at <= when).toSorted((a, b) => (a.at > b.at ? -1 : 1))[0]
  const by = before ?? near.toSorted((a, b) => (a.at < b.at ? -1 : 1))[0]
  return by === undefined ? change : { ...change, by }
}

function byTime(a: BomChange, b: BomChange): number {
  const [x, y] = [a.when?.at, b.when?.at]
  if (x !== y) return x === undefined ? 1 : y === undefined ? -1 : x < y ? -1 : 1
  const [p, q] = [`${a.kind}\n${a.name}\n${a.change}`, `${b.kind}\n${b.name}\n${b.change}`]
  return p < q ? -1 : p > q ? 1 : 0
}

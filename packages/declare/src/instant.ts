import { BOM_CATEGORY, outranks, type BomCategory, type Component, type TrustTier } from '@holdfast/model'
import { ALTERNATION_NANOS } from './limits.ts'
import { isCompatible } from './component.ts'
import { isSameModel, modelFamily } from './model-name.ts'
import { widest, type Span } from './part.ts'
import { earlier, lastSeen, later, type Mark, type Stand, type Trail } from './stand.ts'

/** A part of an agent at an instant: how it is known, since when, and by which log positions. */
export type BomRow = {
  /** Of the component that stands for it; {@link BomRow.also} are others that speak of the same part. */
  readonly id: string
  readonly also: readonly string[]
  readonly component: Component
  readonly category: BomCategory
  readonly details: Readonly<Record<string, readonly string[]>>
  readonly declared?: Span
  readonly loaded?: Span
  readonly called?: Span
  readonly standing: 'declared' | 'observed' | 'both'
  /** Strongest tier that saw it run; absent where it is only declared. */
  readonly tier?: TrustTier
  /** Versions or names under which documents declare it, where they differ from what runs. */
  readonly declaredAs: readonly Component[]
}

/** The whole list of a server's tools under one digest. */
export type Catalogue = { readonly server: string; readonly digest: string; readonly tools: readonly string[] }

/** A part that documents in force declare, from the first to the newest of them. */
export type Declared = { readonly stand: Stand; readonly span: Span }

export type InstantInput = {
  readonly at: bigint
  readonly stands: readonly Stand[]
  /** Whole catalogues only. */
  readonly catalogues: readonly Catalogue[]
  readonly declared: readonly Declared[]
}

/** What an agent is made of at an instant (SPEC.md, I3 to I7): sorted by category, kind, name. */
export function rowsAt({ at, stands, catalogues, declared }: InstantInput): readonly BomRow[] {
  const seen = stands.filter((stand) => lastSeen(stand) !== undefined)
  const listed = listedTools(seen, catalogues)
  const slots = Map.groupBy(seen, ({ part }) => part.component.slot ?? '')
  const held = seen.filter((stand) => {
    const { slot } = stand.part.component
    const rivals = slot === undefined ? [] : (slots.get(slot) ?? [])
    return !isLetGo(stand, listed) && !isReplaced(stand, rivals)
  })
  const all = { kin: Map.groupBy(seen, kinKey), held: new Set(held) }
  const running = held.filter((stand) => !isGoneWithAll(stand, all))
  const rows = merged(running).map((group) => rowOf(group))
  return inPlaces(joined(rows, declared, at))
}

/** Seen again soon: other replicas have it still. */
function isSeenSoon(stand: Stand, since: bigint): boolean {
  return stand.next !== undefined && stand.next.at - since <= ALTERNATION_NANOS
}

function isReplaced(stand: Stand, rivals: readonly Stand[]): boolean {
  const own = lastSeen(stand)
  if (own === undefined) return true
  const isEnded = rivals.some((rival) => {
    if (rival === stand || isSamePart(rival.part.component, stand.part.component)) return false
    return (lastSeen(rival)?.at ?? 0n) > own.at
  })
  return isEnded && !isSeenSoon(stand, own.at)
}

/** Two sightings of one part, of which one says less: they do not end each other. */
function isSamePart(a: Component, b: Component): boolean {
  if (a.kind !== b.kind) return false
  return a.kind === 'model' ? isSameModel(a.name, b.name) : isCompatible(a, b)
}

type Listed = ReadonlyMap<string, { readonly at: bigint; readonly tools: ReadonlySet<string> }>

/** The newest whole list of each server, as of the instant; an empty one from when a server was let go. */
function listedTools(stands: readonly Stand[], catalogues: readonly Catalogue[]): Listed {
  const tools = new Map(catalogues.map((one) => [`${one.server}\n${one.digest}`, new Set(one.tools)]))
  const listed = new Map<string, { readonly at: bigint; readonly tools: ReadonlySet<string> }>()
  for (const stand of stands) {
    const { kind, name, digest } = stand.part.component
    if (kind !== 'mcp-server') continue
    const own = digest === undefined ? undefined : tools.get(`${name}\n${digest}`)
    const at = lastSeen(stand)?.at ?? 0n
    const before = listed.get(name)
    if (own !== undefined && (before === undefined || at > before.at)) listed.set(name, { at, tools: own })
    const gone = stand.unloaded?.at
    if (gone !== undefined && gone > (listed.get(name)?.at ?? 0n)) listed.set(name, { at: gone, tools: new Set() })
  }
  return listed
}

function isLetGo(stand: Stand, listed: Listed): boolean {
  const seen = lastSeen(stand)?.at ?? 0n
  const gone = stand.unloaded?.at
  if (gone !== undefined && gone > seen && !isSeenSoon(stand, seen)) return true
  const { kind, name, details } = { ...stand.part.component, details: stand.part.details }
  if (kind !== 'tool') return false
  const list = details['server']?.map((server) => listed.get(server)).find((one) => one !== undefined)
  return list !== undefined && list.at > seen && !list.tools.has(name) && !isSeenSoon(stand, seen)
}

/** A name without version or digest goes with the last of those that have one. */
function isGoneWithAll(
  stand: Stand,
  all: { readonly kin: ReadonlyMap<string, readonly Stand[]>; readonly held: ReadonlySet<Stand> },
): boolean {
  if (!isBare(stand.part.component)) return false
  const kin = (all.kin.get(kinKey(stand)) ?? []).filter((other) => !isBare(other.part.component) && isKin(stand, other))
  if (kin.length === 0 || kin.some((other) => all.held.has(other))) return false
  const own = lastSeen(stand)?.at ?? 0n
  return kin.every((other) => own <= (other.unloaded?.at ?? lastSeen(other)?.at ?? 0n))
}

function isBare({ kind, name, version, digest }: Component): boolean {
  return kind === 'model' ? modelFamily(name) === name : version === undefined && digest === undefined
}

/** Kin share this key: an agent with thousands of parts is looked through once, and not once for each. */
function kinKey({ part: { component } }: Stand): string {
  const { kind, name, slot } = component
  return kind === 'model' ? `${kind}\n${slot ?? ''}` : `${kind}\n${name}`
}

function isKin(a: Stand, b: Stand): boolean {
  const [one, other] = [a.part.component, b.part.component]
  if (one.kind !== other.kind) return false
  if (one.kind === 'model') return one.slot === other.slot && isSameModel(one.name, other.name)
  if (one.name !== other.name) return false
  const [x, y] = [a.part.details['server'], b.part.details['server']]
  return x === undefined || y === undefined || x.some((server) => y.includes(server))
}

/** Groups stands that speak of one part: the one that says most of it first. */
function merged(stands: readonly Stand[]): readonly (readonly [Stand, ...Stand[]])[] {
  const groups: [Stand, ...Stand[]][] = []
  const byKin = new Map<string, [Stand, ...Stand[]][]>()
  for (const stand of stands.toSorted(byFullness)) {
    const key = kinKey(stand)
    const kin = byKin.get(key) ?? []
    byKin.set(key, kin)
    const group = kin.find(
      ([first]) => isKin(first, stand) && (rank(stand) > 0 || isCompatible(first.part.component, stand.part.component)),
    )
    if (group !== undefined) {
      group.push(stand)
      continue
    }
    const begun: [Stand, ...Stand[]] = [stand]
    groups.push(begun)
    kin.push(begun)
  }
  return groups
}

function byFullness(a: Stand, b: Stand): number {
  const missing = ({ part: { component } }: Stand): number =>
    Number(component.version === undefined) + Number(component.digest === undefined)
  return rank(a) - rank(b) || missing(a) - missing(b) || (a.part.id < b.part.id ? -1 : 1)
}

/** Known by what its source defines, by what the model was told of it, by name alone. */
function rank({ part: { component } }: Stand): number {
  if (isBare(component)) return 2
  return component.slot?.startsWith('tool-as-told:') === true ? 1 : 0
}

function rowOf([first, ...rest]: readonly [Stand, ...Stand[]]): BomRow {
  const all = [first, ...rest]
  const loaded = spanOf(all.flatMap(({ loaded: trail }) => trail ?? []))
  const called = spanOf(all.flatMap(({ called: trail }) => trail ?? []))
  const tiers = all.flatMap(({ part }) => part.tier ?? [])
  const tier = tiers.reduce<TrustTier | undefined>((a, b) => (a === undefined || outranks(b, a) ? b : a), undefined)
  return {
    id: first.part.id,
    also: rest.map(({ part }) => part.id),
    component: first.part.component,
    category: BOM_CATEGORY[first.part.component.kind],
    details: detailsOf(all),
    ...(loaded === undefined ? {} : { loaded }),
    ...(called === undefined ? {} : { called }),
    standing: 'observed',
    ...(tier === undefined ? {} : { tier }),
    declaredAs: [],
  }
}

function detailsOf(stands: readonly Stand[]): BomRow['details'] {
  const details = new Map<string, readonly string[]>()
  for (const { part } of stands)
    for (const [name, values] of Object.entries(part.details))
      details.set(name, [...new Set([...(details.get(name) ?? []), ...values])].toSorted())
  return Object.fromEntries([...details].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function spanOf(trails: readonly Trail[]): Span | undefined {
  const first = trails.reduce<Mark | undefined>((mark, trail) => earlier(mark, trail.first), undefined)
  const last = trails.reduce<Mark | undefined>((mark, trail) => later(mark, trail.last), undefined)
  if (first === undefined || last === undefined) return undefined
  return { first: first.at, firstEntry: first.entry, last: last.at, lastEntry: last.entry }
}

/** What documents declare beside what runs: in one row where both speak of one part. */
function joined(rows: readonly BomRow[], declared: readonly Declared[], at: bigint): readonly BomRow[] {
  const found = rows.map((row) => ({ row, by: [] as Declared[] }))
  const alone: Declared[] = []
  for (const one of declared) {
    if (one.span.first > at) continue
    const exact = found.filter(({ row }) => isDeclaredBy(row.component, row.details, one.stand))
    if (exact.length === 0) alone.push(one)
    else for (const match of exact) match.by.push(one)
  }
  return [
    ...found.map(({ row, by }) => withDeclared(row, by)),
    ...alone.map(({ stand, span }): BomRow => {
      const { component, id } = stand.part
      return {
        id,
        also: [],
        component,
        category: BOM_CATEGORY[component.kind],
        details: stand.part.details,
        declared: span,
        standing: 'declared',
        declaredAs: [],
      }
    }),
  ]
}

function withDeclared(row: BomRow, by: readonly Declared[]): BomRow {
  const [first, ...rest] = by
  if (first === undefined) return row
  const span = rest.reduce((sum, { span: next }) => widest(sum, next), first.span)
  const declaredAs = by.map(({ stand }) => stand.part.component)
  const documents = [...new Set(by.flatMap(({ stand }) => stand.part.details['document'] ?? []))].toSorted()
  return { ...row, standing: 'both', declared: span, declaredAs, details: { ...row.details, document: documents } }
}

/** Libraries are declared as packages whatever they are. */
const CODE: ReadonlySet<string> = new Set(['package', 'framework', 'runtime'])

function isDeclaredBy(component: Component, details: BomRow['details'], { part }: Stand): boolean {
  const other = part.component
  if (CODE.has(component.kind) && CODE.has(other.kind)) return sameName(component.name, other.name)
  if (component.kind !== other.kind) return false
  if (component.kind === 'model') return isSameModel(component.name, other.name)
  if (component.kind === 'prompt-template' && other.digest !== undefined && component.digest !== undefined)
    return component.digest === other.digest
  if (component.name !== other.name) return false
  const [own, told] = [details['server'], part.details['server']]
  return own === undefined || told === undefined || own.some((server) => told.includes(server))
}

/** `langchain_core` of PyPI is `langchain-core`. */
function sameName(a: string, b: string): boolean {
  const plain = (name: string): string => name.toLowerCase().replaceAll(/[-_.]+/g, '-')
  return plain(a) === plain(b)
}

function inPlaces(rows: readonly BomRow[]): readonly BomRow[] {
  const placed = rows.map((row) => ({ row, place: placeOf(row) }))
  return placed.toSorted((a, b) => (a.place < b.place ? -1 : a.place > b.place ? 1 : 0)).map(({ row }) => row)
}

function placeOf({ category, component, id }: BomRow): string {
  return [category, component.kind, component.name, component.version ?? '', component.digest ?? '', id].join('\n')
}

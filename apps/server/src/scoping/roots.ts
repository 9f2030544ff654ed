import type { EventSummary, UnixNano } from '@holdfast/model'
import { AROUND_CHARS } from './limits.ts'
import type { Material } from './material.ts'
import { broughtBy, plainText, textOf } from './texts.ts'

type KnownText = { readonly text: string; readonly digest: string }

/** Where an incident began, as far as its chain shows it. */
export type Roots = {
  /**
   * `origin`: what the chain names as the first of all; `entry`: the text that instructed; `deed`: no input is known, and what is
   * followed is what the deeds themselves did.
   */
  readonly basis: 'origin' | 'entry' | 'deed'
  readonly events: readonly EventSummary[]
  /** The same items read again, in whatever conversation: what began there goes on here. */
  readonly again: readonly EventSummary[]
  /** The earliest of them. */
  readonly first: EventSummary | undefined
  /** Sentences that instructed, and texts of origins without one. */
  readonly poison: readonly KnownText[]
  /** The documents in which they stood. */
  readonly around: readonly KnownText[]
  /** From when on; nothing before it can have come of it. */
  readonly from: UnixNano
}

/** Reads where it began from the chain and the signals of the incident. */
export function rootsOf(material: Material): Roots {
  const { incident, byId, nodesOf, texts } = material
  const linked = (stage: 'origin' | 'entry'): readonly string[] =>
    incident.chain.links
      .filter((link) => link.stage === stage && link.state !== 'not-seen')
      .flatMap(({ events }) => events)
  const quotes = incident.signals.flatMap(({ quote }) => (quote === undefined ? [] : [quote]))
  const known = (ids: readonly string[]): readonly EventSummary[] =>
    [...new Set(ids)].flatMap((id) => byId.get(id) ?? []).toSorted(byClaim)
  const origins = known(linked('origin'))
  const entries = known([...linked('entry'), ...quotes.map(({ event }) => event)])
  const deeds = known(incident.signals.flatMap(({ deed, events }) => (deed === undefined ? events : [deed])))
  const isInput = origins.length + entries.length > 0
  const events = isInput ? [...origins, ...entries].toSorted(byClaim) : deeds
  const documents = isInput ? events.flatMap((event) => documentOf(texts.event(event))) : []
  const quoted = new Set<string>(quotes.map(({ event }) => event))
  const unquoted = events
    .filter(({ id }) => isInput && !quoted.has(id))
    .flatMap((event) => documentOf(texts.event(event)))
  return {
    basis: origins.length > 0 ? 'origin' : entries.length > 0 ? 'entry' : 'deed',
    events,
    again: isInput ? readAgain(material, events) : [],
    first: events[0],
    // What no sentence was quoted of is the whole text that the chain names.
    poison: distinct([...quotes.map(({ text }) => ({ text, digest: `quote ${text}` })), ...unquoted]),
    around: distinct(documents),
    from: earliest([
      incident.firstClaimed,
      ...events.map(({ claimedAt }) => claimedAt),
      // An answer is told at its end, and its node begins when it was asked for. Decimal nanoseconds of the graph's own making.
      ...events.flatMap(({ id }) => (nodesOf.get(id) ?? []).map((node) => BigInt(node.claimedAt) as UnixNano)),
    ]),
  }
}

function documentOf(event: ReturnType<Material['texts']['event']>): readonly KnownText[] {
  if (event === undefined) return []
  const { body } = event
  const content = body.kind === 'memory' ? body.content : broughtBy(body)
  const text = textOf(content)
  if (content === undefined || text === undefined || !('digest' in content) || text.trim() === '') return []
  return [{ text: plainText(text).slice(0, AROUND_CHARS), digest: content.digest }]
}

/** Items by id with the versions that are origins; none of an item whose origin states no version. */
export function itemVersions(roots: readonly EventSummary[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>()
  for (const { body } of roots) {
    const id =
      body.kind === 'context-item' ? (body.origin ?? body.uri) : body.kind === 'memory' ? body.record : undefined
    if (id === undefined) continue
    const versions = found.get(id) ?? new Set()
    found.set(id, versions)
    if (body.kind === 'context-item' && body.version !== undefined) versions.add(body.version)
  }
  return found
}

/** Where an item that is an origin was brought into a context again, in the version that is one. */
function readAgain({ events }: Material, roots: readonly EventSummary[]): readonly EventSummary[] {
  const items = itemVersions(roots)
  const known = new Set(roots.map(({ id }) => id))
  return events.filter((event) => {
    const { body, id } = event
    if (known.has(id)) return false
    const item =
      body.kind === 'context-item'
        ? (body.origin ?? body.uri)
        : body.kind === 'memory' && body.operation === 'read'
          ? body.record
          : undefined
    const versions = item === undefined ? undefined : items.get(item)
    if (versions === undefined) return false
    return (
      body.kind !== 'context-item' || body.version === undefined || versions.size === 0 || versions.has(body.version)
    )
  })
}

/** Of 0 nobody said when it was. */
function earliest(times: readonly UnixNano[]): UnixNano {
  const known = times.filter((time) => time !== 0n)
  return known.reduce((least, time) => (time < least ? time : least), known[0] ?? (0n as UnixNano)) // the least of that type
}

function distinct(texts: readonly KnownText[]): readonly KnownText[] {
  return [...new Map(texts.map((one) => [one.digest, one])).values()]
}

function byClaim(a: EventSummary, b: EventSummary): number {
  if (a.claimedAt !== b.claimedAt) return a.claimedAt < b.claimedAt ? -1 : 1
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

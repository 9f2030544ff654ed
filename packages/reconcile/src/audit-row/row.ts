import {
  auditRowId,
  isProven,
  type AuditItem,
  type AuditAllowance,
  type AuditRowBody,
  type AuditShortening,
  type AuditTrigger,
  type AuditViolation,
  type EdgeBasis,
  type EventSummary,
  type GraphEdge,
} from '@holdfast/model'
import type { RowFacts } from './facts.ts'
import { ItemMaker } from './items.ts'
import { coverageOf, layerStates } from './layers.ts'
import { TEXT_CHARACTERS } from './limits.ts'
import { selectNodes, type Selection } from './selection.ts'

/**
 * One row of the audit: what an act did in every layer, tied to the input that set it off. Pure, and in canonical order:
 * the same facts give the same bytes of canonical JSON.
 */
export function auditRow(facts: RowFacts): AuditRowBody {
  const { subject, graph, conversations, gaps, hostedBy } = facts
  const about = subject.kind === 'event' ? [subject.event.id] : subject.events
  const deeds = subject.kind === 'event' ? about : subject.deeds
  const selection = selectNodes(graph, { deeds, events: about, withAuthority: subject.kind === 'incident' })
  const maker = new ItemMaker(facts)
  const items = selection.nodes.map(({ node, part }) => maker.item(node, part))
  const shown = new Set(items.flatMap(({ events }) => events.map(({ id }) => id)))
  const events = facts.events.filter(({ id }) => shown.has(id))
  const shortened = shorteningsOf(items, selection)
  const layers = layerStates({ items, hostedBy, shortened, gaps, graph })
  const trigger = triggerOf(facts, { items, selection })
  return {
    version: 1,
    ...headOf(facts),
    agents: unique(items.map(({ agent }) => agent)),
    conversations: conversations.toSorted(compare),
    traces: unique(items.flatMap((item) => item.events.flatMap(({ trace }) => trace ?? []))),
    ...(trigger === undefined ? {} : { trigger }),
    violations: [],
    identities: identitiesOf(events),
    items,
    joins: selection.edges.map(({ from, to, kind, basis }) => ({ from, to, kind, basis, isProven: isProven(basis) })),
    layers,
    shortened,
    coverage: coverageOf(layers),
    gaps,
    cut: { ...facts.cut, items: selection.cut, texts: maker.cut },
  }
}

/** Every entry that the row speaks of, ascending: what it is proven by. */
export function entriesOfRow(row: AuditRowBody): readonly number[] {
  const entries = [
    ...row.items.flatMap(({ events }) => events.map(({ entry }) => entry)),
    ...row.violations.map(({ entry }) => entry),
    ...row.identities.flatMap((identity) => identity.entries),
    ...row.gaps.map(({ entry }) => entry),
    ...(row.trigger?.input === undefined ? [] : [row.trigger.input.entry]),
  ]
  return [...new Set(entries)].toSorted((a, b) => a - b)
}

/** The row with the lines of policies that its acts broke; about a violation where its own act did. */
export function withViolations(row: AuditRowBody, violations: readonly AuditViolation[]): AuditRowBody {
  const { about } = row
  const broken = violations.find(({ event }) => event === about.id)
  return {
    ...row,
    violations: violations.toSorted((a, b) => a.entry - b.entry || compare(a.event, b.event)),
    ...(broken === undefined
      ? {}
      : { about: { ...about, kind: 'violation', words: `${about.words}: ${broken.what}` } as const }),
  }
}

/** The row with the lines by which policies let through what left; as it was where none did. */
export function withAllowances(row: AuditRowBody, allowed: readonly AuditAllowance[]): AuditRowBody {
  if (allowed.length === 0) return row
  return { ...row, allowed: allowed.toSorted((a, b) => a.entry - b.entry || compare(a.event, b.event)) }
}

/** Events of a row that a policy can speak of. */
export function judgedEvents(row: AuditRowBody): readonly { readonly id: string; readonly entry: number }[] {
  return row.items
    .filter(({ part }) => part === 'tools' || part === 'egress' || part === 'kernel')
    .flatMap(({ events }) => events.map(({ id, entry }) => ({ id, entry })))
}

function headOf({ subject }: RowFacts): Pick<AuditRowBody, 'id' | 'about'> {
  if (subject.kind === 'incident') {
    const { id, words, at } = subject
    return { id: auditRowId(id), about: { kind: 'incident', id, words, at } }
  }
  const { event, words } = subject
  return { id: auditRowId(event.id), about: { kind: 'event', id: event.id, words, at: event.claimedAt.toString() } }
}

function identitiesOf(events: readonly EventSummary[]): AuditRowBody['identities'] {
  const found = new Map<string, AuditRowBody['identities'][number]>()
  for (const { id, entry, body, source } of events.toSorted((a, b) => a.entry - b.entry || compare(a.id, b.id))) {
    const stated =
      body.kind === 'identity'
        ? { principal: body.principal, kind: body.principalKind, onBehalfOf: body.onBehalfOf }
        : body.kind === 'api-call'
          ? { principal: body.principal.id, kind: body.principal.kind, onBehalfOf: undefined }
          : undefined
    if (stated === undefined) continue
    const { principal, kind, onBehalfOf } = stated
    const key = JSON.stringify([principal, kind, onBehalfOf ?? '', source.tier])
    const known = found.get(key)
    found.set(key, {
      principal,
      kind,
      ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
      tier: source.tier,
      events: [...(known?.events ?? []), id],
      entries: [...new Set([...(known?.entries ?? []), entry])],
    })
  }
  return [...found.values()]
}

/** Model calls of which there is the envelope and no text: nothing went in or came out that anybody recorded. */
function shorteningsOf(items: readonly AuditItem[], { nodes, edges }: Selection): readonly AuditShortening[] {
  const byId = new Map(items.map((item) => [item.id, item]))
  return items.flatMap((item): readonly AuditShortening[] => {
    if (item.kind !== 'model-call') return []
    const near = edges.filter(
      ({ from, to, kind }) => (to === item.id && kind === 'entered') || (from === item.id && kind === 'produced'),
    )
    const texts = near.flatMap(({ from, to }) =>
      [from, to].flatMap((id) => (id === item.id ? [] : (byId.get(id)?.texts ?? []))),
    )
    // A text that somebody here left out could have been had.
    const hasText = texts.some(({ state, reason }) => state !== 'not-captured' || !OUT_OF_SIGHT.has(reason ?? ''))
    if (hasText) return []
    const tool = toolAbove(item.id, edges, new Map(nodes.map(({ node }) => [node.id, node.kind])))
    const endpoint = item.facts['endpoint'] ?? item.facts['provider'] ?? 'an endpoint that is not named'
    const by = tool === undefined ? '' : `, on behalf of the tool call ${byId.get(tool)?.label ?? ''}`
    return [
      {
        item: item.id,
        envelope: envelopeOf(item),
        ...(tool === undefined ? {} : { actingTool: tool }),
        reason: `the inference ran at ${String(endpoint)}${by}: the row ends at the envelope of the call, of which the log has no text`,
      },
    ]
  })
}

/** Why a text is not there that was never in sight of whoever told of the call. */
const OUT_OF_SIGHT: ReadonlySet<string> = new Set(['dialect-has-no-field', 'not-seen'])

const ENVELOPE = [
  'operation',
  'provider',
  'requestModel',
  'responseModel',
  'responseId',
  'endpoint',
  'credentialScope',
  'messages',
  'inputTokens',
  'outputTokens',
] as const

function envelopeOf({ facts }: AuditItem): AuditShortening['envelope'] {
  return Object.fromEntries(
    ENVELOPE.flatMap((name) => {
      const value = facts[name]
      return typeof value === 'string' || typeof value === 'number' ? [[name, value] as const] : []
    }),
  )
}

function toolAbove(call: string, edges: readonly GraphEdge[], kinds: ReadonlyMap<string, string>): string | undefined {
  const seen = new Set([call])
  const open = [call]
  for (let id = open.shift(); id !== undefined; id = open.shift()) {
    for (const { from, to, kind } of edges) {
      if (to !== id || seen.has(from) || (kind !== 'contains' && kind !== 'sent' && kind !== 'connected')) continue
      if (kinds.get(from) === 'tool') return from
      seen.add(from)
      open.push(from)
    }
  }
  return undefined
}

function triggerOf(
  { subject, events, textsOf }: RowFacts,
  { items, selection }: { readonly items: readonly AuditItem[]; readonly selection: Selection },
): AuditTrigger | undefined {
  const { trigger, path, edges } = selection
  const item = items.find(({ id }) => id === trigger?.id)
  const input = inputOf(subject, { events, items, textsOf })
  if (item === undefined && input === undefined) return undefined
  const said = item?.texts.find(({ text }) => text !== undefined)?.text
  return {
    item: item?.id ?? '',
    what: item === undefined ? 'nothing recorded leads to what set it off' : cut(said ?? item.label),
    bases: path.slice(1).flatMap((to, at): EdgeBasis[] => {
      const bases = edges.filter((edge) => edge.from === path[at] && edge.to === to).map(({ basis }) => basis)
      return bases.slice(0, 1)
    }),
    ...(input === undefined ? {} : { input }),
  }
}

function inputOf(
  subject: RowFacts['subject'],
  { events, items, textsOf }: Pick<RowFacts, 'events' | 'textsOf'> & { readonly items: readonly AuditItem[] },
): AuditTrigger['input'] | undefined {
  if (subject.kind !== 'incident' || subject.quote === undefined) return undefined
  const { text, event: id, entry } = subject.quote
  const told = events.find((event) => event.id === id)
  const callId = told !== undefined && 'callId' in told.body ? told.body.callId : undefined
  const isOf = (event: EventSummary): boolean =>
    event.body.kind === 'tool-call' && callId !== undefined && event.body.callId === callId
  const call = events.find(isOf)
  const brought = items.find((item) => item.events.some((event) => event.id === id || event.id === call?.id))
  const asked = call === undefined ? undefined : textsOf(call).find(({ slot }) => slot === 'arguments')?.content
  return {
    event: id,
    entry,
    quote: cut(text),
    ...(brought === undefined ? {} : { broughtBy: brought.id }),
    ...(asked !== undefined && 'text' in asked ? { askedFor: cut(asked.text) } : {}),
  }
}

function cut(text: string): string {
  return text.slice(0, TEXT_CHARACTERS).toWellFormed()
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].toSorted(compare)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

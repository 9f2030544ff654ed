import type { ConversationId, Event, EventId, IncidentType, Sha256, Signal } from '@holdfast/model'
import { outranks } from '@holdfast/model'
import type { AgentContext, ApprovedTool, CaseContext } from '../known/case-context.ts'
import { instructionStrength } from '../text/instruction.ts'
import { sentencesOf } from '../text/sentences.ts'
import { onceInOrder, quoted } from './findings.ts'
import { MAX_DEFINITION_CHARS, MAX_DEFINITIONS, MAX_PROOFS } from './limits.ts'
import type { ProfileFindings } from './profile.ts'
import { changeFor, excuseLine } from './recorded-changes.ts'

/** Approved in one form and offered in another; never approved beside others that are. */
const CHANGED = 0.7
const UNAPPROVED = 0.4
/** What tells its reader what to do, and what was called after it changed. */
const WITH_ORDER = 0.15
const WITH_CALL = 0.1
const MOST = 0.9
const ORDER = 0.6

/**
 * Tools that are not offered as somebody approved them. Where nothing was approved for an agent, nothing is said. A rollout
 * brings new tools; the definition of an approved one changes only by an approval, or by an approved change that names it.
 */
export function definitionSignals(
  events: readonly Event[],
  { context, conversation }: { readonly context: CaseContext; readonly conversation?: ConversationId },
): Pick<ProfileFindings, 'signals' | 'excused'> {
  const signals: Signal[] = []
  const excused: ProfileFindings['excused'][number][] = []
  const ordered = onceInOrder(events.filter(({ body }) => DEFINES.has(body.kind) || body.kind === 'tool-call'))
  for (const [agent, own] of Map.groupBy(ordered, ({ agent: { id } }) => id)) {
    const known = own.some(({ body }) => DEFINES.has(body.kind)) ? context.ofAgent(agent) : undefined
    const approved = known?.approved() ?? []
    if (known === undefined || approved.length === 0) continue
    for (const offer of offersIn(own).values()) {
      const stand = standOf(offer, approved)
      if (stand === 'approved' || stand === 'unknown-server') continue
      const change = explanation(offer, stand, known)
      const words = wordsOf(offer, stand)
      if (change === undefined)
        signals.push(signalOf(offer, { stand, words, calls: callsOf(offer, own), conversation }))
      else excused.push({ ...excuseLine(change, words), events: [offer.first.id], speaksFor: TYPE })
    }
  }
  return { signals: signals.toSorted((a, b) => (a.id < b.id ? -1 : 1)).slice(0, MAX_DEFINITIONS), excused }
}

const TYPE: IncidentType = 'reasoning-compromise'
const DEFINES: ReadonlySet<string> = new Set(['tool-definition', 'tool-catalogue'])

/** One form of one tool, as a server offered it. */
type Offer = {
  readonly server: string | undefined
  readonly tool: string
  readonly definition: Sha256
  readonly first: Event
  readonly events: Event[]
  /** Where its text was captured. */
  description?: { readonly text: string; readonly event: Event }
}

function offersIn(events: readonly Event[]): ReadonlyMap<string, Offer> {
  const offers = new Map<string, Offer>()
  const add = (event: Event, of: Pick<Offer, 'server' | 'tool' | 'definition'>): Offer | undefined => {
    const key = JSON.stringify([of.server, of.tool, of.definition])
    const known = offers.get(key)
    if (known === undefined && offers.size >= MAX_DEFINITIONS) return undefined
    const offer = known ?? { ...of, first: event, events: [] }
    if (offer.events.length < MAX_PROOFS) offer.events.push(event)
    offers.set(key, offer)
    return offer
  }
  for (const event of events) {
    const { body } = event
    if (body.kind === 'tool-catalogue')
      for (const { name, definition } of body.tools) add(event, { server: body.server, tool: name, definition })
    if (body.kind !== 'tool-definition' || body.definition === undefined) continue
    const offer = add(event, { server: body.server, tool: body.toolName, definition: body.definition })
    if (offer !== undefined && 'text' in body.description)
      offer.description ??= { text: body.description.text.slice(0, MAX_DEFINITION_CHARS), event }
  }
  return offers
}

type Stand = 'approved' | 'changed' | 'unapproved' | 'unknown-server'

function standOf({ server, tool, definition, first }: Offer, approved: readonly ApprovedTool[]): Stand {
  const own = approved.filter((one) => server === undefined || one.server === server)
  // Of a server of which nothing had been approved yet nobody had said anything.
  if (!own.some(({ entry }) => entry < first.entry)) return 'unknown-server'
  const named = own.filter((one) => one.tool === tool)
  if (named.some((one) => one.definition === definition)) return 'approved'
  return named.length > 0 ? 'changed' : 'unapproved'
}

function explanation(
  { tool, first }: Offer,
  stand: Stand,
  { changes }: AgentContext,
): AgentContext['changes'][number] | undefined {
  const kind = stand === 'changed' ? 'definition' : 'parts'
  return changeFor({ at: first.claimedAt, kind, names: [tool] }, changes)
}

function callsOf({ tool, server, first }: Offer, events: readonly Event[]): readonly Event[] {
  return events.filter(
    ({ body, claimedAt }) =>
      body.kind === 'tool-call' &&
      body.toolName === tool &&
      (body.server === undefined || server === undefined || body.server === server) &&
      claimedAt > first.claimedAt,
  )
}

function wordsOf({ tool, server }: Offer, stand: Stand): string {
  const what = `tool ${quoted(tool)}${server === undefined ? '' : ` of ${quoted(server)}`}`
  return stand === 'changed'
    ? `${what} is not as it was approved`
    : `${what} was never approved, as others of its server were`
}

type About = {
  readonly stand: Stand
  readonly words: string
  readonly calls: readonly Event[]
  readonly conversation: ConversationId | undefined
}

function signalOf(offer: Offer, { stand, words, calls, conversation }: About): Signal {
  const { first, events, definition, description } = offer
  const order = description === undefined ? undefined : orderIn(description.text)
  const proofs = [...events, ...calls].slice(0, MAX_PROOFS)
  const strength =
    (stand === 'changed' ? CHANGED : UNAPPROVED) +
    (order === undefined ? 0 : WITH_ORDER) +
    (calls.length === 0 ? 0 : WITH_CALL)
  const [call] = calls
  return {
    id: `definition/${stand}.${first.id}.${definition.slice(0, 8)}`,
    detector: `definition/${stand}`,
    source: 'rule',
    speaksFor: TYPE,
    strength: Math.round(Math.min(MOST, strength) * 100) / 100,
    surface: 'S1',
    agent: first.agent.id,
    ...(conversation === undefined ? {} : { conversation }),
    events: proofs.map(({ id }): EventId => id),
    entries: [...new Set(proofs.map(({ entry }) => entry))].toSorted((a, b) => a - b),
    claimedAt: first.claimedAt,
    tier: proofs.reduce((best, { source: { tier } }) => (outranks(tier, best) ? tier : best), first.source.tier),
    words: `${words}${order === undefined ? '' : ', and tells its reader what to do'}${call === undefined ? '' : ', and was then called'}`,
    ...(order === undefined || description === undefined
      ? {}
      : { quote: { text: order, event: description.event.id, entry: description.event.entry } }),
    repeatKey: `definition/${stand}\n${offer.server ?? ''}\n${offer.tool}\n${definition}`,
  }
}

/** The sentence that most reads like an order. A description says what a tool does; an order says what its reader shall do. */
function orderIn(text: string): string | undefined {
  const strongest = sentencesOf(text)
    .slice(1)
    .map((sentence) => ({ sentence, strength: instructionStrength(sentence) }))
    .toSorted((a, b) => b.strength - a.strength)[0]
  return strongest !== undefined && strongest.strength >= ORDER ? strongest.sentence : undefined
}

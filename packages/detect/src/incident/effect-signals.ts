import type { ConversationId, Event, EventId, Signal } from '@holdfast/model'
import { addressClass, type Observation, observationsOf } from '@holdfast/observe'
import { type CaseContext, NO_CONTEXT } from '../known/case-context.ts'
import { type Execution, type SourceChannel, type SourceStep, UNTRUSTED } from '../provenance/steps.ts'
import { onceInOrder, quoted } from '../signals/findings.ts'
import { knownBefore } from '../signals/profile.ts'
import { MAX_EFFECT_CHARS, MAX_EFFECTS, MAX_QUOTE, MAX_REFERENCES } from './limits.ts'

type About = { readonly context: CaseContext | undefined; readonly conversation: ConversationId }

/**
 * Connections to an address or host that only a text brought which nobody vouches for: what a program did on the word of such
 * a text, whether or not a tool call tells of it. A page leads to others, so a document says little by itself; what was
 * remembered from elsewhere says more, and so does a port that no page has and a place where the agent never went.
 */
export function effectSignals(
  events: readonly Event[],
  execution: Execution,
  { context = NO_CONTEXT, conversation }: About,
): readonly Signal[] {
  const reached = reachedIn(events)
  if (reached.length === 0) return []
  const times = new Map(events.map(({ id, claimedAt }) => [id, claimedAt]))
  const texts = textsOf(execution)
  const begun = events.reduce((first, { claimedAt }) => (claimedAt > 0n && claimedAt < first ? claimedAt : first), FAR)
  const signals = new Map<string, Signal>()
  for (const { event, host, port, key } of reached) {
    const profile = context.ofAgent(event.agent.id)?.profileAt(knownBefore(event.claimedAt, begun))
    if (profile?.entry('destination', key) !== undefined) continue
    if (texts.trusted.some(({ text }) => isNamedIn(text, host))) continue
    const sources = texts.foreign.filter(
      (step) => (times.get(step.event) ?? FAR) <= event.claimedAt && isNamedIn(step.text, host),
    )
    const source = sources.find(({ channel }) => channel === 'memory') ?? sources[0]
    if (source === undefined || signals.has(`${host}:${port}`)) continue
    const isNew = profile !== undefined && profile.size('destination') > 0
    const isSettled = isNew && profile.isSettled('destination')
    const strength = strengthOf({ channel: source.channel, isOddPort: !PAGES.has(port), isNew, isSettled })
    signals.set(`${host}:${port}`, signalOf(event, { source, sources, host, port, strength, isNew, conversation }))
  }
  return [...signals.values()]
}

/** After every time that a source can claim. */
const FAR = (1n << 64n) - 1n
/** Ports of pages, mail and names. */
const PAGES: ReadonlySet<number> = new Set([25, 53, 80, 443, 465, 587])

type Weighed = {
  readonly channel: SourceChannel
  readonly isOddPort: boolean
  readonly isNew: boolean
  readonly isSettled: boolean
}

function strengthOf({ channel, isOddPort, isNew, isSettled }: Weighed): number {
  const base = channel === 'memory' ? 0.45 : 0.25
  const more = (isOddPort ? 0.15 : 0) + (isSettled ? 0.2 : isNew ? 0.1 : 0)
  return Math.round((base + more) * 100) / 100
}

type Reached = { readonly event: Event; readonly host: string; readonly port: number; readonly key: string }

/** Where the case's programs went, under the address and under the names that it answers to in the case. */
function reachedIn(events: readonly Event[]): readonly Reached[] {
  const names = new Map<string, Set<string>>()
  for (const { body } of events)
    if (body.kind === 'dns' && body.action === 'answer')
      for (const answer of body.answers) names.set(answer, (names.get(answer) ?? new Set()).add(body.name))
  const found = new Map<string, Reached>()
  for (const event of onceInOrder(events)) {
    const { body, context } = event
    if (context.isSetup === true || event.claimedAt === 0n) continue
    const end = endOf(body)
    if (end === undefined) continue
    const key = observationsOf(event).find(isDestination)?.key
    if (key === undefined) continue
    for (const host of [end.host, ...(names.get(end.host) ?? [])])
      if (found.size < MAX_EFFECTS && host.length >= LEAST_HOST && !found.has(`${host}:${end.port}`))
        found.set(`${host}:${end.port}`, { event, host: host.toLowerCase(), port: end.port, key })
  }
  return [...found.values()]
}

const LEAST_HOST = 4

function isDestination(one: Observation): one is Extract<Observation, { readonly kind: 'seen' }> {
  return one.kind === 'seen' && one.dimension === 'destination'
}

function endOf(body: Event['body']): { readonly host: string; readonly port: number } | undefined {
  if (body.kind === 'egress') return { host: body.destination, port: body.port ?? 443 }
  if (body.kind !== 'connection' || body.action !== 'connect' || body.remote === undefined) return undefined
  const { address, port } = body.remote
  return body.protocol === 'unix' || addressClass(address) === 'loopback' ? undefined : { host: address, port }
}

/** Texts of the context, the newest first as far as a bound reaches. */
function textsOf({ steps }: Execution): {
  readonly trusted: readonly SourceStep[]
  readonly foreign: readonly SourceStep[]
} {
  const trusted: SourceStep[] = []
  const foreign: SourceStep[] = []
  let chars = 0
  for (const step of steps.toReversed()) {
    if (step.kind !== 'source' || chars > MAX_EFFECT_CHARS) continue
    chars += step.text.length
    const lower = { ...step, text: step.text.toLowerCase() }
    if (UNTRUSTED.has(step.channel)) foreign.push(lower)
    else if (step.channel === 'user' || step.channel === 'system') trusted.push(lower)
  }
  return { trusted, foreign: foreign.toReversed() }
}

/** As a whole: `10.0.0.1` does not stand in `10.0.0.12`, nor `bo.test` in `robo.test` or `bo.test.example`. */
function isNamedIn(text: string, host: string): boolean {
  for (let at = text.indexOf(host); at !== -1; at = text.indexOf(host, at + 1)) {
    const [after = '', next = ''] = [text[at + host.length], text[at + host.length + 1]]
    const goesOn = INNER.test(after) || (after === '.' && INNER.test(next))
    if (!goesOn && !/[\p{L}\p{N}.-]/u.test(text[at - 1] ?? '')) return true
  }
  return false
}

const INNER = /[\p{L}\p{N}-]/u

type Told = {
  readonly source: SourceStep
  readonly sources: readonly SourceStep[]
  readonly host: string
  readonly port: number
  readonly strength: number
  readonly isNew: boolean
  readonly conversation: ConversationId
}

function signalOf(event: Event, { source, sources, host, port, strength, isNew, conversation }: Told): Signal {
  const proofs = [...sources.slice(0, MAX_REFERENCES), event]
  return {
    id: `provenance/effect-${source.channel}.${event.id}`,
    detector: `provenance/effect-${source.channel}`,
    source: 'provenance',
    speaksFor: 'reasoning-compromise',
    strength,
    surface: 'S2',
    agent: event.agent.id,
    conversation,
    events: proofs.map((proof) => ('event' in proof ? proof.event : proof.id) as EventId), // both are ids of events
    entries: [...new Set(proofs.map(({ entry }) => entry))].toSorted((a, b) => a - b),
    claimedAt: event.claimedAt,
    tier: event.source.tier,
    words: `a program connected to ${quoted(`${host}:${port}`)}, which only ${ORIGIN[source.channel]} named${isNew ? ' and where it never went before' : ''}`,
    quote: { text: aroundHost(source.text, host), event: source.event as EventId, entry: source.entry }, // a step's event is one of the case
    deed: event.id,
    hasEffect: true,
    sends: true,
    repeatKey: `provenance/effect\n${host}:${port}`,
  }
}

const ORIGIN: Readonly<Record<SourceChannel, string>> = {
  user: 'the user',
  system: 'its own prompt',
  harness: 'the program around the model',
  model: 'the model',
  tool: 'the answer of a tool',
  document: 'a document',
  memory: 'a record of its memory',
  delegation: 'what another agent handed over',
}

function aroundHost(text: string, host: string): string {
  const at = text.indexOf(host)
  return text.slice(Math.max(0, at - MAX_QUOTE / 2), at + MAX_QUOTE / 2)
}

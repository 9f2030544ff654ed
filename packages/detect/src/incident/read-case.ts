import type { ConversationId, Event, EventId, Signal, TrustTier } from '@holdfast/model'
import { outranks } from '@holdfast/model'
import { principalName } from '@holdfast/observe'
import type { CaseContext } from '../known/case-context.ts'
import { CutCount } from '../rules/cut-count.ts'
import type { RuleSet } from '../rules/rule-set.ts'
import { contextSignals } from './context-signals.ts'
import { contradictionSignals } from './contradictions.ts'
import { effectSignals } from './effect-signals.ts'
import { orderedByOwner } from './ordered-calls.ts'
import { inOrder } from '../provenance/order.ts'
import { readExecution, UNTRUSTED } from '../provenance/steps.ts'
import type { CaseEvidence, Counted, Recall } from './evidence.ts'
import { MAX_JOINS, MAX_PRINCIPAL_CHARS, MAX_REFERENCES } from './limits.ts'
import { type JudgedBy, type ReadProvenance, readingProvenance } from './provenance-signals.ts'
import { finished, type StepsOfWork } from '../steps-of-work.ts'

/** Of whom a case is, and what other detectors say of it already. */
export type CaseOptions = {
  readonly conversation: ConversationId
  /** Signals of the detectors that need no texts. */
  readonly told?: readonly Signal[]
  /** What is known of the agents apart from the case. */
  readonly context?: CaseContext
  /** Rules that its events are held against. */
  readonly rules?: RuleSet
}

/** A case that was read once, and may be judged by several detectors. */
export type OpenCase = {
  readonly calls: ReadProvenance['calls']
  readonly evidence: (by?: JudgedBy) => CaseEvidence
}

/**
 * What is known of one case from all its events: an execution, or several that hand-overs join, read as one context, so
 * that a value is followed across agents. Pure; the same events give the same evidence in whatever order they come.
 */
export function readCase(events: readonly Event[], options: CaseOptions & JudgedBy): CaseEvidence {
  return finished(readingCase(events, options))
}

/** The same step by step. */
export function* readingCase(events: readonly Event[], options: CaseOptions & JudgedBy): StepsOfWork<CaseEvidence> {
  const open = yield* openingCase(events, options)
  return open.evidence(options)
}

/** In two parts, for a program that holds several detectors against one case. */
export function openCase(events: readonly Event[], options: CaseOptions): OpenCase {
  return finished(openingCase(events, options))
}

/** In two parts, step by step. */
export function* openingCase(
  events: readonly Event[],
  { conversation, told = [], context, rules }: CaseOptions,
): StepsOfWork<OpenCase> {
  const execution = readExecution(events)
  yield
  const owners = new Map(events.map((event) => [event.id, event]))
  const provenance = yield* readingProvenance(execution, { owners, conversation })
  const eventsOf = (ids: readonly { readonly event: EventId }[]): readonly Event[] =>
    ids.flatMap(({ event }) => owners.get(event) ?? [])
  const acts = eventsOf(execution.steps.filter(({ kind }) => kind === 'call'))
  const texts = eventsOf(execution.steps.filter((step) => step.kind === 'source' && UNTRUSTED.has(step.channel)))
  yield
  const known = contextSignals(events, { context, conversation, isOrdered: orderedByOwner(events, execution) })
  yield
  const effects = effectSignals(events, execution, { context, conversation })
  yield
  const said = [...known.signals, ...effects, ...contradictionSignals(events, conversation), ...told]
  yield
  const cut = new CutCount()
  const others = rules === undefined ? said : [...said, ...(yield* rules.signalling(events, { said, cut }))]
  yield
  const rest: Omit<CaseEvidence, 'signals' | 'doubts'> = {
    conversations: [conversation],
    agents: [...new Set(events.map(({ agent }) => agent.id))].toSorted(),
    sight: {
      calls: counted(acts),
      texts: counted(texts),
      notCaptured: execution.notCaptured,
      unread: provenance.unread,
      ...(cut.count === 0 ? {} : { rulesCut: cut.count }),
      kernel: counted(events.filter(({ source }) => source.tier === 'kernel')),
      authority: counted(events.filter(({ body }) => body.kind === 'api-call')),
      ...(context === undefined ? {} : { unprofiled: known.unprofiled }),
      passed: counted(events.filter(({ body }) => body.kind === 'guardrail' && PASSES.test(body.verdict))),
    },
    recalls: recallsOf(events),
    joins: [...new Set(events.flatMap(joinsOf))].toSorted().slice(0, MAX_JOINS),
  }
  return {
    calls: provenance.calls,
    evidence: (by) => {
      const { signals, doubts } = provenance.signals(by)
      return { ...rest, signals: [...signals, ...others], doubts: [...known.doubts, ...doubts] }
    },
  }
}

/** What guards say of a text that they let through. */
const PASSES = /^(?:allow|allowed|pass|passed|none|safe|ok)$/i

/** Keys of what an event shares with others by identity: none is a time or a name that anybody may use by chance. */
export function joinsOf(event: Pick<Event<unknown>, 'body' | 'context'>): readonly string[] {
  const { body, context } = event
  const links = (context.links ?? []).map(({ trace }) => `trace:${trace}`)
  const own = context.trace === undefined ? [] : [`trace:${context.trace}`]
  if (body.kind === 'delegation' && body.delegationId !== undefined)
    return [...own, ...links, `delegation:${body.delegationId}`]
  if (body.kind === 'api-call') return [...own, ...links, ...sessionKey(body.principal.id, body.principal.session)]
  // Whom an agent serves is nobody's session; as whom it acts joins it to what an authority recorded of that one.
  if (body.kind === 'identity' && body.principalKind !== 'user' && body.principalKind !== 'process')
    return [...own, ...links, ...sessionKey(body.principal, sessionOf(body.principal))]
  return [...own, ...links]
}

/** A session is one run of a role. An identity without one is shared by all that an agent does, and joins nothing. */
function sessionKey(principal: string, session: string | undefined): readonly string[] {
  return session === undefined ? [] : [`session:${principalName(principal.slice(0, MAX_PRINCIPAL_CHARS))}:${session}`]
}

/** `arn:aws:sts::1:assumed-role/Name/session`, as a program is told who it is. */
function sessionOf(principal: string): string | undefined {
  return /^arn:[^:]+:sts::[^:]*:assumed-role\/.+\/([^/]+)$/.exec(principal.slice(0, MAX_PRINCIPAL_CHARS))?.[1]
}

/** True for keys by which cases belong together only where they are of one time: an identity outlives many runs. */
export function isIdentityKey(key: string): boolean {
  return key.startsWith('session:')
}

/** In the order in which they were read, so that a chain tells its origins alike whatever arrived first. */
function recallsOf(events: readonly Event[]): readonly Recall[] {
  return inOrder(events).flatMap(({ id, entry, body }) =>
    body.kind === 'memory' && body.operation === 'read' && body.record !== undefined
      ? [{ record: memoryKey(body), event: id, entry, writes: [] }]
      : [],
  )
}

/** Which record of which store; a record's own id is not unique among stores. */
export function memoryKey({ store, record }: { readonly store?: string; readonly record?: string }): string {
  return `${store ?? '-'}/${record ?? '-'}`
}

function counted(events: readonly Event[]): Counted {
  const first = events.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)).slice(0, MAX_REFERENCES)
  return {
    count: events.length,
    events: first.map(({ id }) => id),
    entries: [...new Set(first.map(({ entry }) => entry))],
    tier: events.reduce<TrustTier>(
      (best, { source }) => (outranks(source.tier, best) ? source.tier : best),
      'self-reported',
    ),
  }
}

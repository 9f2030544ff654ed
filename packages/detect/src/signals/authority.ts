import type { Content, Event, Signal } from '@holdfast/model'
import { PrincipalCounts } from './authority-counts.ts'
import { Expected } from './authority-expected.ts'
import type { AuthorityContext, Excuse } from './authority-expected.ts'
import { callRule } from './authority-rules.ts'
import type { ApiCall, Verdict } from './authority-rules.ts'
import type { Finding } from './findings.ts'
import { Findings, onceInOrder, quoted } from './findings.ts'

/**
 * Indicators of privilege boundary escape in the calls that authorities recorded. Pure, and the same for any order of
 * arrival. `contextOf` gives what is known of an agent; where nothing is, only what needs no knowledge of it is said.
 * Signals come agent by agent, in order of claimed time.
 */
export function authoritySignals(
  events: readonly Event[],
  contextOf: (agent: Event['agent']['id']) => AuthorityContext = () => ({}),
): readonly Signal[] {
  return authorityFindings(events, contextOf).signals
}

export type AuthorityFindings = { readonly signals: readonly Signal[]; readonly excuses: readonly Excuse[] }

/** The same, with what recorded changes explain. */
export function authorityFindings(
  events: readonly Event[],
  contextOf: (agent: Event['agent']['id']) => AuthorityContext,
): AuthorityFindings {
  const agents = Map.groupBy(events.filter(isCall), ({ agent }) => agent.id)
  const found = [...agents.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([agent, own]) => findingsOf(own, contextOf(agent)))
  return { signals: found.flatMap(({ signals }) => signals), excuses: found.flatMap(({ excuses }) => excuses) }
}

type CallEvent = Event & { readonly body: ApiCall }

function isCall(event: Event<Content>): event is CallEvent {
  return event.body.kind === 'api-call'
}

/** How much less a call says that the agent makes all along. */
const USUAL = 0.25

function findingsOf(unordered: readonly CallEvent[], context: AuthorityContext): AuthorityFindings {
  const findings = new Findings('authority')
  const expected = new Expected(context)
  const counts = new Map<string, PrincipalCounts>()
  const chains = new RoleChains()
  for (const event of onceInOrder(unordered)) {
    const call = event.body
    const place = call.principal.id
    const add = (finding: Omit<Finding, 'surface' | 'speaksFor'>): void =>
      findings.add(place, { surface: 'S3', speaksFor: 'privilege-boundary-escape', ...finding }, [event])
    const verdict = weighed(callRule(call), expected.isUsual(event, call))
    if (verdict !== undefined)
      add({
        detector: `authority/${verdict.family}`,
        key: call.action,
        strength: verdict.strength,
        words: verdict.words,
      })
    for (const departure of expected.departures(event, call)) add(departure)
    const chained = chains.see(call)
    if (chained !== undefined) add(chained)
    const own = counts.get(place) ?? new PrincipalCounts()
    counts.set(place, own)
    own.see(event, call, verdict)
  }
  for (const [place, own] of counts)
    for (const { name, events: some, strength, words } of own.findings())
      findings.add(
        place,
        {
          detector: `authority/${name}`,
          key: name,
          strength,
          words,
          surface: 'S3',
          speaksFor: 'privilege-boundary-escape',
        },
        onceInOrder(some),
      )
  return { signals: findings.signals(), excuses: expected.excuses }
}

function weighed(verdict: Verdict | undefined, isUsual: boolean): Verdict | undefined {
  if (verdict === undefined || !isUsual) return verdict
  const strength = Math.round((verdict.strength - USUAL) * 100) / 100
  return strength <= 0 ? undefined : { ...verdict, strength, words: `${verdict.words}, as it does all along` }
}

/** Roles that were reached from roles: each step hides a little more who acts. */
class RoleChains {
  readonly #depths = new Map<string, number>()

  see({
    action,
    principal,
    gives,
    decision,
  }: ApiCall): Pick<Finding, 'detector' | 'key' | 'strength' | 'words'> | undefined {
    if (!action.startsWith('sts:AssumeRole') || decision !== 'allowed' || gives === undefined) return undefined
    // A role that takes itself again renews its session.
    if (gives.id === principal.id) return undefined
    const depth = (principal.kind === 'role' ? (this.#depths.get(principal.id) ?? 1) : 0) + 1
    this.#depths.set(gives.id, Math.max(depth, this.#depths.get(gives.id) ?? 0))
    if (depth < 2) return undefined
    return {
      detector: 'authority/role-chain',
      key: gives.id,
      strength: depth > 2 ? 0.55 : 0.35,
      words: `became ${quoted(gives.id)} as the role number ${depth} in a row`,
    }
  }
}

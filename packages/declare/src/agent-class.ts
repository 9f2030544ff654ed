import { hash } from 'node:crypto'
import type { AgentClass } from '@holdfast/model'
import { ACTS_TO_CLASSIFY } from './limits.ts'

/** What an agent was seen to do, counted over all it did. */
export type Acts = {
  readonly modelCalls: number
  /** Messages that follow an answer: somebody talks with it. A first message may as well be a program's. */
  readonly replies: number
  readonly documents: number
  readonly delegations: number
  /** Programs that the agent itself started. */
  readonly programs: number
  /** Calls by the name of the tool. */
  readonly tools: Readonly<Record<string, number>>
}

export type Classified = { readonly class: AgentClass; readonly reasons: readonly string[] }

/** What an agent is, by what it does (SPEC.md, I9). The first class that fits, the most consequential first. */
export function classOf(acts: Acts): Classified {
  const tools = Object.entries(acts.tools)
  const calls = tools.reduce((sum, [, count]) => sum + count, 0)
  const total = calls + acts.documents + acts.delegations + acts.programs
  if (total + acts.modelCalls < ACTS_TO_CLASSIFY)
    return { class: 'unclassified', reasons: [`${total + acts.modelCalls} acts seen, ${ACTS_TO_CLASSIFY} are needed`] }
  const of = (family: RegExp): number =>
    tools.reduce((sum, [name, count]) => sum + (family.test(words(name)) ? count : 0), 0)
  const share = (count: number): number => (total === 0 ? 0 : count / total)
  const code = of(CODE) + acts.programs
  // Looking an order up moves nothing.
  const transactions = tools.reduce((sum, [name, count]) => {
    const own = words(name)
    return sum + (TRANSACTION.test(own) && !RETRIEVAL.test(own) ? count : 0)
  }, 0)
  const support = of(SUPPORT)
  const reads = of(RETRIEVAL) + acts.documents
  const handedOver = acts.delegations + of(DELEGATION)
  const reason = (what: string, count: number): readonly string[] => [`${count} of ${total} acts ${what}`]
  if (share(code) >= 0.2) return { class: 'code-execution', reasons: reason('run code or commands', code) }
  if (share(handedOver) >= 0.2)
    return { class: 'orchestrator', reasons: reason('hand work to other agents', handedOver) }
  if (share(transactions) >= 0.1)
    return { class: 'transaction', reasons: reason('move money or change orders', transactions) }
  if (share(support) >= 0.2)
    return {
      class: 'support',
      reasons: reason('work on tickets, customers or cases', support),
    }
  if (share(reads) >= 0.5) return { class: 'retrieval', reasons: reason('read or search', reads) }
  if (acts.replies === 0 && total > 0) return { class: 'pipeline', reasons: ['nobody answers it', `${total} acts`] }
  if (total > 0) return { class: 'support', reasons: ['somebody talks with it', 'no other class fits'] }
  return { class: 'unclassified', reasons: ['model calls alone: nothing says what it is for'] }
}

/** `createRefund` and `create_refund` as the words that they are made of. */
function words(name: string): string {
  return ` ${name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[^A-Za-z0-9]+/g, ' ')
    .toLowerCase()} `
}

const CODE = / (?:python|bash|shell|exec|execute|terminal|command|repl|sandbox|notebook|compile|code) /
const DELEGATION = / (?:handoff|hand off|delegate|sub ?agent|transfer to) /
const TRANSACTION =
  / (?:refund|refunds|pay|payment|payments|payout|invoice|charge|purchase|buy|order|book|booking|reserve|reservation|withdraw|deposit|money|cancel|exchange|transfer(?! to)) /
const SUPPORT = / (?:ticket|tickets|customer|customers|crm|case|helpdesk|support|user|account|faq) /
const RETRIEVAL =
  / (?:search|retrieve|retrieval|query|lookup|look|find|get|read|list|fetch|browse|view|open|check|status) /

/** What an agent of a class may start with, before it has a profile of its own. */
export type ClassBaseline = {
  readonly class: AgentClass
  /** Limits of convergence (requirement book, 6.1); an unclassified agent has those of the strictest class. */
  readonly convergence: {
    readonly novelty: number
    readonly distance: number
    readonly days: number
    readonly observations: number
    readonly halfLifeDays: number
  }
  /** Kinds of acts that are expected; all else is novel from the first day. */
  readonly expects: readonly string[]
  /** SHA-256 of all of the above: equal wherever an agent of the class runs. */
  readonly digest: string
}

/** The starting baseline of a class. It knows no namespace, so none can change it. */
export function baselineOf(agentClass: AgentClass): ClassBaseline {
  const baseline = { class: agentClass, convergence: CONVERGENCE[agentClass], expects: EXPECTS[agentClass] }
  return { ...baseline, digest: hash('sha256', JSON.stringify(baseline), 'hex') }
}

const limits = (novelty: number, distance: number, days: number, observations: number, halfLifeDays: number) => ({
  novelty,
  distance,
  days,
  observations,
  halfLifeDays,
})

const CONVERGENCE: Readonly<Record<AgentClass, ClassBaseline['convergence']>> = {
  retrieval: limits(0.01, 0.1, 5, 2_000, 14),
  support: limits(0.02, 0.15, 5, 2_000, 14),
  transaction: limits(0.01, 0.12, 7, 5_000, 14),
  pipeline: limits(0.01, 0.1, 3, 1_000, 30),
  'code-execution': limits(0.05, 0.3, 5, 5_000, 7),
  orchestrator: limits(0.05, 0.3, 5, 5_000, 7),
  unclassified: limits(0.01, 0.1, 7, 5_000, 14),
}

const EXPECTS: Readonly<Record<AgentClass, readonly string[]>> = {
  retrieval: ['model-call', 'context-item', 'tool-call:read'],
  support: ['model-call', 'context-item', 'memory', 'tool-call:read', 'tool-call:write-own-case'],
  transaction: ['model-call', 'tool-call:read', 'tool-call:transaction', 'api-call:write'],
  pipeline: ['model-call', 'tool-call:read', 'tool-call:write', 'file'],
  'code-execution': ['model-call', 'tool-call:code', 'process', 'file'],
  orchestrator: ['model-call', 'delegation', 'tool-call:read'],
  unclassified: ['model-call'],
}

/** What a workload is by the roles that it was seen in: one that serves tools is no agent, whatever it calls (DEC-12). */
export function workloadType(roles: {
  readonly aiServer: boolean
  readonly aiClient: boolean
}): 'mcp-server' | 'agent' | 'neither' {
  if (roles.aiServer) return 'mcp-server'
  return roles.aiClient ? 'agent' : 'neither'
}

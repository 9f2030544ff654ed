import { baselineOf, classOf, workloadType } from '@holdfast/declare'
import { AGENT_CLASSES, type AgentClass } from '@holdfast/model'
import { standingOf } from './directory.ts'
import { actsOf, type InventoryAgent } from './docs.ts'

export type AgentFacts = {
  readonly class: AgentClass
  readonly reasons: readonly string[]
  /** Digest of the class's starting baseline. */
  readonly baseline: string
  readonly workload: 'agent' | 'mcp-server' | 'neither'
  readonly roster: 'declared' | 'observed' | 'both'
  /** Nobody declared it, and it calls a model without telemetry, was granted something in a directory, or has no owner there. */
  readonly isShadow: boolean
}

/** What an agent is, from all that was seen of it. What an operator or a document states of its class goes first. */
export function factsOf(agent: InventoryAgent, stated: Readonly<Record<string, string>> = {}): AgentFacts {
  const { aiServer, aiClient, isDeclared, isTelling } = agent
  const derived = classOf(actsOf(agent))
  const statement = agent.statements['class']
  const byOperator = parseClass(statement?.value)
  const byDocument = parseClass(stated['class'])
  const chosen =
    byOperator !== undefined
      ? { class: byOperator, reasons: [`stated by ${statement?.by ?? ''}: ${statement?.reason ?? ''}`] }
      : byDocument !== undefined
        ? { class: byDocument, reasons: ['declared in a document'] }
        : derived
  const { permissions, isOwnerless } = standingOf(agent.directory)
  const isObserved = isTelling || aiClient || aiServer || agent.programs > 0
  return {
    ...chosen,
    baseline: baselineOf(chosen.class).digest,
    workload: workloadType({ aiServer, aiClient }),
    roster: isDeclared ? (isObserved ? 'both' : 'declared') : 'observed',
    isShadow: !isDeclared && ((aiClient && !isTelling) || permissions.length > 0 || isOwnerless),
  }
}

function parseClass(text: string | undefined): AgentClass | undefined {
  return AGENT_CLASSES.find((known) => known === text)
}

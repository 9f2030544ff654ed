import { hash } from 'node:crypto'
import type { InventoryFindingWire } from '@holdfast/api'
import { DATA_RULES, rosterEntryOf } from '@holdfast/declare'
import { judgeRoute } from '@holdfast/model'
import { timeText } from '../inventory/wire.ts'
import type { DefinitionSources } from './tool-definitions.ts'

/** Data that was kept from a model outside of its regions, and models outside of them that an agent was seen to call. */
export function residencyFindings(sources: DefinitionSources): readonly InventoryFindingWire[] {
  return [...keptByProxies(sources), ...calledOutside(sources)]
}

function keptByProxies({ inventory, instant }: DefinitionSources): readonly InventoryFindingWire[] {
  const { id, name: agent } = inventory.agent
  return inventory.refusals(instant).flatMap(({ name, facts, first, count, proof }) => {
    const { label = '', route = '', reason = '' } = facts
    if (name !== 'residency') return []
    return [
      {
        id: idOf([id, label, route, 'refused']),
        kind: 'residency' as const,
        agent: id,
        title: `${agent} was to send data of the class ${label} to ${route}`,
        detail: `${reason}; refused by the proxy${count === 1 ? '' : `; ${count} times`}`,
        since: timeText(BigInt(first)),
        proof: [...proof],
      },
    ]
  })
}

/** What a call held is not looked into here: the agent may see data of the class, and the model is outside of its regions. */
function calledOutside({ inventory, roster, instant }: DefinitionSources): readonly InventoryFindingWire[] {
  const { agent } = inventory
  const { dataRules: rules } = roster
  const own = rosterEntryOf(roster, [agent.id, agent.name])
  if (rules === undefined || own === undefined) return []
  const labels = own.dataClasses.filter((label) => rules.classes.some(({ name }) => name === label))
  const decided = Math.max(roster.decidedBy.get(DATA_RULES)?.entry ?? 0, roster.decidedBy.get(own.agent)?.entry ?? 0)
  return inventory.parts().flatMap(({ component: { kind, name: host }, sights: { called } }) => {
    if (kind !== 'endpoint' || called === undefined || called.lastEntry < decided) return []
    const judged = judgeRoute(rules, labels, host)
    const [at, entry] =
      called.firstEntry < decided ? [called.last, called.lastEntry] : [called.first, called.firstEntry]
    if (judged.status === 'allowed' || at > instant.at || entry >= instant.size) return []
    return [
      {
        id: idOf([agent.id, judged.label, host, 'seen']),
        kind: 'residency' as const,
        agent: agent.id,
        title: `${agent.name} may see data of the class ${judged.label} and calls ${host}`,
        detail: `${judged.reason}; seen, and nothing stood in its way`,
        since: timeText(at),
        proof: [...new Set([entry, called.lastEntry])],
      },
    ]
  })
}

function idOf(of: readonly string[]): string {
  return `residency:${hash('sha256', JSON.stringify(of), 'hex').slice(0, 24)}`
}

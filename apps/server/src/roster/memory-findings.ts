import { hash } from 'node:crypto'
import type { InventoryFindingWire } from '@holdfast/api'
import { timeText } from '../inventory/wire.ts'
import type { DefinitionSources } from './tool-definitions.ts'

/** Data that an agent was to remember and was not let, and data that came back after it was to be forgotten. */
export function memoryFindings({ inventory, instant }: DefinitionSources): readonly InventoryFindingWire[] {
  const { id, name: agent } = inventory.agent
  const grouped = Map.groupBy(
    inventory.refusals(instant).filter(({ name, verdict }) => name === 'memory' && verdict !== 'purged'),
    ({ facts, verdict }) => JSON.stringify([facts['fault'] === 'expired' ? 'expired' : verdict, facts['label'] ?? '']),
  )
  return [...grouped].map(([key, refusals]): InventoryFindingWire => {
    const [fault, label] = JSON.parse(key) as [string, string] // made of two texts above
    const firsts = refusals.map(({ first }) => BigInt(first))
    const count = refusals.reduce((sum, one) => sum + one.count, 0)
    const reasons = [...new Set(refusals.map(({ facts }) => facts['reason'] ?? ''))].toSorted()
    return {
      id: `memory-retention:${hash('sha256', JSON.stringify([id, fault, label]), 'hex').slice(0, 24)}`,
      kind: 'memory-retention',
      agent: id,
      title:
        fault === 'expired'
          ? `data of the class ${label} came back to ${agent} after its time`
          : fault === 'refused'
            ? `${agent} was to remember data of the class ${label}`
            : `data of the class ${label} is in the memory of ${agent} after its time`,
      detail: `${reasons.slice(0, 5).join('; ')}; ${fault === 'refused' ? 'refused' : 'withheld'} by the proxy${count === 1 ? '' : `; ${count} times`}`,
      since: timeText(firsts.reduce((least, at) => (at < least ? at : least), firsts[0] ?? 0n)),
      proof: [...new Set(refusals.flatMap(({ proof }) => proof))].toSorted((a, b) => a - b).slice(0, 8),
    }
  })
}

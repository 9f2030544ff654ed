import { hash } from 'node:crypto'
import type { InventoryFindingWire } from '@holdfast/api'
import { rosterEntryOf } from '@holdfast/declare'
import { HAND_OVER_FAULTS, listFaults, type HandOverFault } from '@holdfast/model'
import type { RefusalDoc } from '../inventory/refusals.ts'
import { timeText } from '../inventory/wire.ts'
import type { DefinitionSources } from './tool-definitions.ts'

/** Work that went, or was to go, where the lists of peers do not let it, and names that were borne by others. */
export function handOverFindings(sources: DefinitionSources): readonly InventoryFindingWire[] {
  return [...seenByProxies(sources), ...toldHandOvers(sources)]
}

const KINDS: Readonly<Record<HandOverFault, InventoryFindingWire['kind']>> = {
  impersonation: 'impersonation',
  'outside-peers': 'outside-peers',
  retired: 'hand-over-unproven',
  'not-in-roster': 'hand-over-unproven',
  unproven: 'hand-over-unproven',
}

function seenByProxies({ inventory, instant }: DefinitionSources): readonly InventoryFindingWire[] {
  const { agent } = inventory
  return inventory.refusals(instant).flatMap((seen) => {
    const { name, verdict, facts, first, count, proof } = seen
    const fault = HAND_OVER_FAULTS.find((known) => known === facts['fault'])
    if (name !== 'hand-over' || fault === undefined) return []
    return [
      {
        id: idOf('hand-over', [agent.id, facts['from'] ?? '', facts['to'] ?? '', fault, verdict]),
        kind: KINDS[fault],
        agent: agent.id,
        title: titleOf(seen, fault),
        detail: `${WORDS[fault]}; ${verdict === 'refused' ? 'refused by the proxy' : 'it passed, because the roster is open'}${count === 1 ? '' : `; ${count} times`}`,
        since: timeText(BigInt(first)),
        proof: [...proof],
      },
    ]
  })
}

const WORDS: Readonly<Record<HandOverFault, string>> = {
  impersonation: 'its proof was made with another key than that of the roster',
  'outside-peers': 'they do not have each other on their lists of peers',
  retired: 'one of them is retired',
  'not-in-roster': 'one of them is not in the roster',
  unproven: 'one of them did not prove its name',
}

function titleOf({ facts, verdict }: RefusalDoc, fault: HandOverFault): string {
  const { from = '', to = '' } = facts
  if (fault === 'impersonation') return `an end of the hand-over from ${from} to ${to} bears a name that is not its own`
  return `${from} ${verdict === 'refused' ? 'was to hand' : 'handed'} work to ${to}`
}

/** What telemetry says was handed over since the lists are as they are. Nothing stood in its way. */
function toldHandOvers({ inventory, roster, instant }: DefinitionSources): readonly InventoryFindingWire[] {
  const { agent } = inventory
  const names = [agent.id, agent.name]
  const own = rosterEntryOf(roster, names)
  return inventory.parts().flatMap(({ component: { kind, name: to }, sights: { called } }) => {
    if (kind !== 'delegate' || called === undefined || names.includes(to) || agent.members.includes(to)) return []
    // By the name that the roster has: whoever it does not have is found by its own.
    const from = own?.agent ?? agent.name
    const faults = listFaults(roster, { from, to })
    const since = Math.max(...[from, to].map((name) => roster.decidedBy.get(name)?.entry ?? -1))
    if (faults.length === 0 || called.lastEntry < since) return []
    const isBefore = called.firstEntry < since
    const [at, entry] = isBefore ? [called.last, called.lastEntry] : [called.first, called.firstEntry]
    if (at > instant.at || entry >= instant.size) return []
    return [
      {
        id: idOf('outside-peers', [agent.id, to]),
        kind: 'outside-peers' as const,
        agent: agent.id,
        title: `${agent.name} handed work to ${to}`,
        detail: `${faults.map(([, reason]) => reason).join('; ')}; its telemetry says so, and nothing stood in its way`,
        since: timeText(at),
        proof: [...new Set([entry, called.lastEntry])],
      },
    ]
  })
}

function idOf(kind: string, of: readonly string[]): string {
  return `${kind}:${hash('sha256', JSON.stringify(of), 'hex').slice(0, 24)}`
}

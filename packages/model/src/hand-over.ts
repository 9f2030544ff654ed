import type { Roster, RosterEntry } from './roster.ts'

/** Work that goes from one agent to another, each by the name that it bears. Untrusted. */
export type HandOver = { readonly from: string; readonly to: string }

/** How far an end has shown that it is who it says. `wrong-key`: it signed, and not with the key of the roster. */
export type EndProof = 'proven' | 'unproven' | 'wrong-key'

/** What is wrong with a hand-over; the gravest where several things are. */
export type HandOverFault = 'impersonation' | 'retired' | 'outside-peers' | 'not-in-roster' | 'unproven'

/** What becomes of a hand-over. `reported`: it passes, because the roster is open, and is told. */
export type HandOverJudgement =
  | { readonly status: 'allowed' }
  | { readonly status: 'refused' | 'reported'; readonly fault: HandOverFault; readonly reasons: readonly string[] }

export const HAND_OVER_FAULTS: readonly HandOverFault[] = [
  'impersonation',
  'retired',
  'outside-peers',
  'not-in-roster',
  'unproven',
]

/** These are refused though the roster is open: a borne name and a retired one are no matter of moving in. */
const ALWAYS_REFUSED: ReadonlySet<HandOverFault> = new Set(['impersonation', 'retired'])

type Roll = { readonly agents: Roster['agents'] }
type Fault = readonly [fault: HandOverFault, reason: string]

/**
 * Holds a hand-over against the roster: both ends are in it, each has the other on its list of peers, and each has proven its
 * name. An empty roster holds nothing against anybody. Pure.
 */
export function judgeHandOver(
  roster: Roll & Pick<Roster, 'mode'>,
  handOver: HandOver,
  proofs: { readonly from: EndProof; readonly to: EndProof },
): HandOverJudgement {
  if (roster.agents.length === 0) return { status: 'allowed' }
  const { from, to } = handOver
  const faults = [
    ...endFaults(roster, from, proofs.from),
    ...endFaults(roster, to, proofs.to),
    ...listFaults(roster, handOver),
  ]
  const fault = HAND_OVER_FAULTS.find((kind) => faults.some(([found]) => found === kind))
  if (fault === undefined) return { status: 'allowed' }
  const isRefused = roster.mode === 'closed' || ALWAYS_REFUSED.has(fault)
  return { status: isRefused ? 'refused' : 'reported', fault, reasons: faults.map(([, reason]) => reason) }
}

/** Each end that the roster has and that does not have the other on its list. */
export function listFaults(roster: Roll, { from, to }: HandOver): readonly Fault[] {
  const lacks = (one: string, other: string): readonly Fault[] => {
    const entry = entryOf(roster, one)
    return entry === undefined || entry.peers.includes(other)
      ? []
      : [['outside-peers', `${other} is no peer of ${one}`]]
  }
  return [...lacks(from, to), ...lacks(to, from)]
}

function endFaults(roster: Roll, name: string, proof: EndProof): readonly Fault[] {
  const entry = entryOf(roster, name)
  if (entry === undefined) return [['not-in-roster', `${name} is not in the roster`]]
  const { state } = entry
  return [
    ...(state === 'retired' ? [['retired', `${name} is retired`] as const] : []),
    ...(proof === 'wrong-key' ? [['impersonation', `who bears the name ${name} does not hold its key`] as const] : []),
    ...(proof === 'unproven'
      ? [['unproven', `${name} did not prove its name with the key of the roster`] as const]
      : []),
  ]
}

function entryOf({ agents }: Roll, name: string): (RosterEntry & { readonly state: 'active' | 'retired' }) | undefined {
  return agents.find(({ agent }) => agent === name)
}

import type { StatementField } from '@holdfast/model'
import type { Known, LadderInputs, Takeover } from '@holdfast/respond'

/** What people stated of the agents that would be held, as one: where they differ, the answer that keeps loss smallest. */
export type StatedOfAgents = {
  readonly isLive: Known<boolean>
  readonly isRestartable: Known<boolean>
  /** Harm that they do can be undone. */
  readonly isReversible: Known<boolean>
  /** Undefined where nobody said anything. */
  readonly lifeSafety: LadderInputs['lifeSafety'] | undefined
  /** Agents that were stated as ones whose stopping is to be reported. */
  readonly reportable: readonly string[]
}

type Asked = (agent: string, field: StatementField) => string | undefined

export function statedOf(agents: readonly string[], of: Asked): StatedOfAgents {
  const words = (field: StatementField): readonly (string | undefined)[] => agents.map((agent) => of(agent, field))
  return {
    isLive: united(words('live'), 'yes'),
    isRestartable: united(words('restartable'), 'no'),
    isReversible: united(words('harm-reversible'), 'no'),
    lifeSafety: lifeSafetyOf(agents, of),
    reportable: agents.filter((agent) => of(agent, 'reportable') === 'yes'),
  }
}

/** `careful` of one is said of all; the other answer needs every one of them. */
function united(words: readonly (string | undefined)[], careful: 'yes' | 'no'): Known<boolean> {
  if (words.includes(careful)) return careful === 'yes'
  const other = careful === 'yes' ? 'no' : 'yes'
  return words.length > 0 && words.every((word) => word === other) ? other === 'yes' : 'unknown'
}

const TAKEOVERS: readonly Takeover[] = ['failed', 'not-tried', 'working']

function lifeSafetyOf(agents: readonly string[], of: Asked): LadderInputs['lifeSafety'] | undefined {
  const depended = agents.filter((agent) => of(agent, 'life-safety') === 'yes')
  if (depended.length > 0) {
    const stated = depended.map((agent) => of(agent, 'takeover'))
    const worst = TAKEOVERS.find((one) => stated.some((word) => (word ?? 'not-tried') === one))
    return { kind: 'yes', takeover: worst ?? 'not-tried' }
  }
  return agents.length > 0 && agents.every((agent) => of(agent, 'life-safety') === 'no') ? { kind: 'no' } : undefined
}

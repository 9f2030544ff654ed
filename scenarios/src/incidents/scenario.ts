import type { CaseWire } from '@holdfast/api'
import type { Crew } from '../respond/crew.ts'
import type { IncidentScenarioName } from './names.ts'
import type { Stage, Workload } from './stage.ts'

/**
 * One scenario: quiet weeks that are simulated, and acts that are real. `expected.json` beside it says what it must give.
 */
export type IncidentScenario = {
  readonly name: IncidentScenarioName
  /** One sentence: what happens. */
  readonly tells: string
  /** Root and kernel programs, without which its acts could not be seen. */
  readonly needsKernel?: true
  /** Roles of the run's cloud account that its agents act in. */
  readonly roles?: readonly string[]
  /** Workloads of the run's Kubernetes cluster that its agents are, where that answers an incident as well. */
  readonly workloads?: readonly Workload[]
  /** The agent that can go on after its acts (`Stage.startStaying`), so that there is somebody to hold. */
  readonly stays?: Workload
  /** Lines of a history file (docs/histories.md), the header first; none where the scenario has no past. */
  readonly history?: (past: Past) => Iterable<string>
  /** What the owners of its agents declare of them, where an incident of it is worked; staging has to show all of it. */
  readonly declares?: readonly Declared[]
  /** What staging shows of its agents, where that is not what their quiet weeks were. */
  readonly staging?: (past: Past) => Iterable<string>
  /** Runs every act as a real process to its end. Rejects where one fails. */
  readonly act: (stage: Stage) => Promise<void>
  /** What people take its incident for at first, where they are wrong; nothing goes by itself then. */
  readonly misread?: NonNullable<CaseWire['type']>
  /** What those who own its parts do to remove the causes, where an incident of it is worked. */
  readonly eradicate?: (stage: Stage, working: Working) => Promise<void>
  /** What they do so that its agents may come back. */
  readonly recover?: (stage: Stage, working: Working) => Promise<void>
}

/** The incident that is worked, and who works it. */
export type Working = {
  readonly incident: string
  readonly crew: Crew
  /** Takes back what holds its workloads; what was cut stays cut. */
  readonly release: () => Promise<void>
}

/** An agent's configuration, as far as it is declared. */
export type Declared = { readonly workload: Workload; readonly tools: readonly string[] }

/** What the simulated past hangs on. The same values give the same lines. */
export type Past = {
  /** The instant of the first act; the past ends before it. Milliseconds since 1970. */
  readonly t0: number
  readonly cast: Cast
  /** Executions a day of each agent. */
  readonly executions: number
  /** The kernel tells of its days as well: which system calls the programs of an agent make. */
  readonly isWatched?: boolean
  readonly seed: number
}

/** Names that keep one run apart from every other on the same server. */
export type Cast = {
  /** Cluster of all agents of the run; agents and incidents are found by it. */
  readonly cluster: string
  /** Twelve digits: the cloud account of the run. */
  readonly account: string
  /** Ends every conversation's id. */
  readonly run: string
}

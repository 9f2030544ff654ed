import { otlpLine, type SimulatedAgent, type SimulatedExecution } from '../otlp-line.ts'
import { seededRandom } from '../random.ts'
import { ATTACKS, attack, type AttackKind } from './attacks.ts'
import { flowOf, KITS, type Kit, type Step } from './kits.ts'
import { execute, word, type Standing } from './work.ts'

/**
 * What really happened, which the judge is not told. `evolution`: a change that somebody approved and a system recorded.
 * `unrecorded`: harmless, and nobody recorded it. `attack`: neither.
 */
export type Label = {
  readonly agent: string
  readonly truth: 'evolution' | 'unrecorded' | 'attack'
  readonly what: string
  /** Attacks: within an hour after an approved rollout of the same agent. */
  readonly isTimed: boolean
  /** Milliseconds since 1970: the executions that show it. */
  readonly from: number
  readonly to: number
  /** Texts of which what is new of it holds one. */
  readonly names: readonly string[]
}

export type DriftMonth = {
  readonly agents: readonly string[]
  readonly lines: readonly string[]
  readonly labels: readonly Label[]
}

export type MonthOptions = { readonly seed: number; readonly agents: number }

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const START_MS = Date.UTC(2026, 8, 1)
/** Two weeks in which nothing is judged, and the thirty days of the report. */
const QUIET_DAYS = 14
const JUDGED_DAYS = 30
export const DRIFT_MONTH_END_MS = START_MS + (QUIET_DAYS + JUDGED_DAYS) * DAY_MS

/**
 * Thirty days of a fleet with two weeks before them: releases, updates of models, approved destinations, customers that come,
 * load by weekday and at the end of the month, records that come late or never; and attacks of each kind, half of them timed
 * with a rollout. The same seed gives the same lines.
 */
export function driftMonth({ seed, agents }: MonthOptions): DriftMonth {
  const months = Array.from({ length: agents }, (_, i) => new AgentMonth(i, seed))
  const parts = months.map((month) => month.tell())
  return {
    agents: months.map(({ id }) => id),
    lines: [
      JSON.stringify({ holdfastHistory: 1, clock: 'simulated', tool: 'scenarios/histories drift-month' }),
      ...parts.flatMap(({ lines }) => lines),
    ],
    labels: parts.flatMap(({ labels }) => labels),
  }
}

class AgentMonth {
  readonly id: string
  readonly #agent: SimulatedAgent
  readonly #kit: Kit
  readonly #random: () => number
  readonly #names: () => number
  readonly #number: number
  readonly #labels: Label[] = []
  readonly #records: string[] = []
  /** Records that come after everything else. */
  readonly #late: string[] = []
  /** What each approved change makes of the agent, and from when on. */
  readonly #turns: { readonly at: number; readonly turn: (standing: Standing) => Standing }[] = []
  readonly #rollouts: number[] = []
  readonly #extra: SimulatedExecution[] = []

  constructor(number: number, seed: number) {
    const kit = KITS[number % KITS.length]
    if (kit === undefined) throw new Error('there are kits')
    this.#kit = kit
    this.#number = number
    this.#agent = { cluster: 'simulated', namespace: 'fleet', deployment: `${kit.name}-${number}` }
    this.id = `k8s:simulated/fleet/${kit.name}-${number}`
    this.#random = seededRandom(seed * 1_000 + number)
    this.#names = seededRandom(seed * 1_000 + 500 + number)
  }

  tell(): { readonly lines: readonly string[]; readonly labels: readonly Label[] } {
    this.#plan()
    const executions = this.#days()
    this.#attack()
    const all = [...executions, ...this.#extra].toSorted((a, b) => a.at - b.at)
    const lines = [...Map.groupBy(all, ({ at }) => Math.floor(at / HOUR_MS)).values()].map((own) =>
      otlpLine(this.#agent, {
        pod: `${this.#agent.deployment}-5d9c7b6f48-x2x7k`,
        executions: own,
        random: this.#names,
      }),
    )
    return { lines: [...this.#records, ...lines, ...this.#late], labels: this.#labels }
  }

  /** Releases and updates of the month. */
  #plan(): void {
    const n = this.#number
    this.#newTool(this.#dayIn(2, 8), { recorded: true, late: n % 4 === 3 })
    this.#newModel(this.#dayIn(9, 14), { recorded: true })
    this.#newHost(this.#dayIn(15, 20))
    this.#promptGrows(this.#dayIn(21, 25))
    // One in three agents has something changed of which nobody tells.
    if (n % 3 === 1) this.#newTool(this.#dayIn(26, 28), { recorded: false, late: false })
    for (let day = QUIET_DAYS; day < QUIET_DAYS + JUDGED_DAYS; day += 3)
      this.#record(START_MS + day * DAY_MS + 3 * HOUR_MS, {
        change: 'replicas',
        subject: this.#agent.deployment,
        to: '4',
      })
  }

  #newTool(at: number, { recorded, late }: { readonly recorded: boolean; readonly late: boolean }): void {
    const tool = `${word(this.#random)}.${recorded ? 'lookup' : 'helper'}`
    const host = this.#kit.flows[0]?.steps[0]?.host ?? ''
    const step: Step = { kind: 'tool', tool, host, argument: 'customer' }
    this.#turns.push({ at, turn: (old) => ({ ...old, added: [...old.added, { step, share: 0.3 }] }) })
    if (recorded) this.#rolledOut(at, { change: 'tool-catalogue', subject: 'tools', to: tool }, { late })
    this.#labels.push(this.#label(recorded ? 'evolution' : 'unrecorded', `new tool ${tool}`, at, [tool]))
  }

  #newModel(at: number, { recorded }: { readonly recorded: boolean }): void {
    const to = `gpt-5-${word(this.#random)}`
    const wordier = 0.8 + 0.5 * this.#random()
    this.#turns.push({ at, turn: (old) => ({ ...old, model: to, wordy: old.wordy * wordier }) })
    if (recorded) this.#rolledOut(at, { change: 'model', subject: 'chat model', from: 'gpt-5', to }, { late: false })
    this.#labels.push(this.#label('evolution', `model ${to}`, at, [to]))
  }

  /** A new partner: its host is approved by name, and its tool with it. */
  #newHost(at: number): void {
    const name = word(this.#random)
    const step: Step = {
      kind: 'tool',
      tool: `partner.${name}`,
      host: `${name}.partner.example.test`,
      argument: 'customer',
    }
    this.#turns.push({ at, turn: (old) => ({ ...old, added: [...old.added, { step, share: 0.2 }] }) })
    this.#rolledOut(at, { change: 'tool-catalogue', subject: 'tools', to: step.tool }, { late: false })
    this.#record(at, {
      change: 'grant',
      subject: `egress to ${step.host}`,
      to: `${step.host}:443`,
      ...this.#approved(at),
    })
    this.#labels.push(this.#label('evolution', `partner ${step.host}`, at, [step.host, step.tool]))
  }

  #promptGrows(at: number): void {
    this.#turns.push({ at, turn: (old) => ({ ...old, wordy: old.wordy * 1.9 }) })
    this.#rolledOut(at, { change: 'prompt-template', subject: 'system', from: '12', to: '13' }, { late: false })
    this.#labels.push(this.#label('evolution', 'a longer prompt', at, ['tokens']))
  }

  #days(): readonly SimulatedExecution[] {
    const all: SimulatedExecution[] = []
    for (let day = 0; day < QUIET_DAYS + JUDGED_DAYS; day += 1) {
      const begin = START_MS + day * DAY_MS
      const weekday = new Date(begin).getUTCDay()
      const load = (weekday === 0 || weekday === 6 ? 0.4 : 1) * (new Date(begin).getUTCDate() >= 28 ? 2 : 1)
      const count = Math.max(1, Math.round(this.#kit.executions * load * (0.85 + 0.3 * this.#random())))
      const from = begin + (this.#kit.name === 'pipeline' ? 1 : 8) * HOUR_MS
      for (let i = 0; i < count; i += 1) {
        const at = from + Math.floor((i / count) * 10 * HOUR_MS)
        all.push(execute(at, flowOf(this.#kit, this.#random), this.#with(at)))
      }
      if (weekday === 1 && this.#kit.weekly !== undefined)
        all.push(execute(begin + 2 * HOUR_MS, this.#kit.weekly, this.#with(begin)))
    }
    return all
  }

  /** Two attacks, of the kinds in turn; the second in the shadow of a rollout. */
  #attack(): void {
    for (const [i, isTimed] of [false, true].entries()) {
      const kind = ATTACKS[(this.#number * 2 + i) % ATTACKS.length]
      if (kind === undefined) throw new Error('there are kinds of attacks')
      const rollout = this.#rollouts[Math.floor(this.#random() * this.#rollouts.length)] ?? START_MS
      const at = isTimed
        ? rollout + 5 * 60_000 + Math.floor(this.#random() * 55 * 60_000)
        : this.#dayIn(4, 28) + Math.floor(this.#random() * 8 * HOUR_MS)
      this.#extra.push(...this.#attacked(kind, at, isTimed))
    }
  }

  #attacked(kind: AttackKind, at: number, isTimed: boolean): readonly SimulatedExecution[] {
    const { executions, names } = attack(kind, at, this.#with(at))
    const last = executions.at(-1)?.at ?? at
    this.#labels.push({
      agent: this.id,
      truth: 'attack',
      what: kind,
      isTimed,
      from: at,
      to: last + 90_000,
      names,
    })
    return executions
  }

  #with(at: number): { readonly random: () => number; readonly kit: Kit; readonly standing: Standing } {
    const begun: Standing = {
      model: 'gpt-5',
      principal: `system:serviceaccount:fleet:${this.#agent.deployment}`,
      wordy: 1,
      added: [],
      customers: 60 + Math.floor((at - START_MS) / DAY_MS) * 2,
    }
    const standing = this.#turns.reduce((now, { at: from, turn }) => (at >= from ? turn(now) : now), begun)
    return { random: this.#random, kit: this.#kit, standing }
  }

  #rolledOut(at: number, change: Readonly<Record<string, string>>, { late }: { readonly late: boolean }): void {
    const deploy = { change: 'deploy', subject: this.#agent.deployment, to: `revision ${this.#rollouts.length + 2}` }
    this.#rollouts.push(at)
    this.#record(at - 10 * 60_000, { ...deploy, ...this.#approved(at) }, late)
    this.#record(at - 5 * 60_000, { ...change, ...this.#approved(at) }, late)
  }

  #approved(at: number): Readonly<Record<string, string>> {
    return { changeId: `CHG-${this.#number}-${Math.floor(at / HOUR_MS)}`, author: 'd.lang', approver: 'k.osei' }
  }

  #record(at: number, change: Readonly<Record<string, string>>, late = false): void {
    const frame = { agent: this.id, at: new Date(at).toISOString(), ...change }
    ;(late ? this.#late : this.#records).push(JSON.stringify({ holdfastChange: frame }))
  }

  /** A moment in the morning of one of these days of the report. */
  #dayIn(first: number, last: number): number {
    const day = QUIET_DAYS + first + Math.floor(this.#random() * (last - first + 1))
    return START_MS + day * DAY_MS + 9 * HOUR_MS + Math.floor(this.#random() * 3 * HOUR_MS)
  }

  /** What an agent does after a change shows it for as long as the month lasts. */
  #label(truth: Label['truth'], what: string, at: number, names: readonly string[]): Label {
    return { agent: this.id, truth, what, isTimed: false, from: at, to: DRIFT_MONTH_END_MS, names }
  }
}

import type { IncidentType, Rung } from '@holdfast/model'

import type { Clock } from './clock.ts'

/** What the rows look at; each is computed once from the inputs. */
export type Traits = {
  readonly outcome: 'incident' | 'attempt'
  readonly confidence: 'low' | 'enough'
  readonly type: IncidentType
  readonly reach: 'inside' | 'reached'
  readonly isLive: boolean
  readonly isRestartable: boolean
  readonly chain: 'complete' | 'incomplete'
  readonly clock: Clock
  readonly isLifeSafety: boolean
}

/** Holds where every trait it names has one of the values. */
export type Match = { readonly [Name in keyof Traits]?: readonly Traits[Name][] }

/** Who says yes. `analyst` watches the queue, `on-call` answers for the night. */
export type Role = 'analyst' | 'on-call' | 'service-owner' | 'ai-engineering' | 'compliance'

export type RowStep = { readonly rung: Rung; readonly only?: Match; readonly after?: 'clean-replica' | 'drain' }

/** One row of the table. The first whose `when` holds fires. */
export type Row = {
  readonly number: number
  readonly words: string
  /** Holds where any of them does. */
  readonly when: readonly Match[]
  readonly steps: readonly RowStep[]
  /** `own`: the family of the type. `scope-only`: what of it narrows. `reversible`: what of all three can be taken back. */
  readonly cuts: 'none' | 'own' | 'scope-only' | 'reversible'
  readonly offers?: string
  readonly deadline: 'clock' | 'same-day' | 'none'
  readonly classifyWithin?: 'provisional' | 'watched'
  readonly automatic: 'always' | 'at-60-s' | 'never'
  readonly people: readonly Role[]
}

const ESCAPE: Match = { type: ['runtime-execution-escape'] }
const ESCAPED: Match = { ...ESCAPE, reach: ['reached'] }
const PRIVILEGE: Match = { type: ['privilege-boundary-escape'] }
const REASONING: Match = { type: ['reasoning-compromise'] }
const PRESSING: Match = { clock: ['60 s', '5 min'] }

/** The ladder's table, in the order in which it is read. */
export const ROWS: readonly Row[] = [
  {
    number: 1,
    words: 'an attempt that was resisted or blocked',
    when: [{ outcome: ['attempt'] }],
    steps: [{ rung: 'watch' }],
    cuts: 'none',
    offers: 'close-channel',
    deadline: 'same-day',
    automatic: 'never',
    people: ['analyst'],
  },
  {
    number: 2,
    words: 'the type is not sure, and the harm is fast and cannot be undone',
    when: [{ confidence: ['low'], clock: ['60 s'] }],
    steps: [{ rung: 'soft-quarantine' }],
    cuts: 'reversible',
    deadline: 'clock',
    classifyWithin: 'provisional',
    automatic: 'always',
    people: ['on-call'],
  },
  {
    number: 3,
    words: 'the type is not sure',
    when: [{ confidence: ['low'] }],
    steps: [{ rung: 'watch' }],
    cuts: 'none',
    deadline: 'none',
    classifyWithin: 'watched',
    automatic: 'never',
    people: ['analyst'],
  },
  {
    number: 4,
    words: 'an escape to host or neighbour, restartable, chain complete',
    when: [{ ...ESCAPED, isRestartable: [true], chain: ['complete'] }],
    steps: [{ rung: 'kill' }],
    cuts: 'own',
    deadline: 'clock',
    automatic: 'at-60-s',
    people: ['on-call'],
  },
  {
    number: 5,
    words: 'an escape to host or neighbour, chain incomplete or not restartable',
    when: [
      { ...ESCAPED, chain: ['incomplete'] },
      { ...ESCAPED, isRestartable: [false] },
    ],
    steps: [
      { rung: 'pause', only: { isLive: [true] }, after: 'clean-replica' },
      { rung: 'pause', only: { isLive: [false] } },
      { rung: 'kill' },
    ],
    cuts: 'own',
    deadline: 'clock',
    automatic: 'never',
    people: ['on-call'],
  },
  {
    number: 6,
    words: 'an escape still inside its own pod',
    when: [{ ...ESCAPE, reach: ['inside'] }],
    steps: [
      { rung: 'soft-quarantine', only: { isLive: [true] } },
      { rung: 'pause', only: { isLive: [false] } },
    ],
    cuts: 'own',
    deadline: 'clock',
    automatic: 'never',
    people: ['on-call'],
  },
  {
    number: 7,
    words: 'privilege misused by a live agent, clock of five minutes or less',
    when: [{ ...PRIVILEGE, ...PRESSING, isLive: [true] }],
    steps: [{ rung: 'soft-quarantine' }],
    cuts: 'own',
    deadline: 'clock',
    automatic: 'at-60-s',
    people: ['on-call'],
  },
  {
    number: 8,
    words: 'privilege misused by a live agent, slower clock',
    when: [{ ...PRIVILEGE, isLive: [true] }],
    steps: [{ rung: 'restrict' }],
    cuts: 'scope-only',
    deadline: 'clock',
    automatic: 'never',
    people: ['on-call'],
  },
  {
    number: 9,
    words: 'privilege misused by an agent that serves nobody now, restartable, chain complete',
    when: [{ ...PRIVILEGE, isLive: [false], isRestartable: [true], chain: ['complete'] }],
    steps: [{ rung: 'kill' }],
    cuts: 'own',
    deadline: 'clock',
    automatic: 'never',
    people: ['on-call'],
  },
  {
    number: 10,
    words: 'privilege misused by an agent that serves nobody now, restartable, chain incomplete',
    when: [{ ...PRIVILEGE, isLive: [false], isRestartable: [true], chain: ['incomplete'] }],
    steps: [{ rung: 'pause' }, { rung: 'kill' }],
    cuts: 'own',
    deadline: 'clock',
    automatic: 'never',
    people: ['on-call'],
  },
  {
    number: 11,
    words: 'privilege misused by an agent that serves nobody now and may not be restarted',
    when: [{ ...PRIVILEGE, isLive: [false], isRestartable: [false] }],
    steps: [{ rung: 'pause' }, { rung: 'stop', after: 'drain' }],
    cuts: 'own',
    deadline: 'clock',
    automatic: 'never',
    people: ['on-call', 'service-owner'],
  },
  {
    number: 12,
    words: 'reasoning compromised where lives depend on it: people take over',
    when: [{ ...REASONING, isLifeSafety: [true] }],
    steps: [{ rung: 'restrict' }],
    cuts: 'own',
    deadline: 'clock',
    automatic: 'never',
    people: ['service-owner'],
  },
  {
    number: 13,
    words: 'reasoning compromised, clock of five minutes or less',
    when: [{ ...REASONING, ...PRESSING }],
    steps: [{ rung: 'soft-quarantine' }],
    cuts: 'own',
    deadline: 'clock',
    automatic: 'at-60-s',
    people: ['on-call'],
  },
  {
    number: 14,
    words: 'reasoning compromised, slower clock: gather more of the chain first',
    when: [REASONING],
    steps: [{ rung: 'restrict' }],
    cuts: 'own',
    deadline: 'clock',
    automatic: 'never',
    people: ['on-call', 'ai-engineering'],
  },
]

export function matches(match: Match, traits: Traits): boolean {
  // Each entry's values are of its own trait: `Match` is mapped from `Traits`, which Object.entries forgets.
  return Object.entries(match).every(([name, values]) =>
    (values as readonly unknown[]).includes(traits[name as keyof Traits]),
  )
}

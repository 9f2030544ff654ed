import { setTimeout as wait } from 'node:timers/promises'
import type { Answer, Body } from '@holdfast/api'
import { stagingOf } from '@holdfast/model'
import { EXECUTIONS_A_DAY } from '../incidents/limits.ts'
import type { IncidentScenario, Working } from '../incidents/scenario.ts'
import type { Stage } from '../incidents/stage.ts'
import { contain } from './contain.ts'
import type { Crew, Member } from './crew.ts'
import { type HeldAgent, heldAgents } from './held.ts'
import { LOOK_MS, SEEN_WITHIN_MS } from './limits.ts'
import { settleEarlier } from './misread.ts'
import { type Deeds, step } from './work-case.ts'

type Audit = Answer<'getIncidentAudit'>
type Audited = Body<'markAudit'>['audit']

export type DeedsOrder = {
  readonly scenario: IncidentScenario
  readonly stage: Stage
  readonly told: Readonly<Record<string, string>>
  /** Told of each agent that stays, once the plan is confirmed. */
  readonly onHeld: (agent: HeldAgent) => void
}

/** What people do in the phases of any incident. What only one of the types asks for is a deed of nothing in the others. */
export function usualDeeds({ scenario, stage, told, onHeld }: DeedsOrder): Deeds {
  return {
    analyze: async (incident, { onCall, aiEngineer }) => {
      await listReach(incident, onCall)
      await aiEngineer.api.call('freezeScope', {
        params: { incident },
        body: { reason: 'the window and everything in it was looked at' },
      })
      await step(onCall, incident, { do: 'state', fact: 'type-confirmed', value: true, entries: [] })
    },
    contain: async (incident, crew) => {
      await contain(incident, crew, told)
      for (const agent of await heldAgents(stage, crew.onCall)) onHeld(agent)
      await settleEarlier(incident, crew)
      await goThrough(crew.aiEngineer, incident, { audit: 'receiver', rows: ({ receivers }) => receivers })
    },
    eradicate: async (incident, crew) => {
      const { onCall, aiEngineer } = crew
      await goThrough(aiEngineer, incident, { audit: 'sibling', rows: ({ siblings }) => siblings })
      await goThrough(onCall, incident, { audit: 'gate', rows: ({ channels }) => channels })
      await goThrough(onCall, incident, { audit: 'description', rows: ({ descriptions }) => descriptions })
      await scenario.eradicate?.(stage, workingOn(incident, crew))
      await goThrough(onCall, incident, { audit: 'holder', rows: ({ holders }) => holders })
      if ((await typeOf(onCall, incident)) === 'reasoning-compromise')
        await step(onCall, incident, { do: 'state', fact: 'threat-model-updated', value: true, entries: [] })
    },
    recover: async (incident, crew) => {
      await recover(incident, crew, { scenario, stage })
      const working = workingOn(incident, crew)
      await scenario.recover?.(stage, working)
      await working.release()
    },
    learn: async (incident, { analyst, admin }) => {
      const reason = 'so that the next one is caught earlier'
      const learned = await analyst.api.call('learnFromIncident', { params: { incident }, body: { reason } })
      stage.tell(`learned: ${learned.state}, ${learned.why}${figuresIn(learned)}`)
      // Of what is caught with its first step there is no rule, and what to cut from profiles all the same.
      if (learned.id === undefined || (learned.state !== 'verified' && learned.state !== 'first-step')) return
      await admin.api.call('decideLearning', { params: { learning: learned.id }, body: { do: 'applied', reason } })
    },
  }
}

/** What is looked at again while a phase does not close: an agent that still acts may have reached something new. */
export const LOOKED_AGAIN: Deeds = { analyze: (incident, { onCall }) => listReach(incident, onCall) }

async function listReach(incident: string, by: Member): Promise<void> {
  await goThrough(by, incident, { audit: 'reach', rows: ({ reach }) => reach })
  await goThrough(by, incident, { audit: 'principal', rows: ({ principals }) => principals })
}

/** With which event of how many each chain was named before, and is named with the rule. */
function figuresIn({ figures }: Answer<'learnFromIncident'>): string {
  if (figures === undefined) return ''
  const of = (name: string, { events, before, after }: typeof figures.chain): string =>
    `${name} of ${events} events: incident at ${before.incident ?? 'none'} before, ${after.incident ?? 'none'} after; attempt at ${before.attempt ?? 'none'} before, ${after.attempt ?? 'none'} after`
  return `; ${of('chain', figures.chain)}; ${of('variant', figures.variant)}; ${figures.ordinary.cases} ordinary conversations`
}

/** Profiles that saw the incident are marked, and agents come back on what clean staging shows of them. */
async function recover(
  incident: string,
  { onCall }: Crew,
  { scenario, stage }: Pick<DeedsOrder, 'scenario' | 'stage'>,
): Promise<void> {
  const reason = 'back on a clean footing'
  const { agents } = await onCall.api.call('markContaminated', { params: { incident }, body: { reason } })
  const clean = scenario.staging ?? scenario.history
  if (clean === undefined || (await typeOf(onCall, incident)) !== 'reasoning-compromise') return
  const { cast, t0 } = stage
  const cluster = stagingOf(cast.cluster)
  const past = { t0, cast: { ...cast, cluster }, executions: EXECUTIONS_A_DAY, seed: 2 }
  await stage.import('staging.jsonl', clean(past))
  await folded(onCall, stage.signal)
  // An identity of an account has no staging: its workloads have.
  const own = agents.filter(({ agent, profile }) => profile !== undefined && agent.includes(`${cast.cluster}/`))
  for (const { agent } of own)
    await onCall.api.call('rebuildBaseline', {
      params: { agent },
      body: { staging: agent.replace(cast.cluster, cluster), reason },
    })
}

/** Once profiles hold what is in the log now: on part of its staging an agent would come back as less than it was. */
async function folded({ api }: Member, signal: AbortSignal | undefined): Promise<void> {
  const { size } = await api.call('getIntegrity', {})
  const until = Date.now() + SEEN_WITHIN_MS
  while (Date.now() < until) {
    const { projection } = await api.call('getIntegrity', {})
    if (projection.reach >= size) return
    await wait(LOOK_MS, undefined, { signal })
  }
  throw new Error(`after ${SEEN_WITHIN_MS} ms not all of ${size} entries are folded`)
}

function workingOn(incident: string, crew: Crew): Working {
  return { incident, crew, release: () => releaseHolds(incident, crew.onCall) }
}

/** The workloads come back; what was cut of authority, context and surroundings stays cut until its time. */
async function releaseHolds(incident: string, { api }: Member): Promise<void> {
  const { items } = await api.call('listResponsePlans', { params: { incident } })
  for (const { hash, steps } of items) {
    const holds = steps.filter(({ deed, effect }) => deed.kind === 'rung' && effect !== 'none')
    if (holds.length === 0) continue
    const body = { reason: 'back on a clean footing', steps: holds.map(({ id }) => id) }
    await api.call('releaseResponsePlan', { params: { plan: hash }, body })
  }
}

async function typeOf(by: Member, incident: string): Promise<string | undefined> {
  return (await by.api.call('getCase', { params: { incident } })).type
}

/** Looks at each row of an audit that nobody has looked at, and says what came of it. */
async function goThrough(
  by: Member,
  incident: string,
  { audit, rows }: { readonly audit: Audited; readonly rows: (audit: Audit) => Rows | undefined },
): Promise<void> {
  const open = rows(await by.api.call('getIncidentAudit', { params: { incident } }))?.rows.filter((row) => row.isOpen)
  if (open === undefined || open.length === 0) return
  const body = { audit, verdict: 'settled', reason: 'looked at, and dealt with', entries: [] } as const
  await by.api.call('markAudit', {
    params: { incident },
    body: { ...body, entries: [], items: open.map(({ key }) => key) },
  })
}

type Rows = { readonly rows: readonly { readonly key: string; readonly isOpen: boolean }[] }

import { setTimeout as wait } from 'node:timers/promises'
import type { Answer } from '@holdfast/api'
import { completenessOf } from '../incidents/completeness.ts'
import { differencesOf } from '../incidents/differences.ts'
import { expectedOf } from '../incidents/expected.ts'
import { ask, type HoldfastAddress } from '../incidents/holdfast.ts'
import { type JudgedIncident, ownIncidents } from '../incidents/judged.ts'
import { plannedFor } from '../incidents/planned.ts'
import type { Cast } from '../incidents/scenario.ts'
import type { DemoStoryName } from './demo-stories.ts'
import { LOOK_MS, TOLD_WITHIN_MS } from './limits.ts'

/** What a story came to. */
export type Told = {
  /** One line for people. */
  readonly words: string
  readonly incident: string | undefined
  /** Where it is not what it must be; empty where it is. */
  readonly differences: readonly string[]
}

type Asked = { readonly name: DemoStoryName; readonly cast: Cast; readonly signal: AbortSignal | undefined }

/** Waits until all that was recorded so far is folded and the story is judged; rejects after {@link TOLD_WITHIN_MS}. */
export async function toldOf(holdfast: HoldfastAddress, { name, cast, signal }: Asked): Promise<Told> {
  const expected = expectedOf(name)
  const until = Date.now() + TOLD_WITHIN_MS
  const { size } = await ask<Answer<'getIntegrity'>>(holdfast, '/integrity')
  let incidents: readonly JudgedIncident[] = []
  for (;;) {
    signal?.throwIfAborted()
    const { projection } = await ask<Answer<'getIntegrity'>>(holdfast, '/integrity')
    const own = projection.cursor < size ? undefined : await ownIncidents(holdfast, cast)
    incidents = own?.incidents ?? incidents
    const isSettled = own !== undefined && own.waiting === 0
    // Other stories go on being recorded: one that is what it must be already need not wait for them.
    const isThere = expected.verdict === 'incident' && isWanted(incidents, expected)
    if (own !== undefined && (isSettled || isThere)) break
    if (Date.now() > until) throw new Error(`after ${TOLD_WITHIN_MS} ms it is not judged`)
    await wait(LOOK_MS, undefined, { signal })
  }
  const [incident] = incidents.filter(({ outcome }) => outcome === 'incident')
  if (incident === undefined) {
    const differences = differencesOf(expected, { incidents, evidence: undefined, plan: undefined })
    return { words: await driftWords(holdfast, cast), incident: undefined, differences }
  }
  const evidence = await completenessOf(holdfast, incident.id)
  const plan = await plannedFor(holdfast, { incident: incident.id, told: expected.told ?? {} })
  const sure = `${Math.round(incident.confidence * 100)} %`
  const words = `${incident.type} with ${sure}, evidence ${Math.round(evidence.completeness * 100)} %, rung ${plan.rung}`
  return { words, incident: incident.id, differences: differencesOf(expected, { incidents, evidence, plan }) }
}

function isWanted(incidents: readonly JudgedIncident[], expected: ReturnType<typeof expectedOf>): boolean {
  return incidents.some(
    ({ outcome, type, confidence, contributing }) =>
      outcome === 'incident' &&
      type === expected.type &&
      confidence >= (expected.confidence ?? 0) &&
      contributing.length >= (expected.contributing?.length ?? 0),
  )
}

/** What is said of agents that changed, and did no harm. */
async function driftWords(holdfast: HoldfastAddress, { cluster }: Cast): Promise<string> {
  const { items } = await ask<Answer<'listDrift'>>(holdfast, '/drift?limit=100')
  const own = items.filter(({ agent }) => agent.startsWith(`k8s:${cluster}/`))
  const changes = await Promise.all(
    own.map(({ agent }) => ask<Answer<'getDrift'>>(holdfast, `/agents/${encodeURIComponent(agent)}/drift`)),
  )
  const [evolution, risky] = (['evolution', 'risky'] as const).map((lane) =>
    changes.reduce((sum, drift) => sum + drift[lane].length, 0),
  )
  return `no incident; drift: ${evolution} changes are evolution, ${risky} risky`
}

import { setTimeout as wait } from 'node:timers/promises'
import type { Answer } from '@holdfast/api'
import { completenessOf } from '../incidents/completeness.ts'
import { differencesOf } from '../incidents/differences.ts'
import { type Expected, expectedOf } from '../incidents/expected.ts'
import { AnswerError, ask, type HoldfastAddress } from '../incidents/holdfast.ts'
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

/**
 * Waits until all that was recorded so far is folded and the story is judged as it must be, or nothing waits to be judged any
 * more; rejects after {@link TOLD_WITHIN_MS}. How sure a verdict must be is not compared: the quiet weeks of a demo are thinner
 * than those of the scenario by itself, and the verdict says by itself how sure it is.
 */
export async function toldOf(holdfast: HoldfastAddress, { name, cast, signal }: Asked): Promise<Told> {
  const expected = { ...expectedOf(name), confidence: 0 }
  const until = Date.now() + TOLD_WITHIN_MS
  const { size } = await ask<Answer<'getIntegrity'>>(holdfast, '/integrity')
  for (;;) {
    signal?.throwIfAborted()
    const { projection } = await ask<Answer<'getIntegrity'>>(holdfast, '/integrity')
    const told = projection.cursor < size ? undefined : await lookedAt(holdfast, { expected, cast })
    if (told !== undefined) return told
    if (Date.now() > until) throw new Error(`after ${TOLD_WITHIN_MS} ms it is not judged`)
    await wait(LOOK_MS, undefined, { signal })
  }
}

type Wanted = { readonly expected: Expected; readonly cast: Cast }

/** Undefined while it may still become what it must be. */
async function lookedAt(holdfast: HoldfastAddress, wanted: Wanted): Promise<Told | undefined> {
  try {
    const { incidents, waiting } = await ownIncidents(holdfast, wanted.cast)
    const isThere = incidents.some(({ outcome, type }) => outcome === 'incident' && type === wanted.expected.type)
    if (waiting > 0 && !isThere) return undefined
    const told = await toldNow(holdfast, { ...wanted, incidents })
    // Other stories go on being recorded: one that is what it must be already need not wait for them.
    return waiting === 0 || told.differences.length === 0 ? told : undefined
  } catch (failure) {
    // An incident goes by another id once something joins it: it is looked for anew.
    if (failure instanceof AnswerError && failure.status === 404) return undefined
    throw failure
  }
}

type Judged = Wanted & { readonly incidents: readonly JudgedIncident[] }

async function toldNow(holdfast: HoldfastAddress, { incidents, expected, cast }: Judged): Promise<Told> {
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

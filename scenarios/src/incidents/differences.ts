import type { Completeness } from './completeness.ts'
import type { Expected } from './expected.ts'
import type { JudgedIncident } from './judged.ts'
import type { Planned } from './planned.ts'

export type Came = {
  readonly incidents: readonly JudgedIncident[]
  readonly evidence: Completeness | undefined
  readonly plan: Planned | undefined
}

/** Where a verdict is not what a scenario must give, in words; what an expectation leaves out is not compared. */
export function differencesOf(expected: Expected, { incidents, evidence, plan }: Came): readonly string[] {
  const real = incidents.filter(({ outcome }) => outcome === 'incident')
  if (expected.verdict === 'none')
    return incidents.map(({ outcome, headline }) => `expected nothing, found one ${outcome}: ${headline}`)
  const [incident, ...more] = real
  if (incident === undefined) return [`expected one incident, found ${incidents.length} attempts and no incident`]
  const found: string[] = more.map(({ headline }) => `expected one incident, found another: ${headline}`)
  const compare = (what: string, wanted: string | undefined, has: string | undefined): void => {
    if (wanted !== undefined && wanted !== has) found.push(`${what}: expected ${wanted}, found ${has ?? 'none'}`)
  }
  compare('type', expected.type, incident.type)
  compare('template', expected.template, incident.chain.template)
  compare('contributing', expected.contributing?.toSorted().join(' '), incident.contributing.toSorted().join(' '))
  for (const surface of ['S1', 'S2', 'S3', 'S4'] as const)
    compare(surface, expected.surfaces?.[surface], incident.surfaces[surface])
  if (incident.confidence < (expected.confidence ?? 0))
    found.push(`confidence: expected at least ${expected.confidence}, found ${incident.confidence}`)
  const names = incident.agents.map((agent) => agent.slice(agent.lastIndexOf('/') + 1))
  compare('agents', expected.agents?.toSorted().join(' '), names.toSorted().join(' '))
  for (const [id, state] of Object.entries(expected.artifacts ?? {})) compare(id, state, evidence?.artifacts[id])
  if (expected.told !== undefined) {
    compare('rung', expected.rung, plan?.rung)
    compare('deadline', expected.deadlineSeconds?.toString(), plan?.deadlineSeconds?.toString())
    if (expected.family !== undefined && plan?.families.includes(expected.family) !== true)
      found.push(`family: expected ${expected.family}, found ${plan?.families.join(' ') ?? 'none'}`)
  }
  return found
}

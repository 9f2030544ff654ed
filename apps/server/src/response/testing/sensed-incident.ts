import type { IncidentRowWire, ResponsePlanWire } from '@holdfast/api'
import { vi } from 'vitest'
import type { ContainingServer } from '../../containment/testing/contained.ts'
import { type Story, storyRequests } from '../../incidents/testing/story.ts'

const PATIENT = { timeout: 60_000, interval: 50 }

type Watching = { readonly items: readonly { readonly watched: readonly { readonly agent: string }[] }[] }

/** Tells a story of an agent that the sensor watches, and returns its incident once it is named. */
export async function sensedIncident(holdfast: ContainingServer, story: Story): Promise<IncidentRowWire> {
  const { server } = holdfast
  const { items } = await server.get<Watching>('/api/v1/sensors')
  const agent = items.flatMap(({ watched }) => watched).find((one) => one.agent.endsWith(`/${story.service}`))?.agent
  if (agent === undefined) throw new Error(`${story.service} is not watched`)
  const host = agent.slice('host:'.length, -story.service.length - 1)
  for (const body of storyRequests({ ...story, host })) {
    const response = await fetch(`${server.ready.otlpHttp}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(body),
    })
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  }
  return await vi.waitFor(async () => {
    const found = await server.get<{ readonly items: readonly IncidentRowWire[]; readonly waiting: number }>(
      '/api/v1/incidents?outcome=all',
    )
    const incident = found.items.find(({ agents }) => agents.includes(agent))
    if (incident === undefined || found.waiting > 0) throw new Error('no incident is named yet')
    return incident
  }, PATIENT)
}

/** Plans a rung of an incident, says yes to it, and applies it. */
export async function planned(
  { server }: ContainingServer,
  incident: string,
  asked: { readonly rung: string; readonly ttlMs?: number },
): Promise<ResponsePlanWire> {
  const made = await server.post<ResponsePlanWire>(`/api/v1/incidents/${incident}/plans`, asked)
  for (const role of made.approval.roles.slice(0, 1)) await server.post(`/api/v1/plans/${made.hash}/approve`, { role })
  return await server.post<ResponsePlanWire>(`/api/v1/plans/${made.hash}/apply`, {})
}

/** The plan once it is in this state. */
export async function untilState(
  holdfast: ContainingServer,
  hash: string,
  state: ResponsePlanWire['state'],
): Promise<ResponsePlanWire> {
  return await vi.waitFor(async () => {
    const plan = await holdfast.server.get<ResponsePlanWire>(`/api/v1/plans/${hash}`)
    if (plan.state !== state) throw new Error(`it is ${plan.state}: ${plan.words}`)
    return plan
  }, PATIENT)
}

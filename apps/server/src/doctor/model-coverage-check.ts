import type { Answer, ApiEvent, ModelCoverageWire } from '@holdfast/api'
import type { UnixNano } from '@holdfast/model'
import type { ViewsClient } from '../views/client.ts'
import type { FoundCheck } from './found-check.ts'
import { COVERAGE_PAGES, COVERAGE_ROWS, SETTLED_SECONDS } from './limits.ts'
import { modelCoverage } from './model-coverage.ts'

/** Connections to models that the kernel saw against prompts that were captured, over the newest records. */
export async function measureModelCoverage(views: Pick<ViewsClient, 'ask'>, now: UnixNano): Promise<ModelCoverageWire> {
  // One after the other: people's questions get in between.
  const connections = await newest(views, 'connection')
  if (connections.length === 0) return { connections: 0, captured: 0, agents: [] }
  const names = await newest(views, 'dns')
  const calls = await newest(views, 'model-call')
  const prompts = await newest(views, 'prompt')
  return modelCoverage({ connections, names, calls, prompts }, now - BigInt(SETTLED_SECONDS) * 1_000_000_000n)
}

async function newest(views: Pick<ViewsClient, 'ask'>, kind: string): Promise<readonly ApiEvent[]> {
  const found: ApiEvent[] = []
  let cursor: string | undefined
  for (let page = 0; page < COVERAGE_PAGES; page++) {
    const query = { kind, limit: COVERAGE_ROWS, ...(cursor === undefined ? {} : { cursor }) }
    const { items, nextCursor } = JSON.parse(await views.ask('listEvents', { query })) as Answer<'listEvents'> // the route's own answer
    found.push(...items)
    if (nextCursor === undefined) break
    cursor = nextCursor
  }
  return found
}

/** The figure as a check: below one, something calls a model and does not say what it asks. */
export function modelCoverageCheck({ connections, captured, share, agents }: ModelCoverageWire): FoundCheck {
  const about = { id: 'model-coverage', title: 'model connections with a captured prompt' } as const
  if (share === undefined)
    return { ...about, status: 'PASS', detail: 'no kernel sensor saw a connection to a model among the newest records' }
  const detail = `${share.toFixed(2)}: ${captured} of ${connections} connections that the kernel saw open`
  const short = agents.filter((agent) => agent.share < 1)
  if (short.length === 0) return { ...about, status: 'PASS', detail }
  const named = short.slice(0, 3).map((one) => `${one.name} ${one.captured} of ${one.connections}`)
  return {
    ...about,
    status: 'WARN',
    detail: `${detail}; ${named.join(', ')}${short.length > 3 ? `, and ${short.length - 3} more` : ''}`,
    remedy:
      'let the agent send its content (`holdfast evidence status CONVERSATION` names the setting), or read its model calls from TLS: `holdfast run`, or the sensor with libssl probes',
  }
}

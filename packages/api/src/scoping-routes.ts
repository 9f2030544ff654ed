import { z } from 'zod'

const names = z.array(z.string())
const agentSchema = z.object({
  id: z.string(),
  name: z.string(),
  cluster: z.string().optional(),
  namespace: z.string().optional(),
  workload: z.string().optional(),
  pods: names,
  nodes: names,
  images: names,
})

const responseScopeSchema = z
  .object({
    incident: z.string(),
    agents: z.array(agentSchema),
    principals: z.array(
      z.object({
        agent: z.string(),
        name: z.string(),
        authority: z.enum(['aws', 'kubernetes', 'gcp', 'azure', 'other']),
        credential: z.string().optional(),
        isMisused: z.boolean(),
        used: z.array(z.object({ action: z.string(), resource: z.string() })),
      }),
    ),
    tools: z.array(
      z.object({
        agent: z.string(),
        tool: z.string(),
        server: z.string().optional(),
        definition: z.string().optional(),
        isMisused: z.boolean(),
      }),
    ),
    items: z.array(
      z.object({
        agent: z.string(),
        kind: z.enum(['document', 'memory', 'tool-description', 'message']),
        source: z.string(),
        id: z.string(),
        version: z.string().optional(),
        digest: z.string().optional(),
        writer: z.string().optional(),
        isTainted: z.boolean(),
      }),
    ),
    channels: z.array(z.object({ agent: z.string(), channel: z.string(), broughtTaint: z.boolean() })),
    edges: z.array(
      z.object({ from: z.string(), to: z.string(), verdict: z.enum(['tainted', 'undecided', 'cleared']) }),
    ),
    destinations: z.array(z.object({ agent: z.string(), name: z.string() })),
  })
  .meta({ id: 'ResponseScope' })

const params = z.object({ incident: z.string() })

/** What an incident reached. */
export const scopingRoutes = {
  getResponseScope: {
    method: 'GET',
    path: '/api/v1/incidents/{incident}/response-scope',
    access: 'viewer',
    summary: 'What an incident reached, by what could be taken away: agents, identities, tools, items, channels, edges',
    params,
    query: z.object({}),
    response: responseScopeSchema,
  },
} as const

import { DEMO_STORY_STATES } from '@holdfast/model'
import { z } from 'zod'
import { rfc3339Schema } from './schemas.ts'

const none = z.object({})
const nameSchema = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/)
const detailSchema = z.string().max(1_000)

const storySchema = z.object({
  name: nameSchema,
  cluster: z.string().meta({ description: 'cluster of its agents' }),
  account: z.string().meta({ description: 'cloud account of its roles' }),
  state: z.enum(DEMO_STORY_STATES),
  detail: z.string(),
  since: rfc3339Schema.meta({ description: 'in this state' }),
  incident: z.string().optional(),
  agent: z.string().optional().meta({ description: 'the first agent of its cluster that was heard' }),
  ended: z.string().optional().meta({ description: 'why its agent, which was to go on, ended with the story' }),
})

const demoSchema = z
  .object({
    id: z.string(),
    beganAt: rfc3339Schema,
    by: z.string(),
    entry: z.int().meta({ description: 'log position of its record' }),
    stories: z.array(storySchema),
  })
  .meta({ id: 'Demo' })

const removedSchema = z.object({
  id: z.string(),
  at: rfc3339Schema,
  by: z.string(),
  entry: z.int(),
  agents: z.int(),
  incidents: z.int(),
  entries: z.int().meta({ description: 'log entries whose content was destroyed; their leaves and proofs stay' }),
  keys: z.int(),
})

export type DemoWire = z.output<typeof demoSchema>

/** Demo data: what is there of it, how far its stories are, and its removal. */
export const demoRoutes = {
  getDemo: {
    method: 'GET',
    path: '/api/v1/demo',
    access: 'viewer',
    summary: 'Demo data that is there, how far its stories are, and what was removed',
    params: none,
    query: none,
    response: z.object({
      items: z.array(demoSchema),
      removed: z.array(removedSchema),
      hasOwnAgents: z.boolean().meta({ description: 'an agent was heard that is of no demo' }),
      removing: z
        .object({ agents: z.int().meta({ description: 'whose content is destroyed already' }), of: z.int() })
        .optional()
        .meta({ description: 'how far a removal is that goes on' }),
    }),
  },
  beginDemo: {
    method: 'POST',
    path: '/api/v1/demo',
    access: 'admin',
    summary: 'Begins a demo: draws the names that mark its data. Recorded first',
    params: none,
    query: none,
    body: z.object({ stories: z.array(nameSchema).min(1).max(8) }),
    response: demoSchema,
  },
  tellDemo: {
    method: 'POST',
    path: '/api/v1/demo/{demo}/stories/{story}',
    access: 'admin',
    summary: 'Says how far a story is',
    params: z.object({ demo: z.string(), story: nameSchema }),
    query: none,
    body: z.object({
      state: z.enum(DEMO_STORY_STATES).exclude(['waiting']),
      detail: detailSchema.default(''),
      incident: z.string().max(200).optional(),
      ended: detailSchema.optional(),
    }),
    response: z.object({ entry: z.int() }),
  },
  removeDemo: {
    method: 'DELETE',
    path: '/api/v1/demo',
    access: 'responder',
    summary: 'Destroys the content of all demo data and lists nothing of it any more; leaves and proofs stay',
    params: none,
    query: none,
    response: z.object({ removed: z.array(removedSchema) }),
  },
} as const

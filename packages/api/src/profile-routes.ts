import { z } from 'zod'
import {
  baselineSchema,
  dimensionSchema,
  markRequestSchema,
  observedAgentSchema,
  paritySchema,
  profileEntrySchema,
  proofSchema,
  statementSchema,
} from './profile-schemas.ts'

const none = z.object({})
const agentParams = z.object({ agent: z.string() })
const instant = {
  at: z.iso.datetime({ offset: true }).optional().meta({ description: 'as claimed by then; the newest unless told' }),
}

/** What agents normally do: convergence, entries with their proofs, marks, tracks. */
export const profileRoutes = {
  getBaseline: {
    method: 'GET',
    path: '/api/v1/agents/{agent}/baseline',
    access: 'viewer',
    summary: 'Convergence of a profile by dimension and day, with its verdict',
    params: agentParams,
    query: z.object(instant),
    response: baselineSchema,
  },
  listProfileEntries: {
    method: 'GET',
    path: '/api/v1/agents/{agent}/profile',
    access: 'viewer',
    summary: 'Entries of a profile with their age, the most seen first',
    params: agentParams,
    query: z.object({
      ...instant,
      dimension: dimensionSchema.optional(),
      state: z.enum(['current', 'stale', 'left-out', 'new']).optional(),
      q: z.string().max(300).optional(),
      offset: z.coerce.number().int().min(0).optional(),
      limit: z.coerce.number().int().min(1).max(1_000).optional(),
    }),
    response: z.object({ items: z.array(profileEntrySchema), total: z.int() }),
  },
  listProfileProofs: {
    method: 'GET',
    path: '/api/v1/agents/{agent}/profile/proofs',
    access: 'viewer',
    summary: 'Log entries and events that prove one entry, the earliest recorded first',
    params: agentParams,
    query: z.object({
      dimension: dimensionSchema,
      key: z.string().min(1).max(1_000),
      after: z.coerce.number().int().min(-1).optional().meta({ description: 'log position' }),
      limit: z.coerce.number().int().min(1).max(100).optional(),
    }),
    response: z.object({ items: z.array(proofSchema), nextAfter: z.int().optional() }),
  },
  markProfile: {
    method: 'POST',
    path: '/api/v1/agents/{agent}/profile/marks',
    access: 'admin',
    summary: 'Takes what an incident tainted out of a profile, puts it back, or starts over',
    params: agentParams,
    query: none,
    body: markRequestSchema,
    response: z.object({ markId: z.string(), entry: z.int() }),
  },
  stateAgent: {
    method: 'POST',
    path: '/api/v1/agents/{agent}/statements',
    access: 'admin',
    summary: 'States of an agent what behaviour does not show: class, track, data classes, owner',
    params: agentParams,
    query: none,
    body: statementSchema,
    response: z.object({ entry: z.int() }),
  },
  getParity: {
    method: 'GET',
    path: '/api/v1/agents/{agent}/parity',
    access: 'viewer',
    summary: 'Which declared tools and destinations staging has shown',
    params: agentParams,
    query: z.object({ staging: z.string().max(600) }),
    response: paritySchema,
  },
  promoteProfile: {
    method: 'POST',
    path: '/api/v1/agents/{agent}/promotion',
    access: 'admin',
    summary: 'Lets a profile built in staging stand for production; refused while parity misses anything',
    params: agentParams,
    query: none,
    body: z.object({ staging: z.string().max(600), reason: z.string().min(1).max(1_000) }),
    response: paritySchema,
  },
  listObserved: {
    method: 'GET',
    path: '/api/v1/observed-agents',
    access: 'viewer',
    summary: 'Who is under observation now, with data classes and elapsed exposure',
    params: none,
    query: none,
    response: z.object({ items: z.array(observedAgentSchema), agents: z.int(), asOf: z.string() }),
  },
} as const

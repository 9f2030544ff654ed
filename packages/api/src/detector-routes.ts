import { z } from 'zod'
import { rfc3339Schema } from './schemas.ts'

const none = z.object({})
const reasonSchema = z.string().min(1).max(1_000)
const count = z.int().min(0)

const keptSchema = z.object({
  confirmed: z.object({ found: count, cases: count }),
  ordinary: z.object({ called: count, cases: count }),
})

const cardSchema = z
  .object({
    confirmed: count,
    dismissed: count,
    ordinary: count,
    agents: count.meta({ description: 'agents whose incidents were learned from' }),
    goals: count,
    goalsRefused: z.array(z.object({ incident: z.string(), ordinaryCases: count, such: z.array(z.string()) })),
    kept: z
      .object({ before: keptSchema, after: keptSchema })
      .meta({ description: 'on cases that were kept back from training' }),
  })
  .meta({ id: 'DataCard' })

const rowSchema = z
  .object({
    version: z.int().meta({ description: '0 is what ships' }),
    inForce: z.boolean(),
    outdated: z
      .literal(true)
      .optional()
      .meta({ description: 'its weights are of a form that this program does not understand: train anew' }),
    at: rfc3339Schema.optional(),
    by: z.string().optional(),
    reason: z.string().optional(),
    entry: z.int().optional().meta({ description: 'log position' }),
    goals: count,
    card: cardSchema
      .optional()
      .meta({ description: 'absent for what ships: docs/detection.md says what it was learned from' }),
  })
  .meta({ id: 'DetectorVersion' })

const channelSchema = z.object({
  basis: z.enum(['instruction', 'destination', 'behaviour']),
  features: z.array(z.object({ name: z.string(), weight: z.number() })),
  bias: z.number(),
  threshold: z.number().nullable(),
})

const goalSchema = z
  .object({
    incidents: z.array(z.string()),
    count,
    agent: z.string(),
    deeds: z.array(z.string()).meta({ description: 'words of the tools, as concepts' }),
    words: count.meta({ description: 'salted digests of what was named' }),
    destinations: count,
  })
  .meta({ id: 'LearnedGoal' })

export type DetectorVersionWire = z.output<typeof rowSchema>

/** What people say of incidents, and what is learned from it. */
export const detectorRoutes = {
  decideIncident: {
    method: 'POST',
    path: '/api/v1/incidents/{incident}/decision',
    access: 'analyst',
    summary: 'Confirms or dismisses an incident, or takes that back: recorded, learned from, and hiding nothing',
    params: z.object({ incident: z.string().max(200) }),
    query: none,
    body: z.object({ decision: z.enum(['confirmed', 'dismissed', 'withdrawn']), reason: reasonSchema }),
    response: z.object({ entry: z.int() }),
  },
  trainDetector: {
    idempotencyKey: true,
    method: 'POST',
    path: '/api/v1/detectors',
    access: 'admin',
    summary: 'Learns from confirmed incidents; a version is accepted only if it is no worse on kept cases',
    params: none,
    query: none,
    body: z.object({ reason: reasonSchema }),
    response: z.object({
      status: z.enum(['accepted', 'refused']),
      version: z.int().optional(),
      why: z.string().optional(),
      card: cardSchema,
    }),
  },
  listDetectors: {
    method: 'GET',
    path: '/api/v1/detectors',
    access: 'viewer',
    summary: 'Versions of the detector, the newest first',
    params: none,
    query: none,
    response: z.object({ items: z.array(rowSchema) }),
  },
  getDetector: {
    method: 'GET',
    path: '/api/v1/detectors/{version}',
    access: 'viewer',
    summary: 'One version of the detector: its weights by feature, and the goals it has learned',
    params: z.object({ version: z.string().max(20).meta({ description: 'a number, or `current`' }) }),
    query: none,
    response: rowSchema.extend({ channels: z.array(channelSchema), learned: z.array(goalSchema) }),
  },
} as const

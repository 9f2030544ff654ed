import { z } from 'zod'
import { clockSchema, rfc3339Schema, trustTierSchema } from './schemas.ts'

const none = z.object({})

/** What can be said of an agent at a glance, the worst first. An agent may bear several; the first is the one it is drawn by. */
export const FLEET_MARKS = [
  'incident',
  'contained',
  'contaminated',
  'non-convergent',
  'silent',
  'observing',
  'converged',
  'no-profile',
  'unread',
  'capture-off',
  'own-word',
  'shadow',
] as const
export type FleetMark = (typeof FLEET_MARKS)[number]

const markSchema = z.enum(FLEET_MARKS).meta({
  description:
    'incident: one is open; contained: held now; contaminated: a time is taken out of its profile; non-convergent, observing, converged: its profile; no-profile: nothing to profile was seen; unread: its profile was not read yet; silent: a live agent of whom nothing was recorded for a day; capture-off: none of its contents was captured; own-word: only the agent itself tells of it; shadow: nobody declared it, and it calls a model, or holds a grant or has no owner in a directory',
})

const observedSchema = z.object({
  since: rfc3339Schema,
  days: z.int(),
  ofDays: z.int().meta({ description: 'days before which nothing converges' }),
  observations: z.int(),
  ofObservations: z.int(),
  hours: z.number().meta({ description: 'since the first observation: for so long it has been an exposure' }),
})

const rowSchema = z
  .object({
    agent: z.string(),
    name: z.string().meta({ description: 'untrusted' }),
    class: z.string(),
    marks: z.array(markSchema).meta({ description: 'the worst first' }),
    verdict: z.string().optional().meta({ description: 'of its profile, in words' }),
    observed: observedSchema.optional(),
    incidents: z.array(z.string()).meta({ description: 'open ones, at most 10' }),
    rung: z.string().optional().meta({ description: 'on which it is held' }),
    clocks: z.array(clockSchema),
    tier: trustTierSchema.meta({ description: 'strongest that speaks of it' }),
    events: z.int(),
    contents: z.object({ captured: z.int(), all: z.int() }),
    lastSeen: rfc3339Schema,
  })
  .meta({ id: 'FleetRow' })

export type FleetRow = z.output<typeof rowSchema>

const countSchema = z.object({ mark: markSchema, agents: z.int() })

const blindSpotSchema = z.object({
  id: z.string(),
  title: z.string(),
  detail: z.string().meta({ description: 'names of platforms and hosts are untrusted' }),
  count: z.int(),
  of: z.int().optional(),
  remedy: z.string().optional(),
  mark: markSchema.optional().meta({ description: 'that lists the agents' }),
})

export type BlindSpotWire = z.output<typeof blindSpotSchema>

const fleetSchema = z
  .object({
    asOf: rfc3339Schema.meta({ description: 'when agents were read; at most some seconds ago' }),
    agents: z.object({
      total: z.int(),
      read: z.int().meta({ description: 'looked at; the others, the longest silent, are in no count' }),
      unread: z.int().meta({ description: 'whose profile was not read yet: ask again' }),
    }),
    marks: z.array(countSchema),
    classes: z.array(z.object({ class: z.string(), agents: z.int(), marks: z.array(countSchema) })),
    tiles: z.array(rowSchema).meta({ description: 'by class, the worst first; at most 400' }),
    observing: z.array(rowSchema).meta({ description: 'under observation, the longest first; at most 20' }),
    incidents: z.object({
      open: z.int(),
      truncated: z.boolean().meta({ description: 'more were there than were looked at' }),
    }),
    blind: z.array(blindSpotSchema),
    ingest: z.object({
      state: z.enum(['receiving', 'silent', 'never']).meta({ description: 'silent: nothing for an hour' }),
      last: rfc3339Schema.optional().meta({ description: 'when something was recorded last' }),
      hours: z
        .array(z.object({ from: rfc3339Schema, records: z.int(), bytes: z.int() }))
        .meta({ description: 'the last 24, the oldest first; records of the product itself are not among them' }),
      lag: z.int().meta({ description: 'entries recorded and not folded yet' }),
      refused: z.int(),
      lost: z.int(),
      duplicates: z.int(),
      reasons: z
        .array(z.object({ reason: z.string(), requests: z.int() }))
        .meta({ description: 'why requests were refused since the server started' }),
    }),
    integrity: z.object({
      size: z.int(),
      checkpoint: z.int(),
      checkpointAgeMs: z.number(),
      gaps: z.int(),
      freeBytes: z.int(),
      runwayDays: z.number().optional().meta({ description: 'at least' }),
      rateHours: z.number().optional().meta({ description: 'hours of records that the rate was counted from' }),
    }),
  })
  .meta({ id: 'Fleet' })

export type FleetWire = z.output<typeof fleetSchema>

/** All agents together, for whoever looks rather than reads. */
export const fleetRoutes = {
  getFleet: {
    method: 'GET',
    path: '/api/v1/fleet',
    access: 'viewer',
    summary: 'Agents by class and state, who is under observation, blind spots, ingest and integrity',
    params: none,
    query: none,
    response: fleetSchema,
  },
  listFleetAgents: {
    method: 'GET',
    path: '/api/v1/fleet/agents',
    access: 'viewer',
    summary: 'The agents behind a count of the fleet, the worst first',
    params: none,
    query: z.object({
      class: z.string().max(40).optional(),
      mark: markSchema.optional(),
      q: z.string().max(200).optional(),
      offset: z.coerce.number().int().min(0).optional(),
      limit: z.coerce.number().int().min(1).max(1_000).optional().meta({ description: '100 unless told' }),
    }),
    response: z.object({ items: z.array(rowSchema), total: z.int(), asOf: rfc3339Schema }),
  },
} as const

import { z } from 'zod'
import { rfc3339Schema } from './schemas.ts'

const none = z.object({})
const reasonSchema = z.string().trim().min(1).max(1_000)
const agentParams = z.object({ agent: z.string() })
const count = z.int().min(0)

const baselineSchema = z.object({
  version: z.string(),
  origin: z.enum(['production', 'clean-staging']),
  observedFrom: rfc3339Schema,
  observedUntil: rfc3339Schema,
  mode: z.enum(['monitoring', 'enforcement']),
})

const recoveringSchema = z
  .object({
    agent: z.string(),
    name: z.string(),
    profile: z
      .object({ observedFrom: z.string(), observedUntil: z.string(), status: z.string() })
      .optional()
      .meta({ description: 'absent where nothing of its behaviour was observed' }),
    contaminated: z
      .object({ since: rfc3339Schema, until: rfc3339Schema.optional() })
      .optional()
      .meta({ description: 'from when on its profile is not to be trusted; until: since when it is clean again' }),
    restore: z
      .object({ allowed: z.boolean(), why: z.string() })
      .meta({ description: 'whether the profile as it is now may be brought back' }),
    mode: z.object({ mode: z.string(), by: z.string(), at: rfc3339Schema, entry: z.int() }).optional(),
    staging: z
      .object({ agent: z.string(), parity: z.enum(['passed', 'refused']), reason: z.string(), status: z.string() })
      .optional(),
    monitoredHours: count.optional(),
    recurrences: count
      .optional()
      .meta({ description: 'incidents and attempts of the type of which an act was logged since it came back' }),
    recurred: z
      .array(z.object({ incident: z.string(), entry: z.int(), at: rfc3339Schema.optional() }))
      .optional()
      .meta({
        description: 'the latest of them, each with the log position of its last act and when that claims to be',
      }),
    build: z.object({ stated: z.string(), running: z.array(z.string()), matches: z.boolean() }).optional(),
    grants: z.object({ exercisedUncovered: count, unusedExcess: count }).optional(),
  })
  .meta({ id: 'RecoveringAgent' })

export type RecoveringAgent = z.output<typeof recoveringSchema>

const recoverySchema = z
  .object({
    incident: z.string(),
    since: rfc3339Schema.meta({
      description: 'the first tainted input, by its claimed time: from here on profiles would be marked',
    }),
    sinceEntry: z.int().optional().meta({ description: 'log position that shows it' }),
    agents: z.array(recoveringSchema),
  })
  .meta({ id: 'Recovery' })

export type RecoveryWire = z.output<typeof recoverySchema>

/** How agents come back after an incident: from when on their profiles are tainted, and what they return on. */
export const recoveryRoutes = {
  getRecovery: {
    method: 'GET',
    path: '/api/v1/incidents/{incident}/recovery',
    access: 'viewer',
    summary: 'From when on profiles are tainted, and how far each agent has come back',
    params: z.object({ incident: z.string().max(200) }),
    query: none,
    response: recoverySchema,
  },
  markContaminated: {
    idempotencyKey: true,
    method: 'POST',
    path: '/api/v1/incidents/{incident}/recovery',
    access: 'responder',
    summary: 'Marks the profiles of the agents of an incident from its first tainted input on; nothing is deleted',
    params: z.object({ incident: z.string().max(200) }),
    query: none,
    body: z.object({
      since: rfc3339Schema.optional().meta({ description: 'the proposed time unless told' }),
      reason: reasonSchema,
    }),
    response: recoverySchema,
  },
  restoreBaseline: {
    method: 'POST',
    path: '/api/v1/agents/{agent}/baseline/restore',
    access: 'responder',
    summary:
      'Brings a profile back as it was at a time; refused with 409 and the reason where it saw an incident, which is recorded',
    params: agentParams,
    query: none,
    body: z.object({ at: rfc3339Schema, reason: reasonSchema }),
    response: baselineSchema,
  },
  rebuildBaseline: {
    method: 'POST',
    path: '/api/v1/agents/{agent}/baseline/rebuild',
    access: 'responder',
    summary:
      'Starts a profile over on one from clean staging whose parity gate passed; the agent comes back in monitoring',
    params: agentParams,
    query: none,
    body: z.object({
      staging: z.string().max(600),
      at: rfc3339Schema.optional().meta({ description: 'when it came back, by its own clock; now unless told' }),
      reason: reasonSchema,
    }),
    response: baselineSchema,
  },
} as const

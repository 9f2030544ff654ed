import { z } from 'zod'

const none = z.object({})

const constraintSchema = z.object({
  means: z.enum(['given', 'part', 'absent']).meta({ description: 'what the platform itself lets be known or done' }),
  api: z.string().meta({ description: 'the API that gives it; of what is absent, the one that there is not' }),
  reason: z.string(),
})

const platformSchema = z
  .object({
    name: z.string(),
    platform: z.enum(['bedrock', 'vertex', 'foundry']),
    reaches: z.string(),
    swept: z.string().optional().meta({ description: 'when it was last read since the server started, RFC 3339' }),
    report: z
      .object({
        calls: z.array(z.object({ api: z.string(), answers: z.int() })),
        agents: z.int(),
        changes: z
          .array(z.object({ api: z.string(), added: z.array(z.string()), missing: z.array(z.string()) }))
          .meta({ description: 'fields that are not as documented; all of the answer is recorded' }),
        failures: z.array(z.object({ api: z.string(), why: z.string() })),
        delay: z
          .object({ records: z.int(), p50Ms: z.number(), p95Ms: z.number(), mostMs: z.number() })
          .optional()
          .meta({ description: 'from an act to its record, by the two times of the provider' }),
        leftOut: z.int(),
      })
      .optional(),
    clock: z
      .object({
        clockMs: z.int(),
        status: z.enum(['reachable', 'unreachable', 'unknown']),
        why: z.string(),
        proposal: z.string().optional(),
      })
      .meta({ description: 'whether what it tells can be in time for containment' }),
    constraints: z.array(constraintSchema.extend({ capability: z.string() })),
    kernel: constraintSchema,
  })
  .meta({ id: 'ManagedPlatform' })

export type ManagedPlatformWire = z.output<typeof platformSchema>

/** Platforms that host agents: they are read and never changed. */
export const managedRoutes = {
  listManagedPlatforms: {
    method: 'GET',
    path: '/api/v1/managed-platforms',
    access: 'viewer',
    summary: 'Platforms that host agents, what was read of them, and what they give no means for; asks none of them',
    params: none,
    query: none,
    response: z.object({ items: z.array(platformSchema) }),
  },
  sweepManagedPlatforms: {
    method: 'POST',
    path: '/api/v1/managed-platforms/sweep',
    access: 'responder',
    summary: 'Reads agents and telemetry of all of them now',
    params: none,
    query: none,
    body: none,
    response: z.object({ items: z.array(platformSchema) }),
  },
} as const

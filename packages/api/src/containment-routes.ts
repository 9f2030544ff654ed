import { z } from 'zod'
import { envelopeSchema, nanoSchema } from './schemas.ts'

const none = z.object({})
const rungSchema = z.enum(['watch', 'restrict', 'soft-quarantine', 'pause', 'stop', 'kill'])
const portSchema = { port: z.int().min(0).max(65_535), protocol: z.enum(['tcp', 'udp']) }
const addressSchema = z.object({
  address: z.union([z.ipv4(), z.ipv6()]),
  prefix: z.int().min(0).max(128),
  ...portSchema,
})
const nameSchema = z.object({
  name: z
    .string()
    .max(253)
    .regex(/^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})+$/)
    .meta({ description: 'DNS name, whole and in lower case' }),
  ...portSchema,
})
const allowSchema = z.union([addressSchema, nameSchema])

const requestSchema = z.object({
  target: z.string().min(1).max(600).meta({ description: 'agent id, agent name or run' }),
  rung: rungSchema,
  reason: z.string().min(1).max(1_000),
  ttlMs: z
    .int()
    .min(0)
    .max(30 * 24 * 3_600_000)
    .meta({ description: '0 never ends by itself' }),
  allow: z.array(allowSchema).max(256),
})

const planSchema = z.object({
  target: z.string(),
  agent: z.string(),
  agentName: z.string(),
  run: z.string().optional(),
  sensor: z.string(),
  paths: z.array(z.string()),
  rung: rungSchema,
  reason: z.string(),
  ttlMs: z.int(),
  allow: z.array(allowSchema),
  envelope: envelopeSchema.optional(),
  evidence: z.object({ logSize: z.int(), rootHash: z.string(), completeness: z.number() }),
})

const stateSchema = z.enum(['requested', 'applied', 'confirmed', 'failed', 'refused', 'released'])
const checkSchema = z.object({ way: z.string(), held: z.boolean(), detail: z.string() })

export const containmentSchema = z
  .object({
    containment: z.string(),
    state: stateSchema,
    by: z.string(),
    planHash: z.string(),
    plan: planSchema,
    detail: z.string(),
    checks: z.array(checkSchema),
    response: z
      .object({ plan: z.string(), step: z.string() })
      .optional()
      .meta({ description: 'the step of a response plan that it carries out' }),
    since: nanoSchema.meta({ description: 'when its first step was recorded' }),
    endsAt: nanoSchema.optional().meta({ description: 'when it ends by itself; absent where it never does' }),
    steps: z
      .array(
        z.object({
          state: stateSchema,
          by: z.string(),
          detail: z.string(),
          at: nanoSchema,
          checks: z.array(checkSchema),
        }),
      )
      .meta({ description: 'what was recorded of it, the newest 50, in their order' }),
    expired: z.boolean().meta({ description: 'its time limit is over' }),
  })
  .meta({ id: 'Containment' })

/** Holding agents: each step is on record before the next is taken. */
export const containmentRoutes = {
  planContainment: {
    method: 'POST',
    path: '/api/v1/containments/plan',
    access: 'responder',
    summary: 'What would be done, on which evidence; nothing is',
    params: none,
    query: none,
    body: requestSchema,
    response: z.object({ plan: planSchema, planHash: z.string(), obstacles: z.array(z.string()) }),
  },
  applyContainment: {
    idempotencyKey: true,
    method: 'POST',
    path: '/api/v1/containments',
    access: 'responder',
    summary: 'Plans, approves as the caller, applies, and waits for the probe',
    params: none,
    query: none,
    body: requestSchema.extend({
      planHash: z.string().optional().meta({ description: 'refused where the plan is another one by now' }),
    }),
    response: containmentSchema,
  },
  confirmContainment: {
    method: 'POST',
    path: '/api/v1/containments/{containment}/confirm',
    access: 'responder',
    summary: 'Tries again whether it holds',
    params: z.object({ containment: z.string() }),
    query: none,
    body: none,
    response: containmentSchema,
  },
  releaseContainment: {
    method: 'POST',
    path: '/api/v1/containments/{containment}/release',
    access: 'responder',
    summary: 'Ends it',
    params: z.object({ containment: z.string() }),
    query: none,
    body: z.object({ reason: z.string().min(1).max(1_000) }),
    response: containmentSchema,
  },
  listContainments: {
    method: 'GET',
    path: '/api/v1/containments',
    access: 'viewer',
    summary: 'Containments, the newest first, each as its last step left it',
    params: none,
    query: z.object({ target: z.string().max(600).optional() }),
    response: z.object({
      items: z.array(containmentSchema),
      older: z.int().meta({ description: 'older ones, all of them over, that only the log has' }),
    }),
  },
} as const

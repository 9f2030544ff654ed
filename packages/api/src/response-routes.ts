import { INCIDENT_TYPES, RUNGS, TRUST_TIERS } from '@holdfast/model'
import { z } from 'zod'
import { ladderRoutes } from './ladder-routes.ts'
import { envelopeSchema, nanoSchema } from './schemas.ts'
import { updatedSince } from './updated-since.ts'

const none = z.object({})
const rungSchema = z.enum(RUNGS)
const roleSchema = z.enum(['analyst', 'on-call', 'service-owner', 'ai-engineering', 'compliance'])
const reasonSchema = z.string().trim().min(1).max(1_000)
const hashSchema = z.string().regex(/^[0-9a-f]{64}$/)
const stepStateSchema = z.enum(['planned', 'requested', 'applied', 'confirmed', 'failed', 'released'])

const stepSchema = z.object({
  id: z.string(),
  provider: z.string(),
  agent: z.string(),
  target: z.object({
    kind: z.string(),
    name: z.string(),
    parts: z.array(z.string()).optional().meta({ description: 'what exactly of it' }),
    envelope: envelopeSchema.optional(),
    state: z
      .string()
      .meta({ description: 'digest of the target; another one at the time of applying is another target' }),
  }),
  deed: z.union([
    z.object({ kind: z.literal('rung'), rung: rungSchema }),
    z.object({ kind: z.literal('cut'), cut: z.string(), surface: z.string(), verb: z.string() }),
  ]),
  isReversible: z.boolean(),
  ttlMs: z.int().meta({ description: '0 never ends by itself' }),
  preview: z.string().meta({ description: 'what it would do, in the words of who does it' }),
  state: stepStateSchema.meta({ description: 'applied is a claim; confirmed is what a probe found' }),
  effect: z.enum(['none', 'unknown', 'claimed', 'probed', 'leaks']),
  detail: z.string(),
  probes: z.array(z.object({ way: z.string(), held: z.boolean(), detail: z.string() })),
  heldAt: nanoSchema.optional().meta({ description: 'when probes first found it held, whatever became of it since' }),
  entries: z.array(z.int()).meta({ description: 'log positions of what became of it' }),
})

export const responsePlanSchema = z
  .object({
    hash: hashSchema,
    etag: z.string().meta({
      description: 'another one after everything that becomes of it; in quotes it is the If-Match of approve and apply',
    }),
    incident: z.string(),
    type: z.enum(INCIDENT_TYPES),
    row: z.int(),
    judgedAt: z.int().meta({ description: 'log position up to which the incident was judged' }),
    tier: z.enum(TRUST_TIERS),
    state: z.enum(['planned', 'under-way', 'confirmed', 'partial', 'failed', 'released']),
    words: z.string(),
    approval: z.object({
      kind: z.enum(['automatic', 'people']),
      roles: z.array(roleSchema),
      people: z.int().meta({ description: 'at least so many different people' }),
      given: z.array(z.object({ by: z.string(), role: roleSchema, at: nanoSchema })),
      missing: z.array(z.string()),
    }),
    signatures: z
      .array(z.object({ by: z.string(), reason: z.string(), at: nanoSchema }))
      .meta({ description: 'who signed that a kill may lose what is not complete; it takes two' }),
    steps: z.array(stepSchema),
    left: z.array(z.object({ what: z.string(), why: z.string() })).meta({ description: 'of the decision, and why' }),
    duties: z.array(z.string()),
    why: z.array(z.string()),
    seal: z.object({ size: z.int(), rootHash: z.string() }).meta({ description: 'the log as it was fixed before' }),
    completeness: z.number(),
    requestedBy: z.string(),
    plannedAt: nanoSchema,
    validUntil: nanoSchema.meta({ description: 'after this it is stale and not applied' }),
    graphAt: nanoSchema.meta({ description: 'the deadline counts from here' }),
    deadline: nanoSchema.optional(),
    appliedAt: nanoSchema.optional(),
    appliedBy: z.string().optional().meta({ description: 'absent: the program, by the policy' }),
    confirmedAt: nanoSchema.optional().meta({ description: 'when the last of its steps was confirmed' }),
    endsAt: nanoSchema.optional().meta({ description: 'when the last of it ends by itself' }),
    history: z.array(z.object({ do: z.string(), by: z.string(), at: nanoSchema, entry: z.int(), words: z.string() })),
  })
  .meta({ id: 'ResponsePlan' })

export type ResponsePlanWire = z.output<typeof responsePlanSchema>

const policySchema = z.object({
  automatic: z
    .enum(['off', 'reversible', 'table'])
    .meta({ description: 'what the ladder lets go by itself: nothing, what can be undone, or all of it' }),
  twoPerson: z
    .object({ rungs: z.array(rungSchema).max(RUNGS.length), agents: z.array(z.string().min(1).max(600)).max(1_000) })
    .meta({ description: 'two people say yes to these, whatever the ladder says' }),
  agentsAMinute: z.int().min(1).max(10).meta({ description: 'agents held in a minute without a person' }),
})

const decidedPolicySchema = z
  .object({
    policy: policySchema,
    by: z.string().optional().meta({ description: 'absent: nobody has decided' }),
    reason: z.string(),
    entry: z.int().optional(),
  })
  .meta({ id: 'ResponsePolicy' })

export type ResponsePolicyWire = z.output<typeof decidedPolicySchema>

const planParams = z.object({ plan: hashSchema })

/** What is done about incidents: plans over several systems, and what of them goes without a person. */
export const responseRoutes = {
  makeResponsePlan: {
    idempotencyKey: true,
    method: 'POST',
    path: '/api/v1/incidents/{incident}/plans',
    access: 'analyst',
    summary: 'Seals the evidence and plans what the ladder asks for; nothing is done',
    params: z.object({ incident: z.string() }),
    query: none,
    body: z.object({
      told: ladderRoutes.planIncident.query
        .omit({ forecast: true })
        .optional()
        .meta({ description: 'answers that go before what is known' }),
      rung: rungSchema.optional().meta({ description: 'another rung than the ladder’s, as a person wants it' }),
      ttlMs: z
        .int()
        .min(1_000)
        .max(30 * 24 * 3_600_000)
        .optional(),
    }),
    response: responsePlanSchema,
  },
  listResponsePlans: {
    method: 'GET',
    path: '/api/v1/incidents/{incident}/plans',
    access: 'viewer',
    summary: 'Plans of an incident, the newest first',
    params: z.object({ incident: z.string() }),
    query: z.object(updatedSince('those that something became of since')),
    response: z.object({ items: z.array(responsePlanSchema) }),
  },
  listPlans: {
    method: 'GET',
    path: '/api/v1/plans',
    access: 'viewer',
    summary: 'Plans of all incidents, the newest first',
    params: none,
    query: z.object({
      ...updatedSince('those that something became of since'),
      standing: z.enum(['true']).optional().meta({ description: 'those of which something is in effect, or may be' }),
      limit: z.coerce.number().int().min(1).max(500).optional(),
    }),
    response: z.object({ items: z.array(responsePlanSchema), total: z.int() }),
  },
  getResponsePlan: {
    method: 'GET',
    path: '/api/v1/plans/{plan}',
    access: 'viewer',
    summary: 'One plan with everything that became of it',
    params: planParams,
    query: none,
    etag: 'of-member',
    response: responsePlanSchema,
  },
  approveResponsePlan: {
    ifMatch: true,
    method: 'POST',
    path: '/api/v1/plans/{plan}/approve',
    access: 'analyst',
    summary: 'Says yes to it in one role; refused with 409 and every reason',
    params: planParams,
    query: none,
    body: z.object({ role: roleSchema }),
    response: responsePlanSchema,
  },
  signResponsePlan: {
    method: 'POST',
    path: '/api/v1/plans/{plan}/override',
    access: 'responder',
    summary: 'One of two people who sign that its kill may lose what is not complete',
    params: planParams,
    query: none,
    body: z.object({ reason: reasonSchema }),
    response: responsePlanSchema,
  },
  applyResponsePlan: {
    ifMatch: true,
    method: 'POST',
    path: '/api/v1/plans/{plan}/apply',
    access: 'responder',
    summary:
      'Carries it out and waits for the probes; refused with 409 and every reason, and with 400 where words are missing',
    params: planParams,
    query: none,
    body: z.object({
      reason: reasonSchema
        .optional()
        .meta({ description: 'why, for the record; asked for where it cannot be undone or freezes a credential' }),
      name: z.string().max(20_000).optional().meta({
        description: 'names of the Deployments that it ends, with a comma between; asked for where it ends any',
      }),
    }),
    response: responsePlanSchema,
  },
  releaseResponsePlan: {
    method: 'POST',
    path: '/api/v1/plans/{plan}/release',
    access: 'responder',
    summary: 'Takes back what of it is in effect, or the named steps alone',
    params: planParams,
    query: none,
    body: z.object({
      reason: reasonSchema,
      steps: z
        .array(z.string().max(200))
        .min(1)
        .max(256)
        .optional()
        .meta({ description: 'ids of steps; all unless told' }),
    }),
    response: responsePlanSchema,
  },
  getResponsePolicy: {
    method: 'GET',
    path: '/api/v1/response-policy',
    access: 'viewer',
    summary: 'What may be done about an incident without a person',
    params: none,
    query: none,
    etag: 'of-bytes',
    response: decidedPolicySchema,
  },
  putResponsePolicy: {
    method: 'PUT',
    path: '/api/v1/response-policy',
    access: 'admin',
    summary: 'Decides what may be done without a person; incidents of before stay with people',
    params: none,
    query: none,
    body: z.object({ policy: policySchema, reason: reasonSchema }),
    response: decidedPolicySchema,
  },
} as const

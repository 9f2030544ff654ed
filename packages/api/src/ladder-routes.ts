import { INCIDENT_TYPES, RUNGS } from '@holdfast/model'
import { z } from 'zod'

const rungSchema = z.enum(RUNGS)
const yesNo = z.enum(['yes', 'no']).optional()
const wordsSchema = z.array(z.string())

const approvalSchema = z.object({
  kind: z.enum(['automatic', 'people']),
  roles: wordsSchema.meta({ description: 'who is told, or who says yes: each of them' }),
  why: z.string(),
})

const alternativeSchema = z.object({
  rung: rungSchema,
  code: z.string(),
  stops: z.string(),
  keeps: z.string(),
  isReversible: z.boolean(),
  evidenceCost: z.string().meta({ description: 'what evidence it would cost now' }),
  whyNot: z.string(),
})

const responseDecisionSchema = z
  .object({
    incident: z.string(),
    type: z.enum(INCIDENT_TYPES),
    row: z.object({ number: z.int(), words: z.string() }).meta({ description: 'the row of the ladder that fired' }),
    rung: rungSchema,
    steps: z.array(
      z.object({
        rung: rungSchema,
        code: z.string(),
        stops: z.string(),
        isReversible: z.boolean(),
        gates: z.array(z.object({ gate: z.string(), isOpen: z.boolean(), waits: z.string(), words: z.string() })),
        approval: approvalSchema,
      }),
    ),
    isProvisional: z.boolean(),
    families: wordsSchema,
    cuts: z.array(
      z.object({
        id: z.string(),
        words: z.string(),
        surface: z.string(),
        verb: z.string(),
        isReversible: z.boolean(),
        because: z.string(),
        needsPerson: z.boolean(),
      }),
    ),
    offers: z.array(z.object({ id: z.string(), words: z.string() })),
    clock: z.string(),
    deadlineMs: z.number().optional().meta({ description: 'from the creation of the graph; absent: none or same day' }),
    deadline: z.enum(['within', 'same-day', 'none']),
    classifyWithinMs: z.number().optional(),
    rungs: z
      .array(
        z.object({
          rung: rungSchema,
          code: z.string(),
          standing: z.enum(['chosen', 'softer', 'harder']),
          why: z.string(),
          stops: z.string(),
          keeps: z.string(),
          isReversible: z.boolean(),
          undo: z.string(),
          cost: z.string().meta({ description: 'to those whom the agent serves' }),
          evidenceCost: z.string(),
          loses: wordsSchema.meta({ description: 'artifacts of which nothing more could be captured' }),
          duties: wordsSchema.meta({ description: 'regimes under which it is itself to be reported' }),
          ttlMs: z.int().meta({ description: '0 never ends by itself' }),
          afterTtl: z.string(),
        }),
      )
      .meta({ description: 'the whole ladder, softest first' }),
    whyNoPlan: z
      .array(z.object({ why: z.string(), what: wordsSchema }))
      .optional()
      .meta({
        description:
          'why no plan would come of the proposed rung now, the reason that says most first; absent where it was not asked for; untrusted',
      }),
    softer: alternativeSchema.optional(),
    harder: alternativeSchema.optional(),
    receivers: z.array(z.object({ receiver: z.string(), do: z.string(), words: z.string() })),
    duties: wordsSchema,
    overlays: z.array(z.object({ id: z.string(), words: z.string() })),
    assumptions: wordsSchema,
    inputs: z
      .array(z.object({ name: z.string(), value: z.string(), from: z.enum(['seen', 'stated', 'told', 'not-known']) }))
      .meta({ description: 'everything that it was chosen by, and who says so' }),
  })
  .meta({ id: 'ResponseDecision' })

export type ResponseDecisionWire = z.output<typeof responseDecisionSchema>

/** What the ladder says about an incident. Asking does nothing. */
export const ladderRoutes = {
  planIncident: {
    method: 'GET',
    path: '/api/v1/incidents/{incident}/plan',
    access: 'viewer',
    summary: 'Which rung and cuts an incident asks for, by when and by whose word, with the reasons; nothing is done',
    params: z.object({ incident: z.string() }),
    query: z.object({
      live: yesNo.meta({ description: 'somebody is being served now' }),
      restartable: yesNo,
      harm: z.enum(['fast', 'slow']).optional(),
      reversible: yesNo.meta({ description: 'the harm can be undone' }),
      reach: z.enum(['inside', 'neighbour', 'host']).optional(),
      narrow: z.string().min(1).max(200).optional().meta({ description: 'the one way that all harm took' }),
      duties: z.string().max(500).optional().meta({ description: 'ids of regimes, with commas' }),
      takeover: z
        .enum(['working', 'not-tried', 'failed'])
        .optional()
        .meta({ description: 'lives depend on the agent; whether people can take over' }),
      failedProbe: rungSchema.optional(),
      forecast: yesNo.meta({
        description: '`no` leaves out `whyNoPlan`, for which everybody who could hold something is asked',
      }),
    }),
    response: responseDecisionSchema,
  },
} as const

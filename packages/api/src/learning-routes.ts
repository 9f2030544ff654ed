import { z } from 'zod'
import { rfc3339Schema } from './schemas.ts'

const none = z.object({})
const reasonSchema = z.string().trim().min(1).max(1_000)
const count = z.int().min(0)

const caughtSchema = z
  .object({ attempt: count.optional(), incident: count.optional() })
  .meta({ description: 'number of the event with which it is first named, from 0; absent: never' })

const replayedSchema = z.object({ events: count, before: caughtSchema, after: caughtSchema })

const learningSchema = z
  .object({
    id: z.string().optional().meta({ description: 'absent where nothing was recorded' }),
    incident: z.string(),
    state: z.enum(['proposed', 'verified', 'refused', 'first-step', 'applied', 'withdrawn']),
    why: z.string(),
    by: z.string(),
    at: rfc3339Schema,
    entry: z.int().optional().meta({ description: 'log position of its latest step' }),
    rule: z
      .object({
        name: z.string(),
        text: z.string().meta({ description: 'the rule file; holds names of tools, which anybody may have chosen' }),
        words: z.string(),
        about: z.enum(['source', 'act']),
        match: z.array(z.int()).meta({ description: 'log positions that it meets in the chain' }),
      })
      .optional(),
    refinements: z.array(z.object({ agent: z.string(), positions: z.array(z.tuple([z.int(), z.int()])) })),
    figures: z
      .object({
        earlierSteps: count.meta({
          description: 'events before it is named that a rule could speak of and be tried on',
        }),
        chain: replayedSchema,
        variant: replayedSchema,
        ordinary: z.object({
          cases: count,
          comparable: count.meta({ description: 'those in which the change could have found something' }),
          newFindings: count,
        }),
      })
      .optional(),
    tried: z.object({ rules: count, ordinary: count }).optional().meta({
      description: 'rules that the chain suggests, and those of them that something ordinary meets',
    }),
    steps: z
      .array(z.object({ at: count, kind: z.string(), entry: z.int(), event: z.string() }))
      .meta({ description: 'the events that the figures name' }),
  })
  .meta({ id: 'Learning' })

export type LearningWire = z.output<typeof learningSchema>

const params = z.object({ incident: z.string().max(200) })

/** What incidents teach: proposed, held against a replay, applied, and taken back. */
export const learningRoutes = {
  learnFromIncident: {
    idempotencyKey: true,
    method: 'POST',
    path: '/api/v1/incidents/{incident}/learning',
    access: 'analyst',
    summary:
      'Derives a rule and what to cut from profiles, and replays the chain and a variant of it; nothing is changed yet',
    params,
    query: none,
    body: z.object({ reason: reasonSchema }),
    response: learningSchema,
  },
  listLearnings: {
    method: 'GET',
    path: '/api/v1/learnings',
    access: 'viewer',
    summary: 'What incidents taught, the latest first',
    params: none,
    query: z.object({ incident: z.string().max(200).optional() }),
    response: z.object({ items: z.array(learningSchema) }),
  },
  decideLearning: {
    method: 'POST',
    path: '/api/v1/learnings/{learning}',
    access: 'admin',
    summary: 'Applies what was verified, or withdraws what was applied; every case is then judged anew',
    params: z.object({ learning: z.string().max(100) }),
    query: none,
    body: z.object({ do: z.enum(['applied', 'withdrawn']), reason: reasonSchema }),
    response: learningSchema,
  },
} as const

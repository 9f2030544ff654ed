import { RUNGS } from '@holdfast/model'
import { z } from 'zod'
import { nanoSchema } from './schemas.ts'

const params = z.object({ incident: z.string() })
const none = z.object({})

const momentSchema = z.object({
  at: nanoSchema.meta({ description: 'of agents by the clock of who told of it, of all else when it was recorded' }),
  kind: z
    .enum(['agent', 'detection', 'operator', 'product'])
    .meta({ description: 'who acts: an agent, the judgement, a person, the product' }),
  about: z.string().meta({ description: 'signal, revision, or the kind of the control record' }),
  who: z.string(),
  words: z.string().meta({ description: 'may hold captured text' }),
  entries: z.array(z.int()).meta({ description: 'log positions' }),
  event: z.string().optional(),
  annotation: z.string().optional(),
})

export type TimelineMoment = z.output<typeof momentSchema>

const timelineSchema = z
  .object({
    incident: z.string(),
    items: z.array(momentSchema),
    total: z.int(),
    forgotten: z.int().meta({ description: 'places in the log, of whatever incident, that the index had no room for' }),
  })
  .meta({ id: 'IncidentTimeline' })

export type TimelineWire = z.output<typeof timelineSchema>

const knownSchema = z.enum(['seen', 'stated', 'told', 'not-known'])

const standingSchema = z
  .object({
    incident: z.string(),
    harm: z.object({
      state: z.enum(['continuing', 'stopped', 'held', 'ended', 'unknown', 'none-seen']).meta({
        description: 'held: probes found it held, and ways beside the hold are open; ended: nothing of it runs',
      }),
      at: nanoSchema.optional().meta({ description: 'the newest act, or since when what the words say holds' }),
      words: z.string(),
      because: z.array(
        z.object({ words: z.string(), basis: z.enum(['proven', 'inferred']), entries: z.array(z.int()) }),
      ),
      hold: z
        .object({
          rung: z.enum(RUNGS),
          probes: z.int().meta({ description: 'ways that probes tried and that did not get through' }),
          until: nanoSchema.optional().meta({ description: 'when it ends by itself' }),
        })
        .optional()
        .meta({ description: 'by what it is stopped or held' }),
      open: z.array(z.string()).optional().meta({ description: 'what would shut the ways that the hold leaves open' }),
    }),
    next: z.object({ do: z.enum(['hold', 'scope']), words: z.string() }).meta({
      description: 'hold: a rung is to be applied; scope: what is asked for holds, or nothing runs to be held',
    }),
    trigger: z.object({
      state: z.enum(['readable', 'withheld', 'not-known']),
      words: z.string(),
      entries: z.array(z.int()),
    }),
    clocks: z.object({
      classification: z
        .object({
          from: nanoSchema,
          until: nanoSchema.optional().meta({ description: 'when a person named the type; absent while it runs' }),
          withinMs: z.number().optional(),
          by: z.string().optional(),
        })
        .optional()
        .meta({ description: 'absent where nothing says when it was found' }),
      harm: z.object({
        acts: z.int().meta({ description: 'harmful acts' }),
        isLeast: z
          .literal(true)
          .optional()
          .meta({ description: 'there were so many at least: not each of them is kept' }),
        first: nanoSchema.optional(),
        last: nanoSchema.optional(),
        gapMs: z.number().optional().meta({ description: 'the middle one between two of them' }),
        speed: z.object({ value: z.enum(['fast', 'slow', 'unknown']), from: knownSchema }),
        reversible: z.object({ value: z.enum(['yes', 'no', 'unknown']), from: knownSchema }),
        clock: z.string(),
        holdBy: nanoSchema.optional().meta({ description: 'by when the ladder wants it held' }),
        heldAt: nanoSchema.optional().meta({
          description: 'when probes had first found each agent that did it held, whatever became of the hold since',
        }),
      }),
    }),
    owner: z.object({ by: z.string(), at: nanoSchema, reason: z.string(), entry: z.int() }).optional(),
  })
  .meta({ id: 'IncidentStanding' })

export type StandingWire = z.output<typeof standingSchema>

/** How an incident stands, and everything that happened about it. */
export const timelineRoutes = {
  getIncidentTimeline: {
    method: 'GET',
    path: '/api/v1/incidents/{incident}/timeline',
    access: 'viewer',
    summary: 'What agents did, what was concluded, and what people and the product did about it, the earliest first',
    params,
    query: z.object({
      limit: z.coerce.number().int().min(1).max(2_000).optional().meta({ description: 'the newest' }),
    }),
    response: timelineSchema,
  },
  getIncidentStanding: {
    method: 'GET',
    path: '/api/v1/incidents/{incident}/standing',
    access: 'viewer',
    summary: 'Whether harm is still possible and what that rests on, two clocks, and who has it',
    params,
    query: none,
    response: standingSchema,
  },
  ownIncident: {
    method: 'POST',
    path: '/api/v1/incidents/{incident}/owner',
    access: 'analyst',
    summary: 'Takes an incident, or gives it back; recorded first',
    params,
    query: none,
    body: z.object({ do: z.enum(['take', 'give-back']), reason: z.string().trim().max(1_000).optional() }),
    response: standingSchema,
  },
} as const

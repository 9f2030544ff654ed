import { z } from 'zod'
import { drawnGraphSchema, executionGraphSchema, graphRowSchema, reachSchema } from './graph-schemas.ts'
import { nanoSchema, pageQuerySchema, rfc3339Schema } from './schemas.ts'

/** Conversations that may be shown together with the one that is asked about. */
export const SHOWN_TOGETHER = 7

const conversationParams = z.object({ conversation: z.string() })

/** What is looked at: which conversations as one, and up to when by which clock. */
const sight = {
  with: z
    .string()
    .max(4_000)
    .optional()
    .meta({
      description: `conversations shown as one graph with this one: ids as segments of a path, comma-separated, at most ${SHOWN_TOGETHER}`,
    }),
  at: rfc3339Schema.optional().meta({ description: 'only what had begun by then; all of it unless told' }),
  by: z.enum(['happened', 'known']).optional().meta({
    description: 'the clock of `at`: when it happened as its source claims (unless told), or when the log had it',
  }),
}

const markSchema = z.object({
  kind: z.enum(['deploy', 'finding', 'containment', 'gap', 'erased']),
  at: nanoSchema,
  until: nanoSchema.optional().meta({ description: 'of what lasted' }),
  label: z.string().meta({ description: 'what it was; may hold captured text: untrusted' }),
  entry: z.int().optional().meta({ description: 'its position in the log' }),
  incident: z.string().optional(),
  agent: z.string().optional(),
})

export const stripSchema = z
  .object({
    by: z.enum(['happened', 'known']),
    from: nanoSchema.meta({ description: 'of the first event' }),
    to: nanoSchema.meta({ description: 'of the last, by the same clock' }),
    events: z.int(),
    counts: z.array(z.int()).meta({ description: 'events in each of so many equal parts of the time between' }),
    steps: z.array(nanoSchema).meta({ description: 'instants at which something began, in order; at most 2,000' }),
    stepsTotal: z.int(),
    marks: z.array(markSchema).meta({ description: 'in the order of time, at most 300' }),
    marksTotal: z.int(),
    recordedSince: nanoSchema
      .optional()
      .meta({ description: 'when the log begins: of what was before, nothing can be known here' }),
    untold: z.array(z.string()).meta({ description: 'sources of marks that could not be asked, with the reason' }),
  })
  .meta({ id: 'Strip', description: 'the time of a conversation: when things began, and what else was then' })

/** The execution graph of a conversation, or of several as one, now or as it was. */
export const graphRoutes = {
  getGraph: {
    method: 'GET',
    path: '/api/v1/conversations/{conversation}/graph',
    access: 'viewer',
    summary: 'The whole execution graph, in canonical order',
    params: conversationParams,
    query: z.object(sight),
    response: executionGraphSchema,
  },
  getDrawnGraph: {
    method: 'GET',
    path: '/api/v1/conversations/{conversation}/drawn-graph',
    access: 'viewer',
    summary: 'A graph small enough to draw',
    params: conversationParams,
    query: z.object({
      mode: z.enum(['aggregated', 'as-run']).optional(),
      focus: z.string().optional().meta({ description: 'node that must be drawn as itself, with its surroundings' }),
      hide: z.string().optional().meta({ description: 'node kinds to leave out, comma-separated' }),
      without: z
        .string()
        .max(8_000)
        .optional()
        .meta({ description: 'nodes, or drawn groups, to leave out: ids, comma-separated' }),
      hubs: z
        .enum(['hidden'])
        .optional()
        .meta({ description: 'leaves out what joins so much that the rest cannot be read; the answer names it' }),
      limit: z.coerce.number().int().min(1).max(300).optional(),
      ...sight,
    }),
    response: drawnGraphSchema,
  },
  listRows: {
    method: 'GET',
    path: '/api/v1/conversations/{conversation}/rows',
    access: 'viewer',
    summary: 'The graph as rows in causal order: tree and table twins',
    params: conversationParams,
    query: pageQuerySchema.extend({
      kind: z.string().optional(),
      q: z.string().max(200).optional(),
      offset: z.coerce.number().int().min(0).optional(),
      node: z.string().max(8_000).optional().meta({ description: 'only these nodes: ids, comma-separated' }),
      unjoined: z
        .enum(['true', 'false'])
        .optional()
        .meta({ description: 'only what the kernel saw and is joined to no act of the agent, or only all else' }),
      last: z.enum(['true']).optional().meta({
        description:
          'of the first rows of a large conversation those that were derived last, at once, where the newest would have to be waited for: `behind` then says how far they reach',
      }),
      ...sight,
    }),
    response: z.object({
      items: z.array(graphRowSchema),
      nextCursor: z.string().optional(),
      total: z.int().optional(),
      behind: drawnGraphSchema.shape.behind,
    }),
  },
  getReach: {
    method: 'GET',
    path: '/api/v1/conversations/{conversation}/reach',
    access: 'viewer',
    summary: 'What made this happen, or what it reached',
    params: conversationParams,
    query: z.object({
      node: z.string(),
      direction: z.enum(['forward', 'backward']),
      proven: z.enum(['true', 'false']).optional(),
      via: z.string().optional().meta({
        description:
          'an event: `path` leads through it, where it is among the causes; mostly the text that asked for a deed',
      }),
      ...sight,
    }),
    response: reachSchema,
  },
  getStrip: {
    method: 'GET',
    path: '/api/v1/conversations/{conversation}/strip',
    access: 'viewer',
    summary: 'The time of a conversation: when things began, with deploys, findings, containment and gaps',
    params: conversationParams,
    query: z.object({ with: sight.with, by: sight.by }),
    response: stripSchema,
  },
} as const

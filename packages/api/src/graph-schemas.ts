import { EDGE_BASES, EDGE_KINDS, LANES, NODE_KINDS } from '@holdfast/model'
import { z } from 'zod'
import { nanoSchema, trustTierSchema, clockSchema, contentStateSchema, statusSchema } from './schemas.ts'

const basisSchema = z.enum(EDGE_BASES)
const laneSchema = z.enum(LANES)
const nodeKindSchema = z.enum(NODE_KINDS)
const edgeKindSchema = z.enum(EDGE_KINDS)

const graphNodeSchema = z
  .object({
    id: z.string(),
    kind: nodeKindSchema,
    lane: laneSchema,
    label: z.string().meta({ description: 'untrusted' }),
    agent: z.string(),
    member: z.string().optional(),
    trace: z.string().optional(),
    claimedAt: nanoSchema,
    claimedUntil: nanoSchema.optional(),
    events: z.array(z.string()),
    status: statusSchema,
    contents: z.array(contentStateSchema),
    bytes: z.int(),
    tier: trustTierSchema,
    tiers: z
      .array(trustTierSchema)
      .optional()
      .meta({ description: 'where several tell of it: all of their tiers, strongest first' }),
    clock: clockSchema,
    trigger: z.literal(true).optional(),
    rivals: z
      .array(z.string())
      .optional()
      .meta({ description: 'agents that claim the same span, at most 8: one of them may be forged' }),
    contestedCause: z
      .literal(true)
      .optional()
      .meta({ description: 'several others claim the span it names as its cause, so none was joined' }),
    unjoined: z
      .literal(true)
      .optional()
      .meta({ description: 'the kernel saw it, and nothing proves that it belongs to an act of the agent' }),
  })
  .meta({ id: 'GraphNode' })

const graphEdgeSchema = z
  .object({
    from: z.string(),
    to: z.string(),
    kind: edgeKindSchema,
    basis: basisSchema,
    values: z.array(z.string()).optional(),
  })
  .meta({ id: 'GraphEdge' })

/** A claim of the agent and a fact of the kernel that exclude each other. */
const contradictionSchema = z
  .object({
    kind: z.enum(['effect-without-call', 'call-without-effect', 'different-effect', 'different-telling']),
    claimed: z.array(z.string()).meta({ description: 'node ids' }),
    seen: z.array(z.string()).meta({ description: 'node ids' }),
    detail: z.string().meta({ description: 'untrusted text' }),
  })
  .meta({ id: 'Contradiction' })

const unjoinedSchema = z
  .array(z.object({ kind: nodeKindSchema, nodes: z.int(), events: z.int() }))
  .meta({ description: 'what the kernel saw and is joined to no act of the agent, by kind' })

export const executionGraphSchema = z
  .object({
    conversation: z.string(),
    agents: z.array(z.string()),
    traces: z.array(z.string()),
    nodes: z.array(graphNodeSchema),
    edges: z.array(graphEdgeSchema),
    contradictions: z.array(contradictionSchema),
    unjoined: unjoinedSchema,
    cut: z.object({ nodes: z.int(), edges: z.int(), hops: z.int() }),
  })
  .meta({ id: 'ExecutionGraph' })

/** A graph small enough to draw: same-named steps folded into one node with a counter. */
export const drawnGraphSchema = z
  .object({
    mode: z.enum(['aggregated', 'as-run']),
    nodes: z.array(
      graphNodeSchema.omit({ events: true }).extend({
        count: z.int().meta({ description: 'nodes of the execution graph that it stands for' }),
        members: z.array(z.string()).meta({ description: 'their ids, at most 50' }),
      }),
    ),
    edges: z.array(graphEdgeSchema.extend({ count: z.int() })),
    total: z.object({ nodes: z.int(), edges: z.int() }),
    folded: z.int().meta({ description: 'nodes of the execution graph that are not drawn as themselves' }),
    contradictions: z.array(contradictionSchema).meta({ description: 'the first 100 of the conversation' }),
    contradictionsTotal: z.int(),
    unjoined: unjoinedSchema,
    hubs: z
      .array(z.object({ id: z.string(), label: z.string(), kind: nodeKindSchema, joins: z.int() }))
      .meta({ description: 'drawn nodes that join far more than the rest, or that were left out for it' }),
    at: nanoSchema.optional().meta({ description: 'the instant up to which it was put together; absent for all' }),
    behind: z.object({ records: z.int(), newer: z.int() }).optional().meta({
      description:
        'of a large conversation the last derived graph: it holds so many records, and so many newer ones are being read; absent where it holds all',
    }),
  })
  .meta({ id: 'DrawnGraph' })

/** One row of the tree and table twins. Rows come in causal order; `depth` and `parent` make the tree. */
export const graphRowSchema = graphNodeSchema
  .extend({
    depth: z.int(),
    parent: z.string().optional(),
    children: z.int(),
    index: z.int().optional().meta({ description: 'place among all rows of the conversation, unfiltered' }),
  })
  .meta({ id: 'GraphRow' })

export const reachSchema = z
  .object({
    from: z.string(),
    direction: z.enum(['forward', 'backward']),
    nodes: z.array(z.object({ id: z.string(), hops: z.int(), proven: z.boolean() })),
    edges: z.array(graphEdgeSchema),
    path: z
      .array(z.string())
      .meta({ description: 'node ids from the trigger to the node, in causal order; the strongest path' }),
    via: z.string().optional().meta({ description: 'the node of `path` that holds the event which was asked for' }),
    cut: z.object({ nodes: z.int(), hops: z.int() }),
  })
  .meta({ id: 'Reach' })

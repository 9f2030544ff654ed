import { CLOCK_KINDS, TRUST_TIERS } from '@holdfast/model'
import { z } from 'zod'

/** Decimal nanoseconds since 1970 in UTC. JSON numbers stop being exact at 2^53, so times travel as text. */
export const nanoSchema = z
  .string()
  .regex(/^[0-9]{1,20}$/)
  .meta({ description: 'nanoseconds since 1970-01-01T00:00:00Z, decimal' })
/** RFC 3339 in UTC. */
export const rfc3339Schema = z.string().meta({ format: 'date-time' })
const hexDigest = z.string().regex(/^[0-9a-f]{64}$/)

export const trustTierSchema = z.enum(TRUST_TIERS)
export const clockSchema = z.enum(CLOCK_KINDS)
export const contentStateSchema = z.enum(['captured', 'truncated', 'redacted', 'suppressed', 'not-captured'])
export const statusSchema = z.enum(['ok', 'error', 'unknown'])

/** RFC 9457. `type` is `about:blank` or a path below `/problems/`. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    instance: z.string().optional(),
  })
  .meta({ id: 'Problem' })

export const pageQuerySchema = z.object({
  // It names the last row: an id of three parts of 256 characters, each of which takes up to nine.
  cursor: z.string().max(8_000).optional().meta({ description: 'nextCursor of the page before' }),
  limit: z.coerce.number().int().min(1).max(1000).optional().meta({ description: 'rows per page, 100 unless told' }),
})

/** One page of a list. Without `nextCursor` it is the last; `total` counts all pages where it is cheap to know. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().optional(), total: z.int().optional() })

/** Instrumentation seen for an agent and how much of it could be read. */
export const coverageSchema = z
  .object({
    dialects: z.array(z.object({ dialect: z.string(), instrumentation: z.string(), entries: z.int() })),
    entries: z.int(),
    mapped: z.int().meta({ description: 'entries that gave at least one event other than an unmapped step' }),
    unmappedKeys: z
      .array(z.object({ key: z.string(), entries: z.int() }))
      .meta({ description: 'most frequent first, at most 50' }),
    unmappedKeysTotal: z.int(),
    contents: z.record(contentStateSchema, z.int()).meta({ description: 'contents by state' }),
  })
  .meta({ id: 'Coverage' })

export const agentSchema = z
  .object({
    id: z.string(),
    name: z.string().meta({ description: 'service.name as the source states it; untrusted' }),
    class: z
      .string()
      .meta({ description: 'what it is, by what it does or as somebody states; `unclassified` before that' }),
    roster: z.enum(['declared', 'observed', 'both']).meta({ description: 'how it came to be listed' }),
    workload: z.enum(['agent', 'mcp-server', 'neither']),
    shadow: z.boolean().meta({
      description:
        'nobody declared it, and it calls a model without telemetry, was granted something in a directory, or has no owner there',
    }),
    events: z
      .int()
      .meta({ description: 'log entries recorded for it; one that came again by another way is counted once' }),
    conversations: z.int(),
    members: z.array(z.string()).meta({ description: 'named agents inside the process; untrusted' }),
    versions: z.array(z.string()),
    channels: z.array(z.string()),
    clocks: z.array(clockSchema),
    firstSeen: rfc3339Schema,
    lastSeen: rfc3339Schema,
    tier: trustTierSchema.meta({ description: 'strongest tier that speaks of it' }),
    capturing: z.enum(['capturing', 'partly', 'suppressed', 'not-capturing', 'none-seen']).meta({
      description:
        'whether the texts of its prompts, outputs and tool calls came; `none-seen`: nothing that has such a text did',
    }),
  })
  .meta({ id: 'Agent' })

export const agentDetailSchema = agentSchema.extend({ coverage: coverageSchema }).meta({ id: 'AgentDetail' })

export const conversationSchema = z
  .object({
    id: z.string(),
    agents: z.array(z.object({ id: z.string(), name: z.string() })).meta({ description: 'at most 256' }),
    moreAgents: z.literal(true).optional().meta({ description: 'more agents told of it than are listed' }),
    title: z.string().meta({ description: 'start of the triggering input, at most 160 characters; untrusted' }),
    events: z.int().meta({ description: 'log entries' }),
    traces: z.array(z.string()).meta({ description: 'at most 100' }),
    modelCalls: z.int(),
    toolCalls: z.int(),
    errors: z.int(),
    firstClaimed: nanoSchema,
    lastClaimed: nanoSchema,
    lastRecorded: nanoSchema,
    clock: clockSchema,
    dialects: z.array(z.string()),
  })
  .meta({ id: 'Conversation' })

export const artifactSchema = z
  .object({
    id: z.enum(['A1', 'A2', 'A3', 'A4', 'A5', 'A6']),
    name: z.string(),
    state: z.enum(['complete', 'partial', 'missing', 'not-expected']),
    count: z.int(),
    expected: z.int(),
    bytes: z.int(),
    first: nanoSchema.optional(),
    last: nanoSchema.optional(),
    lastEntry: z.int().optional().meta({
      description:
        'position of the newest log entry that tells of what is there: a seal of a longer log covers all of it',
    }),
    completeness: z.number().optional(),
    reason: z.string(),
    missing: z.array(
      z.object({
        item: z.string(),
        kind: z.string(),
        state: z.string(),
        reason: z.string(),
        remedy: z.string(),
      }),
    ),
    missingTotal: z.int(),
  })
  .meta({ id: 'Artifact' })

export const evidenceStatusSchema = z
  .object({
    conversation: z.string(),
    artifacts: z.array(artifactSchema),
    completeness: z.number(),
  })
  .meta({ id: 'EvidenceStatus' })

/** One content slot of an event: which it is, and what is known of it. Its text comes from the content route. */
export const contentSlotSchema = z
  .object({
    slot: z.string(),
    state: contentStateSchema,
    digest: hexDigest.optional(),
    bytes: z.int().optional(),
    mediaType: z.string().optional(),
    masked: z.int().optional(),
    reason: z.string().optional(),
  })
  .meta({ id: 'ContentSlot' })

export const eventSchema = z
  .object({
    id: z.string(),
    entry: z.int().meta({ description: 'index of the log entry that holds its bytes' }),
    kind: z.string(),
    label: z.string(),
    claimedAt: nanoSchema,
    claimedUntil: nanoSchema.optional(),
    recordedAt: nanoSchema,
    agent: z.object({
      id: z.string(),
      name: z.string(),
      member: z.string().optional(),
      version: z.string().optional(),
      instance: z.string().optional(),
    }),
    source: z.object({
      channel: z.string(),
      instance: z.string(),
      credential: z.string(),
      tier: trustTierSchema,
      clock: clockSchema,
      dialect: z.string(),
      instrumentation: z.string(),
    }),
    conversation: z.string(),
    trace: z.string().optional(),
    span: z.string().optional(),
    parentSpan: z.string().optional(),
    facts: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
      .meta({ description: 'plain fields of the kind; untrusted' }),
    contents: z.array(contentSlotSchema),
  })
  .meta({ id: 'Event' })

export const contentTextSchema = z
  .object({
    event: z.string(),
    slot: z.string(),
    state: contentStateSchema,
    text: z.string().meta({ description: 'untrusted; a window of the text' }),
    offset: z.int().meta({ description: 'first character of the window' }),
    characters: z.int().meta({ description: 'of the whole text' }),
    nextOffset: z.int().optional(),
    bytes: z.int(),
    digest: hexDigest.optional(),
    mediaType: z.string(),
    reason: z.string().optional(),
  })
  .meta({ id: 'ContentText' })

export const searchHitSchema = z
  .object({
    kind: z.enum([
      'incident',
      'agent',
      'conversation',
      'trace',
      'span',
      'event',
      'tool',
      'document',
      'digest',
      'entry',
      'plan',
      'finding',
      'pod',
    ]),
    id: z.string(),
    label: z.string().meta({ description: 'untrusted' }),
    href: z.string().meta({ description: 'path in the workspace' }),
    at: nanoSchema
      .optional()
      .meta({ description: 'of a conversation, when its last act claims to have been: many have one name' }),
  })
  .meta({ id: 'SearchHit' })

export const importResultSchema = z
  .object({
    read: z.int().meta({ description: 'records: accepted + rejected' }),
    runs: z.int().meta({ description: 'runs, or OTLP requests, that were looked at' }),
    accepted: z.int(),
    duplicates: z.int(),
    rejected: z.int(),
    format: z.string(),
    clock: clockSchema,
    rejections: z.array(z.object({ where: z.string(), why: z.string() })).meta({ description: 'first 100' }),
    agents: z.array(z.string()),
  })
  .meta({ id: 'ImportResult' })

/** The policy that a hold is taken from: the one that violations of the agent cite. */
export const envelopeSchema = z
  .object({
    artifact: z.string().meta({ description: 'its id, which is its version' }),
    kind: z.string(),
    profile: z.string().meta({ description: 'digest of the profile that it was derived from' }),
    lines: z.array(z.string()).meta({ description: 'that go on holding; RFC 6901' }),
    shut: z.array(z.string()).meta({ description: 'that are taken out for now' }),
  })
  .meta({ description: 'the policy that the allow list is taken from; violations of the agent cite the same' })

/** Fields that an evidence bundle hides. */
export const exportQuerySchema = z.object({
  redact: z.string().min(1).max(4000).optional().meta({
    description:
      'names of fields whose values are hidden, separated by commas; at most 32, a name ending in * stands for all that begin so',
  }),
})

/** What may be stored. One kind of policy can be put in force: any other would be refused by every listener. */
export const capturePolicySchema = z
  .object({
    name: z.string().min(1).max(100),
    senders: z.literal('loopback').meta({ description: 'programs on this machine' }),
    content: z.literal('kept'),
    credentials: z.literal('masked'),
  })
  .meta({ id: 'CapturePolicy' })

/** What a log may hold: policies of other versions too. */
export const policyInForceSchema = capturePolicySchema
  .extend({ senders: z.enum(['loopback', 'authenticated', 'all']), content: z.enum(['kept', 'suppressed']) })
  .meta({ id: 'PolicyInForce' })

export const contextHitSchema = z
  .object({
    conversation: z.string(),
    agent: z.string(),
    event: z.string(),
    kind: z.string().meta({ description: 'what the text was to the context: user message, document, tool result ...' }),
    by: z
      .enum(['digest', 'value'])
      .meta({ description: 'the whole text, or a value of it that may have come another way' }),
  })
  .meta({ id: 'ContextHit' })

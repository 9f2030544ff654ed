import { AUDIT_LAYERS, AUDIT_SUBJECTS, EDGE_BASES, TRUST_TIERS } from '@holdfast/model'
import { z } from 'zod'

const count = z.int().min(0)
const position = count.meta({ description: 'log position' })
const nanos = z.string().regex(/^\d+$/).meta({ description: 'nanoseconds since 1970' })
const tier = z.enum(TRUST_TIERS)

const textSchema = z.strictObject({
  event: z.string(),
  slot: z.string(),
  state: z.enum(['captured', 'truncated', 'redacted', 'suppressed', 'not-captured']),
  digest: z.string().optional().meta({ description: 'SHA-256 of the whole text' }),
  bytes: count.optional(),
  text: z.string().optional().meta({ description: 'captured text; never to be run or rendered' }),
  isCut: z.literal(true).optional(),
  reason: z.string().optional(),
})

const itemSchema = z.strictObject({
  id: z.string(),
  part: z.enum([...AUDIT_LAYERS, 'trigger', 'model', 'identity', 'other']),
  kind: z.string(),
  label: z.string(),
  agent: z.string(),
  claimedAt: nanos,
  tier,
  clock: z.string(),
  status: z.enum(['ok', 'error', 'unknown']),
  events: z.array(
    z.strictObject({
      id: z.string(),
      kind: z.string(),
      entry: position,
      recordedAt: nanos,
      channel: z.string(),
      trace: z.string().optional(),
      span: z.string().optional(),
      callId: z.string().optional(),
    }),
  ),
  texts: z.array(textSchema),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
})

const triggerSchema = z.strictObject({
  item: z.string(),
  what: z.string(),
  bases: z.array(z.enum(EDGE_BASES)),
  input: z
    .strictObject({
      event: z.string(),
      entry: position,
      quote: z.string(),
      broughtBy: z.string().optional(),
      askedFor: z.string().optional(),
    })
    .optional()
    .meta({ description: 'the text on whose word it was done, and what was asked for when it came in' }),
})

/** What a line of a policy in force says of an act. */
const rulingSchema = z.strictObject({
  event: z.string(),
  entry: position,
  artifact: z.string(),
  kind: z.string(),
  pointer: z.string(),
  what: z.string(),
  mode: z.enum(['monitor', 'enforce']),
  profileDigest: z.string(),
})

export const auditRowSchema = z
  .strictObject({
    version: z.literal(1),
    id: z.string(),
    about: z.strictObject({ kind: z.enum(AUDIT_SUBJECTS), id: z.string(), words: z.string(), at: nanos }),
    agents: z.array(z.string()),
    conversations: z.array(z.string()),
    traces: z.array(z.string()),
    trigger: triggerSchema.optional(),
    violations: z.array(rulingSchema),
    allowed: z
      .array(rulingSchema)
      .optional()
      .meta({ description: 'lines of policies in force that let through what left' }),
    identities: z.array(
      z.strictObject({
        principal: z.string(),
        kind: z.string(),
        onBehalfOf: z.string().optional(),
        tier,
        events: z.array(z.string()),
        entries: z.array(position),
      }),
    ),
    items: z.array(itemSchema).meta({ description: 'in causal order' }),
    joins: z.array(
      z.strictObject({
        from: z.string(),
        to: z.string(),
        kind: z.string(),
        basis: z.enum(EDGE_BASES),
        isProven: z.boolean(),
      }),
    ),
    layers: z.array(
      z.strictObject({
        layer: z.enum(AUDIT_LAYERS),
        state: z.enum(['complete', 'partial', 'absent', 'constrained']),
        isExpected: z.boolean(),
        reason: z.string(),
        items: z.array(z.string()),
        entries: z.array(position),
      }),
    ),
    shortened: z.array(
      z.strictObject({
        item: z.string(),
        envelope: z.record(z.string(), z.union([z.string(), z.number()])),
        actingTool: z.string().optional(),
        reason: z.string(),
      }),
    ),
    coverage: z.strictObject({ filled: count, expected: count, share: z.number().min(0).max(1) }),
    gaps: z.array(z.strictObject({ entry: position, reason: z.string(), detail: z.string() })),
    cut: z.strictObject({ items: count, texts: count, conversations: count, graph: count }),
    proof: z.strictObject({
      key: z.string(),
      checkpoint: z.string(),
      size: count,
      rootHash: z.string(),
      entries: z.array(z.strictObject({ entry: position, leaf: z.base64(), path: z.array(z.base64()) })),
    }),
    signature: z.string(),
  })
  .meta({ id: 'AuditRow', description: 'what an act did in every layer, tied to what set it off, with its proofs' })

/** A row that can be asked for. */
export const auditHitSchema = z
  .object({
    row: z.string(),
    kind: z.enum(AUDIT_SUBJECTS),
    id: z.string().meta({ description: 'of the event or incident' }),
    words: z.string(),
    at: nanos,
    agent: z.string(),
    conversation: z.string(),
    artifact: z.string().optional(),
    mode: z.enum(['monitor', 'enforce']).optional(),
  })
  .meta({ id: 'AuditHit' })

const facetSchema = z.array(z.object({ value: z.string(), count: count }))

export const auditListSchema = z
  .object({
    items: z.array(auditHitSchema),
    facets: z.object({ kind: facetSchema, agent: facetSchema, mode: facetSchema, artifact: facetSchema }),
    total: count,
    looked: count.meta({ description: 'log entries in which violations were looked for' }),
    cold: count.meta({
      description: 'log entries of this page in which they were not, being in cold storage that is not there',
    }),
    withheld: count.meta({
      description: 'incidents that the list of incidents keeps back, as repeats of what it shows',
    }),
    nextCursor: z.string().optional(),
  })
  .meta({ id: 'AuditList' })

export const coldFileSchema = z
  .object({
    path: z.string(),
    isThere: z.boolean(),
    bytes: count,
    sha256: z.string(),
    cooledAt: nanos,
    segments: count,
    entries: count,
  })
  .meta({ id: 'ColdFile' })

export type AuditHit = z.infer<typeof auditHitSchema>
export type AuditList = z.infer<typeof auditListSchema>

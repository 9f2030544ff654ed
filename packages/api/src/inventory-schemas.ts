import { z } from 'zod'
import { rfc3339Schema, trustTierSchema } from './schemas.ts'

export const componentSchema = z
  .object({
    kind: z.string(),
    name: z.string().meta({ description: 'untrusted' }),
    version: z.string().optional(),
    digest: z.string().optional().meta({ description: 'SHA-256 of what is canonical for the kind' }),
  })
  .meta({ id: 'Component' })

/** From when to when, with the log positions that prove both ends. */
export const seenSchema = z
  .object({
    first: rfc3339Schema,
    last: rfc3339Schema,
    entries: z.array(z.int()).meta({ description: 'log positions' }),
  })
  .meta({ id: 'Seen' })

export const callProfileSchema = z
  .object({
    calls: z.int(),
    errors: z.int(),
    inputTokens: z.int(),
    outputTokens: z.int(),
    finishReasons: z.record(z.string(), z.int()),
  })
  .meta({ id: 'CallProfile', description: 'calls to a hosted model over all time' })

export const bomRowSchema = componentSchema
  .extend({
    id: z.string(),
    category: z.enum(['models', 'data-sources', 'tools-and-integrations', 'infrastructure', 'identities']),
    standing: z.enum(['declared', 'observed', 'both']),
    declared: seenSchema.optional(),
    loaded: seenSchema.optional(),
    called: seenSchema.optional(),
    tier: trustTierSchema
      .optional()
      .meta({ description: 'strongest that saw it run; absent where it is only declared' }),
    declaredAs: z.array(componentSchema).meta({ description: 'as documents name it' }),
    details: z.record(z.string(), z.array(z.string())).meta({ description: 'untrusted' }),
    calls: callProfileSchema.optional(),
  })
  .meta({ id: 'BomRow' })

export const recordedChangeSchema = z
  .object({
    change: z.string(),
    subject: z.string(),
    at: rfc3339Schema,
    entry: z.int(),
    from: z.string().optional(),
    to: z.string().optional(),
    changeId: z.string().optional(),
    author: z.string().optional(),
    approver: z.string().optional(),
  })
  .meta({ id: 'RecordedChange', description: 'a change that somebody made and a system recorded' })

const textSchema = z
  .object({
    state: z.enum(['captured', 'not-at-hand']),
    description: z.string(),
    parameters: z.string(),
    entry: z.int(),
  })
  .meta({ id: 'ToolText', description: 'text of a tool definition as it stands in the log; untrusted' })

export const inventoryFindingSchema = z
  .object({
    id: z.string().meta({ description: 'the same for the same fact' }),
    kind: z.enum([
      'declared-differs',
      'observed-only',
      'tool-altered',
      'tool-unapproved',
      'unknown-agent',
      'outside-roster',
      'not-admitted',
      'impersonation',
      'outside-peers',
      'hand-over-unproven',
      'residency',
      'memory-retention',
      'shared-identity',
    ]),
    agent: z.string(),
    title: z.string().meta({ description: 'untrusted' }),
    detail: z.string().meta({ description: 'untrusted' }),
    since: rfc3339Schema,
    proof: z.array(z.int()).meta({ description: 'log positions' }),
    declared: z.array(componentSchema).optional(),
    observed: componentSchema.optional(),
    before: textSchema.optional(),
    after: textSchema.optional(),
    announced: z
      .enum(['announced', 'unannounced', 'not-watched'])
      .optional()
      .meta({ description: 'whether the server said that its tools had changed' }),
    by: recordedChangeSchema.optional(),
    identity: z.string().optional(),
    union: z.array(z.string()).optional().meta({ description: 'all that the shared identity was used for' }),
    agents: z
      .array(
        z.object({
          agent: z.string(),
          uses: z.array(z.string()),
          loses: z.array(z.string()).meta({ description: 'reach that it never used: gone once the identity is split' }),
          proof: z.array(z.int()),
        }),
      )
      .optional(),
  })
  .meta({ id: 'InventoryFinding' })

const instant = {
  at: rfc3339Schema.optional().meta({ description: 'as it had happened by then; now unless told' }),
  knownAt: rfc3339Schema.optional().meta({ description: 'as the log held it by then; all of it unless told' }),
}
export const instantQuerySchema = z.object(instant)
export const diffQuerySchema = z.object({ from: rfc3339Schema, to: rfc3339Schema.optional(), knownAt: instant.knownAt })

export const bomSchema = z
  .object({
    agent: z.string(),
    name: z.string(),
    at: rfc3339Schema.optional().meta({ description: 'absent: now' }),
    knownAt: rfc3339Schema.optional(),
    entries: z.int().meta({ description: 'log entries that were known' }),
    class: z.string(),
    classReasons: z.array(z.string()),
    baseline: z.string().meta({ description: 'digest of the starting baseline of the class' }),
    workload: z.enum(['agent', 'mcp-server', 'neither']),
    roster: z.enum(['declared', 'observed', 'both']),
    categories: z.array(
      z.object({
        category: z.string(),
        state: z.enum(['filled', 'empty']),
        reason: z.string().optional().meta({ description: 'why it is empty' }),
        rows: z.array(bomRowSchema),
      }),
    ),
    documents: z.array(z.object({ format: z.string(), document: z.string(), since: rfc3339Schema, entry: z.int() })),
    findings: z.array(inventoryFindingSchema),
    leftOut: z.int().meta({ description: 'sightings of components beyond the bound' }),
  })
  .meta({ id: 'Bom' })

export const bomChangeSchema = z
  .object({
    change: z.enum(['added', 'removed', 'changed', 'came-and-went', 'declared', 'undeclared']),
    kind: z.string(),
    name: z.string(),
    before: componentSchema.optional(),
    after: componentSchema.optional(),
    when: rfc3339Schema.optional(),
    proof: z.array(z.int()),
    tools: z.array(z.string()).meta({ description: 'tools that came or went with their server' }),
    by: recordedChangeSchema.optional(),
    textBefore: textSchema.optional(),
    textAfter: textSchema.optional(),
  })
  .meta({ id: 'BomChange' })

export const bomDiffSchema = z
  .object({
    agent: z.string(),
    from: rfc3339Schema,
    to: rfc3339Schema.optional(),
    changes: z.array(bomChangeSchema),
  })
  .meta({ id: 'BomDiff' })

export const identityRowSchema = z
  .object({
    identity: z.string(),
    kind: z.string(),
    agents: z.array(z.string()),
    calls: z.int(),
    owner: z.string().optional().meta({ description: 'as stated; absent: nobody stated one' }),
  })
  .meta({ id: 'IdentityRow' })

import { CAPABILITIES, DIAGNOSTIC_QUESTIONS, LIFECYCLE_PHASES } from '@holdfast/model'
import { z } from 'zod'
import { rfc3339Schema } from './schemas.ts'

const questionVerdictSchema = z.enum(['yes', 'partly', 'no', 'constrained'])
const capabilityVerdictSchema = z.enum(['covered', 'partial', 'missing', 'constrained'])

const evidenceSchema = z
  .object({
    what: z.string().meta({ description: 'untrusted' }),
    entries: z.array(z.int()).meta({ description: 'log positions, the first of them' }),
    count: z.int().meta({ description: 'of all of them' }),
    events: z.array(z.string()).optional(),
    path: z.string().optional().meta({ description: 'page of the workspace' }),
  })
  .meta({ id: 'DiagnosticEvidence' })

const checkSchema = z
  .object({
    what: z.string().meta({ description: 'what has to be shown' }),
    outcome: z.enum(['met', 'unmet', 'constrained']),
    reason: z.string().meta({ description: 'what was found, or why nothing was; untrusted' }),
    evidence: z.array(evidenceSchema),
  })
  .meta({ id: 'DiagnosticCheck' })

/** What a tile draws instead of words. */
const pictureSchema = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('inventory'),
      categories: z.array(z.object({ category: z.string(), observed: z.int(), declared: z.int() })),
      changes: z.int(),
    }),
    z.object({
      kind: z.literal('convergence'),
      dimension: z.string(),
      limit: z.number(),
      days: z.array(
        z.object({ date: z.string(), distance: z.number(), spread: z.number().optional(), within: z.boolean() }),
      ),
      since: z.string().optional(),
    }),
    z.object({
      kind: z.literal('envelopes'),
      lanes: z.array(
        z.object({
          agent: z.string(),
          artifacts: z.array(z.object({ kind: z.string(), stage: z.string(), lines: z.int() })),
        }),
      ),
      act: z.string().optional(),
    }),
    z.object({
      kind: z.literal('drift'),
      from: z.string(),
      to: z.string(),
      changes: z.array(z.object({ at: z.string(), side: z.enum(['evolution', 'risky']), severity: z.string() })),
      deploys: z.array(z.string()),
    }),
    z.object({
      kind: z.literal('audit-row'),
      layers: z.array(z.object({ layer: z.string(), state: z.enum(['complete', 'partial', 'absent', 'constrained']) })),
      coverage: z.number().optional(),
    }),
  ])
  .meta({ id: 'DiagnosticPicture' })

const questionSchema = z
  .object({
    id: z.enum(DIAGNOSTIC_QUESTIONS),
    question: z.string(),
    verdict: questionVerdictSchema,
    evidence: z.array(evidenceSchema),
    checks: z.array(checkSchema).meta({ description: 'what was looked at, and what each came to' }),
    missing: z.array(z.string()).meta({ description: 'why the verdict is not yes; untrusted' }),
    path: z.string().meta({ description: 'permalink in the workspace, with its instant' }),
    command: z.string(),
    picture: pictureSchema.optional(),
  })
  .meta({ id: 'DiagnosticQuestion' })

const capabilitySchema = z
  .object({
    id: z.enum(CAPABILITIES),
    capability: z.string(),
    phase: z.enum(LIFECYCLE_PHASES),
    verdict: capabilityVerdictSchema,
    evidence: z.array(evidenceSchema),
    checks: z.array(checkSchema),
    missing: z.array(z.string()),
  })
  .meta({ id: 'CapabilityVerdict' })

export const diagnosticSchema = z
  .object({
    agent: z.string(),
    name: z.string(),
    at: rfc3339Schema,
    chosen: z.boolean().meta({ description: 'false: the newest instant that its records claim' }),
    pickedBecause: z.string().optional().meta({ description: 'why this agent, where nobody named one' }),
    asOf: rfc3339Schema.meta({ description: 'when it was asked' }),
    size: z.int().meta({ description: 'log entries that were read' }),
    key: z.string().meta({ description: 'verifier key of the log' }),
    hostedBy: z
      .object({
        kind: z.enum(['bedrock', 'vertex', 'foundry']).optional(),
        platform: z.string(),
        api: z.string(),
        entry: z.int(),
      })
      .optional(),
    questions: z.array(questionSchema),
    capabilities: z.array(capabilitySchema),
    phases: z.record(z.enum(LIFECYCLE_PHASES), capabilityVerdictSchema),
    path: z.string(),
    tookMs: z.int(),
  })
  .meta({ id: 'Diagnostic' })

export type DiagnosticWire = z.output<typeof diagnosticSchema>
export type DiagnosticQuestionWire = z.output<typeof questionSchema>
export type DiagnosticPictureWire = z.output<typeof pictureSchema>
export type CapabilityWire = z.output<typeof capabilitySchema>

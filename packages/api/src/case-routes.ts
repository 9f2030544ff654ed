import { INCIDENT_TYPES, PHASES } from '@holdfast/model'
import { z } from 'zod'
import { nanoSchema } from './schemas.ts'

const phaseSchema = z.enum(PHASES)
const typeSchema = z.enum(INCIDENT_TYPES)
const reasonSchema = z.string().trim().min(1).max(1_000)
const idSchema = z.string().min(1).max(64)

/** Where a proof lies: at least one log position, or the digest of what was attached elsewhere. */
const proofFields = {
  entries: z.array(z.int().min(0)).max(64).default([]),
  digest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional()
    .meta({ description: 'SHA-256 of what was attached, in hex' }),
}

/** One step of a case that a person takes. What the program states itself is not among them. */
const deedSchema = z.discriminatedUnion('do', [
  z.object({ do: z.literal('open') }),
  z.object({ do: z.literal('seal') }),
  z.object({ do: z.literal('classify'), type: typeSchema, reason: reasonSchema }),
  z.object({
    do: z.literal('state'),
    fact: idSchema,
    value: z.union([z.boolean(), z.int(), z.string().max(64)]),
    ...proofFields,
  }),
  z.object({ do: z.literal('open-phase'), phase: phaseSchema }),
  z.object({ do: z.literal('close-phase'), phase: phaseSchema }),
  z.object({ do: z.literal('finish-task'), task: idSchema, ...proofFields }),
  z.object({
    do: z.literal('attach'),
    evidence: idSchema,
    ...proofFields,
    notExpected: z.literal(true).optional().meta({
      description: 'there is none, because its artifact was not to be expected: then with a reason and no entries',
    }),
    reason: reasonSchema.optional(),
  }),
  z.object({
    do: z.literal('settle'),
    action: z.string().min(1).max(100),
    how: z.enum(['reverted', 'justified']),
    reason: reasonSchema,
  }),
  z.object({ do: z.literal('close'), resolution: z.enum(['resolved', 'false-positive']), reason: reasonSchema }),
])

export type CaseDeedWire = z.output<typeof deedSchema>

const checkSchema = z.object({
  says: z.string(),
  holds: z.boolean(),
  found: z.string(),
  entries: z.array(z.int()).meta({ description: 'log positions that show it' }),
})
const statusSchema = z.enum(['not-open', 'open', 'closed', 'reopened', 'superseded'])

const phaseWireSchema = z.object({
  phase: phaseSchema,
  status: statusSchema,
  owner: z.string(),
  action: z.string(),
  csf: z.array(z.string()).meta({ description: 'NIST CSF 2.0 subcategories' }),
  enters: z.array(checkSchema),
  leaves: z.array(checkSchema),
  tasks: z.array(
    z.object({
      id: z.string(),
      team: z.string(),
      says: z.string(),
      done: z.object({ by: z.string(), at: nanoSchema, entries: z.array(z.int()) }).optional(),
    }),
  ),
  evidence: z.array(
    z.object({
      id: z.string(),
      says: z.string(),
      entries: z.array(z.int()),
      notExpected: z.string().optional().meta({ description: 'why there is none' }),
    }),
  ),
})

const caseSchema = z
  .object({
    incident: z.string(),
    opened: nanoSchema
      .optional()
      .meta({ description: 'when the graph of the incident was first derived; absent: no case' }),
    type: typeSchema.optional(),
    types: z.array(
      z.object({
        type: typeSchema,
        confidence: z.number(),
        reason: z.string(),
        by: z.string(),
        at: nanoSchema,
        entry: z.int(),
      }),
    ),
    seals: z.array(z.object({ size: z.int(), rootHash: z.string(), completeness: z.number(), at: nanoSchema })),
    matrix: z
      .array(
        z.object({
          type: typeSchema,
          phase: phaseSchema,
          status: statusSchema,
          owner: z.string(),
          action: z.string(),
          enters: z.array(z.string()),
          leaves: z.array(z.string()),
          evidence: z.array(z.string()),
          tasks: z.array(z.object({ team: z.string(), says: z.string() })),
        }),
      )
      .meta({ description: 'all eighteen cells, of the three runbooks as they are now' }),
    phases: z.array(phaseWireSchema).meta({ description: 'the six of the type that holds; empty without one' }),
    actions: z.array(
      z.object({
        id: z.string(),
        words: z.string(),
        state: z.string(),
        settlement: z.string(),
        isReversible: z.boolean(),
      }),
    ),
    procedures: z.record(z.string(), z.string()),
    end: z.object({ resolution: z.string(), reason: z.string(), by: z.string(), at: nanoSchema }).optional(),
    refused: z
      .array(z.object({ position: z.int(), reason: z.string() }))
      .meta({ description: 'recorded steps that the runbooks do not let stand' }),
  })
  .meta({ id: 'Case' })

export type CaseWire = z.output<typeof caseSchema>

const params = z.object({ incident: z.string() })

/** How an incident is worked by its runbook. */
export const caseRoutes = {
  getCase: {
    method: 'GET',
    path: '/api/v1/incidents/{incident}/case',
    access: 'viewer',
    summary: 'The case of an incident: its type, its phases with their conditions, and what was done',
    params,
    query: z.object({}),
    response: caseSchema,
  },
  stepCase: {
    method: 'POST',
    path: '/api/v1/incidents/{incident}/case',
    access: 'analyst',
    summary: 'One step of a case; refused with 409 and the reason where the runbook does not allow it',
    params,
    query: z.object({}),
    body: deedSchema,
    response: caseSchema,
  },
} as const

import { CAPABILITIES, DIAGNOSTIC_QUESTIONS, LIFECYCLE_PHASES, SCORES } from '@holdfast/model'
import { z } from 'zod'
import { rfc3339Schema } from './schemas.ts'

const questionVerdict = z.enum(['yes', 'partly', 'no', 'constrained'])
const capabilityVerdict = z.enum(['covered', 'partial', 'missing', 'constrained'])
const changed = z.object({ by: z.string(), at: rfc3339Schema, entry: z.int() })
const phase = z.enum(LIFECYCLE_PHASES)

const rowSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    tells: z.string().meta({ description: 'what kind of tool it is; empty for a row that somebody added' }),
    added: changed.optional(),
    cells: z.array(
      z.object({
        phase,
        score: z.enum(SCORES),
        reason: z.string(),
        changed: changed.optional().meta({ description: 'absent where it is as it ships' }),
      }),
    ),
  })
  .meta({ id: 'ScoreRow' })

export type ScoreRowWire = z.output<typeof rowSchema>

export const scorecardSchema = z
  .object({
    rows: z.array(rowSchema),
    history: z.array(
      z.object({
        decision: z.discriminatedUnion('do', [
          z.object({ do: z.literal('scored'), row: z.string(), phase, score: z.enum(SCORES) }),
          z.object({ do: z.literal('added'), row: z.string(), name: z.string() }),
          z.object({ do: z.literal('removed'), row: z.string() }),
        ]),
        reason: z.string(),
        by: z.string(),
        at: rfc3339Schema,
        entry: z.int(),
      }),
    ),
  })
  .meta({ id: 'Scorecard' })

export type ScorecardWire = z.output<typeof scorecardSchema>

export const auditSchema = z
  .object({
    audit: z.string(),
    agent: z.string(),
    at: rfc3339Schema.meta({ description: 'the instant that was asked about' }),
    recordedAt: rfc3339Schema,
    entry: z.int(),
    verdicts: z.object({
      questions: z.record(z.enum(DIAGNOSTIC_QUESTIONS), questionVerdict),
      capabilities: z.record(z.enum(CAPABILITIES), capabilityVerdict),
    }),
    shortfalls: z.array(z.object({ of: z.string(), reasons: z.array(z.string()) })),
    digest: z.string(),
    size: z.int(),
    reason: z.string(),
    by: z.string().optional().meta({ description: 'absent where the schedule held it' }),
    changes: z
      .array(
        z.object({
          of: z.string(),
          from: z.union([questionVerdict, capabilityVerdict]),
          to: z.union([questionVerdict, capabilityVerdict]),
          direction: z.enum(['better', 'worse']),
        }),
      )
      .meta({ description: 'against the audit of the same agent before it' }),
  })
  .meta({ id: 'SelfAudit' })

export const auditsSchema = z
  .object({
    items: z.array(auditSchema),
    schedule: z
      .object({
        everyDays: z.int(),
        agents: z.array(z.string()),
        reason: z.string(),
        by: z.string(),
        entry: z.int(),
      })
      .optional(),
    due: rfc3339Schema.optional().meta({ description: 'of the agent that was asked for' }),
  })
  .meta({ id: 'SelfAudits' })

export type SelfAuditWire = z.output<typeof auditSchema>
export type SelfAuditsWire = z.output<typeof auditsSchema>

const gapSchema = z.object({
  entry: z.int(),
  channel: z.string(),
  reason: z.string(),
  from: z.string(),
  to: z.string(),
})

export const attestationsSchema = z
  .object({
    items: z.array(
      z.object({
        day: z.string(),
        entry: z.int(),
        recordedAt: rfc3339Schema,
        streams: z.int(),
        withGaps: z.int().meta({ description: 'silent, or not whole' }),
      }),
    ),
    missing: z.array(z.string()).meta({ description: 'days between that have no statement' }),
    total: z.int(),
  })
  .meta({ id: 'Attestations' })

export type AttestationsWire = z.output<typeof attestationsSchema>

export const attestationSchema = z
  .object({
    day: z.string(),
    isProvisional: z.boolean().meta({ description: 'the day is not over: nothing is signed' }),
    entries: z.object({ from: z.int(), to: z.int() }),
    checkpoint: z.object({ size: z.int(), rootHash: z.string() }),
    streams: z.array(
      z.object({
        agent: z.string().meta({ description: 'empty where the channel tells of many' }),
        name: z.string().meta({ description: 'untrusted' }),
        channel: z.string(),
        state: z.enum(['whole', 'gaps', 'silent']),
        entries: z.int(),
        hours: z.string().meta({ description: '24 characters: 1 came, 0 nothing, ! nothing where it always came' }),
        lastHeard: z.string().optional(),
        gaps: z.array(z.int()).meta({ description: 'log positions' }),
      }),
    ),
    streamsLeftOut: z.int(),
    gaps: z.array(gapSchema),
    lateGaps: z.array(gapSchema).meta({ description: 'of earlier days, known since this one' }),
    gapsLeftOut: z.int(),
    away: z.array(z.object({ from: z.string(), to: z.string(), reason: z.string() })),
    key: z.string().meta({ description: 'verifier key of the log' }),
    note: z.string().optional().meta({ description: 'C2SP signed note' }),
    entry: z.int().optional(),
  })
  .meta({ id: 'Attestation' })

export type AttestationWire = z.output<typeof attestationSchema>

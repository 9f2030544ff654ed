import { AGENT_CLASSES, PROFILE_DIMENSIONS, VOLUME_MEASURES } from '@holdfast/model'
import { z } from 'zod'
import { clockSchema, rfc3339Schema } from './schemas.ts'

const dateSchema = z.string().meta({ description: 'a day in UTC of claimed time, 2026-01-31' })
export const dimensionSchema = z.enum(PROFILE_DIMENSIONS)

const daySchema = z
  .object({
    date: dateSchema,
    observations: z.int(),
    entries: z.int().meta({ description: 'distinct entries of that day' }),
    fresh: z.int().meta({ description: 'of them, never seen before' }),
    novelty: z.number().meta({ description: 'n: fresh / observations' }),
    distance: z.number().meta({ description: 'J, 0 to 1, from the aged profile of the day before' }),
    spread: z.number().optional().meta({ description: 'V: variance of J over seven days with traffic' }),
    within: z.boolean().meta({ description: 'within all three limits of the class' }),
    run: z.int().meta({ description: 'days in a row within them' }),
  })
  .meta({ id: 'ConvergenceDay' })

const dimensionSeriesSchema = z
  .object({
    dimension: dimensionSchema,
    verdict: z.string(),
    converged: z.boolean(),
    since: dateSchema.optional(),
    observations: z.int(),
    entries: z.int(),
    days: z.array(daySchema).meta({ description: 'days with traffic; others neither count nor break a run' }),
  })
  .meta({ id: 'ConvergenceSeries' })

const markSchema = z
  .object({
    markId: z.string(),
    mark: z.enum(['contaminated', 'rebuild']),
    state: z.enum(['active', 'lifted']),
    from: z.string().optional(),
    to: z.string().optional(),
    positions: z.array(z.tuple([z.int(), z.int()])),
    reason: z.string(),
    by: z.string(),
    recordedAt: rfc3339Schema,
    entry: z.int(),
  })
  .meta({ id: 'ProfileMark' })

const changeSchema = z.object({
  at: rfc3339Schema,
  change: z.string(),
  subject: z.string(),
  from: z.string().optional(),
  to: z.string().optional(),
  changeId: z.string().optional(),
  author: z.string().optional(),
  entry: z.int(),
})

export const trackSchema = z
  .object({
    track: z.union([z.literal(1), z.literal(2)]),
    reasons: z.array(z.string()),
    obstacles: z.array(z.string()).meta({ description: 'what stands in the way of starting in production' }),
    dataClasses: z.array(z.string()).optional().meta({ description: 'absent where nobody stated them' }),
  })
  .meta({ id: 'Track' })

export const baselineSchema = z
  .object({
    agent: z.string(),
    name: z.string(),
    class: z.enum(AGENT_CLASSES),
    classReasons: z.array(z.string()),
    clocks: z.array(clockSchema),
    asOf: rfc3339Schema,
    status: z.enum(['no-traffic', 'observing', 'converged', 'non-convergent']),
    converged: z.boolean(),
    since: dateSchema.optional().meta({ description: 'when it converged, or was said not to' }),
    verdict: z.string(),
    partial: z.string().optional().meta({ description: 'why nothing may be enforced from it' }),
    daysElapsed: z.int(),
    firstDay: dateSchema.optional(),
    lastDay: dateSchema.optional(),
    observations: z.int(),
    limits: z.object({
      novelty: z.number(),
      distance: z.number(),
      spread: z.number(),
      days: z.int(),
      observations: z.int(),
      halfLifeDays: z.number(),
    }),
    dimensions: z.array(dimensionSeriesSchema),
    volumes: z.array(
      z.object({
        measure: z.enum(VOLUME_MEASURES),
        executions: z.int(),
        p50: z.number(),
        p95: z.number(),
        p99: z.number(),
      }),
    ),
    changes: z.array(changeSchema),
    churn: z
      .object({ restarts: z.int(), scalings: z.int() })
      .meta({ description: 'of pods and replicas: neither resets a profile nor explains a change of behaviour' }),
    marks: z.array(markSchema),
    track: trackSchema,
    mode: z
      .object({ mode: z.string(), by: z.string(), reason: z.string() })
      .optional()
      .meta({ description: 'in which mode it runs, as it was stated; absent where nobody did' }),
    leftOut: z.object({
      untimed: z.int().meta({ description: 'observations without a time' }),
      outOfTime: z.int().meta({ description: 'of a live source whose clock is more than a day from ours' }),
    }),
  })
  .meta({ id: 'Baseline' })

export const profileEntrySchema = z
  .object({
    dimension: dimensionSchema,
    key: z.string().meta({ description: 'untrusted' }),
    count: z.int(),
    daysSeen: z.int(),
    first: rfc3339Schema,
    last: rfc3339Schema,
    recency: z.number().meta({ description: '2^(-d/h)' }),
    state: z.enum(['current', 'stale', 'left-out']),
    thin: z.boolean().meta({ description: 'seen on fewer than three days' }),
    isNew: z.boolean().meta({ description: 'first seen after the profile had converged' }),
  })
  .meta({ id: 'ProfileEntry' })

export const proofSchema = z
  .object({ entry: z.int(), claimedAt: rfc3339Schema, events: z.array(z.string()) })
  .meta({ id: 'ProfileProof' })

export const observedAgentSchema = z
  .object({
    agent: z.string(),
    name: z.string(),
    class: z.string(),
    clocks: z.array(clockSchema),
    status: z.enum(['observing', 'non-convergent']),
    verdict: z.string(),
    since: rfc3339Schema.meta({ description: 'first observation' }),
    elapsedHours: z.number(),
    observations: z.int(),
    track: trackSchema,
  })
  .meta({ id: 'ObservedAgent' })

export const paritySchema = z
  .object({
    agent: z.string(),
    staging: z.string(),
    declaredTools: z.int(),
    declaredDestinations: z.int(),
    missingTools: z.array(z.string()),
    missingDestinations: z.array(z.string()),
    passed: z.boolean(),
    reason: z.string(),
  })
  .meta({ id: 'Parity' })

export const markRequestSchema = z.object({
  mark: z.enum(['contaminated', 'lifted', 'rebuild']),
  markId: z.string().min(1).max(100).optional().meta({ description: 'of the mark to lift' }),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  positions: z
    .array(z.tuple([z.int().min(0), z.int().min(0)]))
    .max(1_000)
    .optional(),
  reason: z.string().min(1).max(1_000),
})

export const statementSchema = z.object({
  field: z.enum([
    'class',
    'track',
    'data-classes',
    'owner',
    'live',
    'restartable',
    'harm-reversible',
    'takeover',
    'life-safety',
    'reportable',
    'mode',
    'build',
  ]),
  value: z.string().max(1_000),
  reason: z.string().min(1).max(1_000),
})

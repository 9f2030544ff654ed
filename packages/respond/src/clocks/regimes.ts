import { z } from 'zod'

import type { Checked, Mistake, ParsedFile } from '../runbook/yaml-file.ts'
import { parseYamlFile, repeatedIds } from '../runbook/yaml-file.ts'

/** Moments from which a duty is counted. Each is stated by a person or by the program, never guessed. */
export const CLOCK_STARTS = [
  'awareness',
  'discovery',
  'determination',
  'classification',
  'materiality',
  'reasonable-belief',
  'payment',
  'disruption',
  'fix-available',
  'initial-notification',
  'intermediate-report',
  'notification',
] as const

export type ClockStart = (typeof CLOCK_STARTS)[number]

const words = z.string().trim().min(1).max(500)
const id = z.string().regex(/^[a-z0-9][a-z0-9.-]{1,63}$/, 'an id is of a-z, 0-9, dots and -')
const amount = z.int().min(1).max(1_000)

const withinSchema = z.union([
  z.literal('without-undue-delay'),
  z.strictObject({ hours: amount }).readonly(),
  z.strictObject({ days: amount }).readonly(),
  z.strictObject({ 'business-days': amount }).readonly(),
  z.strictObject({ months: amount }).readonly(),
])

export type Within = z.infer<typeof withinSchema>

const stageSchema = z
  .strictObject({
    id,
    from: z.enum(CLOCK_STARTS),
    within: withinSchema,
    recipients: z.array(words).min(1).readonly(),
    says: words,
  })
  .readonly()

const regimeSchema = z
  .strictObject({
    id,
    regime: words,
    jurisdiction: words,
    trigger: words,
    /** The regime concerns agents that carry one of these. */
    tags: z.array(id).min(1).readonly(),
    'applies-to': z
      .array(z.enum(['incident', 'action']))
      .min(1)
      .readonly(),
    /** Hours of disruption from which our own containment is to be reported; stands where `applies-to` has `action`. */
    'disruption-hours': amount.optional(),
    stages: z.array(stageSchema).min(1).readonly(),
    source: z.url(),
    'last-reviewed': z.iso.date(),
    /** How well the row itself is known: nobody may take `secondary` for a fact. */
    grade: z.enum(['verified', 'to-be-verified', 'secondary']),
  })
  .readonly()

export type Regime = z.infer<typeof regimeSchema>

const regimesSchema = z
  .strictObject({ 'reviewed-by': words, regimes: z.array(regimeSchema).min(1).readonly() })
  .readonly()

export type Regimes = z.infer<typeof regimesSchema>

/** Reads the regimes. `text` is untrusted. */
export function parseRegimes(text: string, file: string): ParsedFile<Regimes> {
  return parseYamlFile({ text, file }, regimesFrom)
}

function regimesFrom(value: unknown): Checked<Regimes> {
  const result = regimesSchema.safeParse(value)
  const mistakes = result.success ? mistakesIn(result.data) : result.error.issues
  if (result.success && mistakes.length === 0) return { status: 'parsed', value: result.data }
  return { status: 'refused', mistakes }
}

function mistakesIn({ regimes }: Regimes): readonly Mistake[] {
  return [
    ...repeatedIds(regimes).map((at) => ({ path: ['regimes', at, 'id'], message: 'the id stands twice' })),
    ...regimes.flatMap((regime, at) => [
      ...repeatedIds(regime.stages).map((stage) => ({
        path: ['regimes', at, 'stages', stage, 'id'],
        message: 'the id stands twice',
      })),
      ...(regime['applies-to'].includes('action') === (regime['disruption-hours'] !== undefined)
        ? []
        : [
            {
              path: ['regimes', at, 'applies-to'],
              message: 'a regime that applies to an action, and no other, says from how many hours of disruption',
            },
          ]),
    ]),
  ]
}

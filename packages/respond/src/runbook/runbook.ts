import { INCIDENT_TYPES, PHASES } from '@holdfast/model'
import { z } from 'zod'

import { MAX_CELL_ITEMS } from '../limits.ts'
import { FACTS, isFactName } from './facts.ts'
import type { FactName } from './facts.ts'
import { inputWords } from './input-words.ts'

export { PHASES, type Phase } from '@holdfast/model'

export const TEAMS = ['security-operations', 'security', 'iam', 'platform', 'ai-engineering', 'compliance'] as const

export type Team = (typeof TEAMS)[number]

const words = z.string().trim().min(1).max(500)
const id = z.string().regex(/^[a-z][a-z0-9-]{1,63}$/, 'an id is of a-z, 0-9 and -, and begins with a letter')
const fact = z.custom<FactName>((value) => typeof value === 'string' && isFactName(value), {
  error: ({ input }) => `fact ${inputWords(input)} is unknown${typeof input === 'string' ? nearest(input) : ''}`,
})

/** One thing that must hold. Exactly one of `is`, `one-of`, `at-least` and `at-most` says how. */
export const conditionSchema = z
  .strictObject({
    says: words,
    fact,
    is: z.union([z.boolean(), z.number(), z.string()]).optional(),
    'one-of': z.array(z.string()).min(1).max(MAX_CELL_ITEMS).optional(),
    'at-least': z.number().optional(),
    'at-most': z.number().optional(),
  })
  .readonly()

export type Condition = z.infer<typeof conditionSchema>

/** Subcategories of NIST CSF 2.0 by function and category; the number is checked for its form only. */
const csf = z.string().regex(/^(?:GV|ID|PR|DE|RS|RC)\.[A-Z]{2}-\d{2}$/, 'a NIST CSF 2.0 subcategory reads RS.MI-01')

const taskSchema = z.strictObject({ id, team: z.enum(TEAMS), says: words, skill: id.optional() }).readonly()
/** `artifact`: which of the six forensic artifacts it is, where it is one of them. */
const evidenceSchema = z
  .strictObject({ id, says: words, artifact: z.enum(['A1', 'A2', 'A3', 'A4', 'A5', 'A6']).optional() })
  .readonly()

/** One cell of the matrix: what one phase is for one type. */
const cellSchema = z
  .strictObject({
    phase: z.enum(PHASES),
    owner: z.enum(TEAMS),
    action: words,
    csf: z.array(csf).min(1).max(MAX_CELL_ITEMS).readonly(),
    enters: z.array(conditionSchema).min(1).max(MAX_CELL_ITEMS).readonly(),
    leaves: z.array(conditionSchema).min(1).max(MAX_CELL_ITEMS).readonly(),
    evidence: z.array(evidenceSchema).min(1).max(MAX_CELL_ITEMS).readonly(),
    tasks: z.array(taskSchema).min(1).max(MAX_CELL_ITEMS).readonly(),
  })
  .readonly()

export type Cell = z.infer<typeof cellSchema>
export type Task = Cell['tasks'][number]

/** A runbook: one incident type, six cells, and the five procedures that hold for all of them. */
export const runbookSchema = z
  .strictObject({
    type: z.enum(INCIDENT_TYPES),
    version: z.int().min(1),
    name: words,
    /** Cost of stopping the agent, 0 to 100, as CACAO's `impact` has it. */
    impact: z.int().min(0).max(100),
    procedures: z
      .strictObject({
        detection: words,
        escalation: words,
        containment: words,
        communication: words,
        learning: words,
      })
      .readonly(),
    cells: z.array(cellSchema).length(PHASES.length).readonly(),
  })
  .readonly()

export type Runbook = z.infer<typeof runbookSchema>

/** The known fact that shares the longest beginning with what was written, if that is three letters or more. */
function nearest(text: string): string {
  const shared = (name: string): number => {
    let at = 0
    while (at < name.length && name[at] === text[at]) at++
    return at
  }
  const best = Object.keys(FACTS).toSorted((a, b) => shared(b) - shared(a))[0]
  return best !== undefined && shared(best) >= 3 ? `, did you mean "${best}"?` : ''
}

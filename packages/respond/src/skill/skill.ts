import { RUNGS } from '@holdfast/model'
import { z } from 'zod'

import { CUTS } from '../ladder/rungs.ts'
import { isFactName } from '../runbook/facts.ts'
import type { FactName } from '../runbook/facts.ts'
import { inputWords } from '../runbook/input-words.ts'
import { PHASES, TEAMS } from '../runbook/runbook.ts'

const words = z.string().trim().min(1).max(500)
const id = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'an id is of a-z, 0-9 and -, and begins with a letter')

/** The name of one of the skill's inputs. */
const target = id
const base = { id }

const fact = z.custom<FactName>((value) => typeof value === 'string' && isFactName(value), {
  error: ({ input }) => `fact ${inputWords(input)} is unknown`,
})

const stepSchema = z.discriminatedUnion('do', [
  /** Fixes the evidence by log position and checkpoint. */
  z.strictObject({ ...base, do: z.literal('seal') }).readonly(),
  z
    .strictObject({
      ...base,
      do: z.literal('hold'),
      rung: z.enum(RUNGS),
      target,
      'ttl-minutes': z.int().min(0).max(10_080),
    })
    .readonly(),
  z.strictObject({ ...base, do: z.literal('cut'), cut: z.enum(CUTS.map((cut) => cut.id)), target }).readonly(),
  z.strictObject({ ...base, do: z.literal('acquire'), what: z.enum(['memory', 'open-files']), target }).readonly(),
  z
    .strictObject({
      ...base,
      do: z.literal('notify'),
      channel: z.enum(['siem', 'chat', 'pager', 'ticket']),
      what: z.enum(['finding', 'action']),
    })
    .readonly(),
  /** Work for a person; the skill goes on when it is done. */
  z.strictObject({ ...base, do: z.literal('ask'), team: z.enum(TEAMS), says: words }).readonly(),
  /** The skill has failed where it does not hold. */
  z
    .strictObject({ ...base, do: z.literal('check'), fact, is: z.union([z.boolean(), z.number(), z.string()]) })
    .readonly(),
  z
    .strictObject({ ...base, do: z.literal('roster'), change: z.enum(['retire', 'restore-version']), target })
    .readonly(),
])

export type SkillStep = z.infer<typeof stepSchema>

const TARGET_KINDS = ['workload', 'identity', 'grant', 'corpus', 'document', 'tool', 'channel'] as const

export const stepsSchema = z
  .strictObject({
    version: z.int().min(1),
    inputs: z
      .array(z.strictObject({ name: id, kind: z.enum(TARGET_KINDS) }).readonly())
      .max(16)
      .readonly(),
    steps: z.array(stepSchema).min(1).max(64).readonly(),
  })
  .readonly()

export type SkillSteps = z.infer<typeof stepsSchema>

/** Front matter of a SKILL.md (Agent Skills): https://agentskills.io/specification */
export const frontMatterSchema = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .max(64)
      .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'a name is of a-z, 0-9 and single hyphens inside'),
    description: z.string().trim().min(1).max(1_024),
    license: z.string().optional(),
    compatibility: z.string().max(500).optional(),
    metadata: z.record(z.string(), z.string()).readonly().optional(),
    'allowed-tools': z.string().optional(),
  })
  .readonly()

export type FrontMatter = z.infer<typeof frontMatterSchema>

/** What our metadata keys may say. */
export const METADATA: ReadonlyMap<string, readonly string[] | undefined> = new Map<
  string,
  readonly string[] | undefined
>([
  ['holdfast.phase', PHASES],
  ['holdfast.incident-type', ['runtime-execution-escape', 'privilege-boundary-escape', 'reasoning-compromise']],
  ['holdfast.cacao-id', undefined],
])

/** A response procedure that can be rehearsed: what it is for, in words, and what it does, step by step. */
export type Skill = {
  readonly front: FrontMatter
  /** Markdown below the front matter. For people: nothing of it is carried out. */
  readonly body: string
  readonly steps: SkillSteps
  /** SHA-256 over both files; what was rehearsed and signed is what runs. */
  readonly digest: string
}

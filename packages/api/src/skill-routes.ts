import { z } from 'zod'

const none = z.object({})
const reason = z.string().trim().min(1).max(1_000)
const targets = z.record(z.string().max(64), z.string().min(1).max(900)).meta({ description: 'names by input' })

const skillSchema = z.object({
  name: z.string(),
  description: z.string(),
  version: z.int(),
  digest: z.string().meta({ description: 'SHA-256 over both files' }),
  origin: z.enum(['shipped', 'own']),
  standing: z
    .enum(['shipped', 'approved', 'not-approved'])
    .meta({ description: 'only shipped bytes and those that an admin approved run' }),
  approved: z.object({ by: z.string(), reason: z.string(), entry: z.int() }).optional(),
  inputs: z.array(z.object({ name: z.string(), kind: z.string() })),
})

const listSchema = z
  .object({
    skills: z.array(skillSchema),
    refused: z.array(z.object({ folder: z.string(), problems: z.array(z.string()) })),
  })
  .meta({ id: 'Skills' })

export type SkillsWire = z.output<typeof listSchema>

const shownSchema = skillSchema
  .extend({
    text: z.string(),
    steps: z.array(z.object({ id: z.string(), do: z.string(), words: z.string() })),
    note: z.string().meta({ description: 'name, version and digest, signed with the key of the log' }),
    key: z.string(),
  })
  .meta({ id: 'Skill' })

export type SkillWire = z.output<typeof shownSchema>

const rehearsalSchema = z.object({
  status: z.enum(['ready', 'missing']),
  missing: z.array(z.string()),
  steps: z.array(
    z.object({ id: z.string(), would: z.string(), by: z.enum(['program', 'person']), canBeUndone: z.boolean() }),
  ),
})

export type RehearsalWire = z.output<typeof rehearsalSchema>

const runSchema = z
  .object({
    run: z.string(),
    skill: z.string(),
    version: z.int(),
    digest: z.string(),
    incident: z.string(),
    targets: z.record(z.string(), z.string()),
    state: z.enum(['running', 'waiting', 'failed', 'finished']),
    by: z.string(),
    steps: z.array(
      z.object({
        id: z.string(),
        do: z.string(),
        state: z.enum(['open', 'intended', 'done', 'waiting', 'failed']),
        detail: z.string(),
        plan: z.string().optional(),
        entries: z.array(z.int()),
      }),
    ),
  })
  .meta({ id: 'SkillRun' })

export type SkillRunWire = z.output<typeof runSchema>

const skillParams = z.object({ skill: z.string() })

/** Response procedures that can be rehearsed, and run on record. */
export const skillRoutes = {
  listSkills: {
    method: 'GET',
    path: '/api/v1/skills',
    access: 'viewer',
    summary: 'Skills that ship and those in the data folder, and which of them may run',
    params: none,
    query: none,
    response: listSchema,
  },
  getSkill: {
    method: 'GET',
    path: '/api/v1/skills/{skill}',
    access: 'viewer',
    summary: 'One skill with its text, steps and signature',
    params: skillParams,
    query: none,
    response: shownSchema,
  },
  decideSkill: {
    method: 'POST',
    path: '/api/v1/skills/{skill}',
    access: 'admin',
    summary: 'Approves exactly these bytes of a skill, or takes that back; recorded first',
    params: skillParams,
    query: none,
    body: z.object({ decision: z.enum(['approved', 'withdrawn']), digest: z.string().length(64), reason }),
    response: shownSchema,
  },
  rehearseSkill: {
    method: 'POST',
    path: '/api/v1/skills/{skill}/rehearsal',
    access: 'viewer',
    summary: 'What each step would do to these targets; nothing is done',
    params: skillParams,
    query: none,
    body: z.object({ incident: z.string().max(100).optional(), targets }),
    response: rehearsalSchema,
  },
  runSkill: {
    idempotencyKey: true,
    method: 'POST',
    path: '/api/v1/skills/{skill}/runs',
    access: 'responder',
    summary: 'Runs a skill for an incident until a person or a plan is needed; each step is recorded before it is done',
    params: skillParams,
    query: none,
    body: z.object({ incident: z.string().max(100), targets, reason }),
    response: runSchema,
  },
  listSkillRuns: {
    method: 'GET',
    path: '/api/v1/skill-runs',
    access: 'viewer',
    summary: 'Runs of skills, the newest first',
    params: none,
    query: z.object({ incident: z.string().max(100).optional() }),
    response: z.object({ runs: z.array(runSchema) }),
  },
  continueSkillRun: {
    method: 'POST',
    path: '/api/v1/skill-runs/{run}',
    access: 'responder',
    summary: 'Goes on with a run that waits: the person has done the task, or the plan was applied',
    params: z.object({ run: z.string() }),
    query: none,
    body: z.object({ reason }),
    response: runSchema,
  },
} as const

import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { IncidentScenarioName } from './names.ts'

const surface = z.enum(['green', 'amber', 'red'])
const bit = z.union([z.literal(0), z.literal(1)])

/** What a scenario must give, as its `expected.json` states it. */
const expectedSchema = z.strictObject({
  verdict: z.enum(['incident', 'none']),
  type: z.enum(['runtime-execution-escape', 'privilege-boundary-escape', 'reasoning-compromise']).optional(),
  contributing: z
    .array(z.enum(['runtime-execution-escape', 'privilege-boundary-escape', 'reasoning-compromise']))
    .optional(),
  /** Floor. */
  confidence: z.number().min(0).max(1).optional(),
  template: z.enum(['T1', 'T2', 'T3', 'T4', 'T5', 'T6']).optional(),
  /** Only those that are stated are compared. */
  surfaces: z.strictObject({ S1: surface, S2: surface, S3: surface, S4: surface }).partial().optional(),
  /** Names of the agents of the incident, all of them. */
  agents: z.array(z.string()).optional(),
  /** Row of the drift table: deployment correlation, pattern continuity, resource bounds. */
  drift: z.strictObject({ deployment: bit, pattern: bit, bounds: bit }).optional(),
  /** What people would tell the ladder of this workload (docs/responding.md); without it rung, family and deadline are not compared. */
  told: z.record(z.string(), z.string()).optional(),
  rung: z.enum(['R0', 'R1', 'R2', 'R3', 'R4', 'R5']).optional(),
  family: z.enum(['isolate', 'authority', 'context']).optional(),
  deadlineSeconds: z.number().optional(),
  artifacts: z
    .partialRecord(z.enum(['A1', 'A2', 'A3', 'A4', 'A5', 'A6']), z.enum(['complete', 'not-expected']))
    .optional(),
})

export type Expected = z.infer<typeof expectedSchema>

/** Reads what a scenario must give; throws where the file says it wrongly. */
export function expectedOf(name: IncidentScenarioName): Expected {
  const file = new URL(`../../src/incidents/${folderOf(name)}/expected.json`, import.meta.url)
  const all = z.record(z.string(), expectedSchema).parse(JSON.parse(readFileSync(file, 'utf8')))
  const own = all[name]
  if (own === undefined) throw new Error(`${file.pathname} does not say what ${name} must give`)
  return own
}

/** A variant and a twin stand in the folder of the scenario that they belong to. */
export function folderOf(name: IncidentScenarioName): string {
  return name.replace(/-(?:b|twin)$/, '')
}

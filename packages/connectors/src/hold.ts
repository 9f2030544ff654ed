import { createHash } from 'node:crypto'

import type { PlanStep } from '@holdfast/respond'
import { z } from 'zod'

/** What a hold leaves on the object that it changed: enough to take it back without us. */
export const holdSchema = z.object({
  incident: z.string().max(128),
  deed: z.string().max(64),
  /** The plan and step that it is for. */
  key: z.string().max(256),
  expires: z.iso.datetime(),
  /** Value of the field before the first of our holds; absent where it had none. */
  before: z.union([z.number(), z.boolean(), z.string()]).optional(),
  /** Who owned the field then, as the other system names writers. */
  owner: z.string().max(128).optional(),
})

export type Hold = z.output<typeof holdSchema>

/** The hold in a text that an object carries. Undefined where it is none: others can write there too. */
export function parseHold(text: string): Hold | undefined {
  try {
    const parsed = holdSchema.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : undefined
  } catch {
    // Not JSON: not written by us.
    return undefined
  }
}

/** The same for the same deed of an incident on a target, so that a second plan finds what the first one did. */
export function holdIdOf(step: PlanStep): string {
  const { incident, agent, target } = step
  const text = JSON.stringify([incident, agent, target.kind, target.name, target.parts ?? [], deedOf(step)])
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

export function deedOf({ deed }: Pick<PlanStep, 'deed'>): string {
  return deed.kind === 'rung' ? deed.rung : deed.cut
}

export function holdOf(step: PlanStep, key: string, expiresMs: number): Hold {
  const expires = new Date(expiresMs).toISOString()
  return { incident: step.incident, deed: deedOf(step), key, expires }
}

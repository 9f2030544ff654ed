import { createHash, type Hash } from 'node:crypto'
import type { Candidate } from './candidates.ts'
import { bareTool, identityOf, type Act } from './execution.ts'

type Named = Pick<Candidate, 'parts' | 'since'>

/**
 * Id of a change: of what it consists of and since when, as its source claims, so that neither a verdict on another change nor
 * the place in the log moves it. What comes to it later is another change: a person's verdict is on what that person saw.
 */
export function changeId(agent: string, { parts, since }: Named): string {
  return idsOf(agent, { parts, since }).at(-1) ?? textOf(seeded(agent, since))
}

/** How many of the first parts are a change that a person decided on, where that is not all of them; 0 otherwise. */
export function decidedParts(agent: string, named: Named, isDecided: (id: string) => boolean): number {
  const ids = idsOf(agent, named)
  const whole = ids.at(-1)
  if (whole === undefined || isDecided(whole)) return 0
  return ids.findLastIndex(isDecided) + 1
}

/** Parts of a group of like things that came together, one for each of `acts`; a tool is one part, whoever tells of it. */
export function partsOf(acts: readonly Act[]): readonly string[] {
  const [first] = acts
  if (first?.dimension !== 'tool') return acts.map(identityOf)
  // Of tellers that name a server and those that do not the tool is one; another server’s is another.
  const servers = new Set(acts.flatMap(({ key }) => (key.includes('/') ? [key] : [])))
  return [`tool\n${bareTool(first.key)}`, ...[...servers].slice(1).map((key) => `tool\n${key}`)]
}

/** The id of the first part, of the first two, and so on. */
function idsOf(agent: string, { parts, since }: Named): readonly string[] {
  const hash = seeded(agent, since)
  const seen = new Set<string>()
  return parts.map((part) => {
    if (!seen.has(part)) hash.update(`${Buffer.byteLength(part)}\n${part}`)
    seen.add(part)
    return textOf(hash)
  })
}

function seeded(agent: string, since: string): Hash {
  return createHash('sha256').update(`${agent}\n${since}\n`)
}

function textOf(hash: Hash): string {
  return hash.copy().digest('hex').slice(0, 24)
}

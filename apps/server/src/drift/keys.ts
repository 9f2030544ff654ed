import { keyPart } from '../views/key-part.ts'

/** Keys of the drift projection. Parts that a sender chose are percent-encoded; numbers are padded, so that keys sort. */
export const keys = {
  agent: (agent: string) => `a/${keyPart(agent)}`,
  agents: () => 'a/',
  execution: (agent: string, execution: string) => `e/${keyPart(agent)}/${keyPart(execution)}`,
  /** Executions with an act on a day. */
  executionDay: (agent: string, day: number, execution: string) =>
    `d/${keyPart(agent)}/${padded(day)}/${keyPart(execution)}`,
  executionsOf: (agent: string, day: number) => `d/${keyPart(agent)}/${padded(day)}/`,
  /** What changed a day last, and who told of it. */
  day: (agent: string, day: number) => `s/${keyPart(agent)}/${padded(day)}`,
  days: (agent: string) => `s/${keyPart(agent)}/`,
  /** A recorded change under its own id: what restates it does not change it again. */
  change: (agent: string, id: string) => `h/${keyPart(agent)}/${keyPart(id)}`,
  changes: (agent: string) => `h/${keyPart(agent)}/`,
  /** A document that states parts or grants, by when it did. */
  document: (agent: string, document: string, at: bigint) =>
    `g/${keyPart(agent)}/${keyPart(document)}/${at.toString().padStart(20, '0')}`,
  documents: (agent: string) => `g/${keyPart(agent)}/`,
  /** What a person said of a change; the newest holds. */
  decision: (agent: string, change: string) => `v/${keyPart(agent)}/${keyPart(change)}`,
  decisions: (agent: string) => `v/${keyPart(agent)}/`,
} as const

/** Part `index` of a key, decoded. */
export function partOf(key: string, index: number): string {
  return decodeURIComponent(key.split('/')[index] ?? '')
}

/** Days since 1970 reach 213,503 before nanoseconds of 64 bits end. */
function padded(number: number): string {
  return number.toString().padStart(6, '0')
}

import { keyPart } from '../views/key-part.ts'

/** Keys of the drift projection. Parts that a sender chose are percent-encoded; numbers are padded, so that keys sort. */
export const keys = {
  agent: (agent: string) => `a/${keyPart(agent)}`,
  agents: () => 'a/',
  /** Under the day of its first act, so that the executions of a day are read in one go. */
  execution: (agent: string, day: number, execution: string) =>
    `e/${keyPart(agent)}/${padded(day)}/${keyPart(execution)}`,
  executionsOf: (agent: string, day: number) => `e/${keyPart(agent)}/${padded(day)}/`,
  /** The day that an execution stands under. */
  dayOfExecution: (agent: string, execution: string) => `d/${keyPart(agent)}/${keyPart(execution)}`,
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

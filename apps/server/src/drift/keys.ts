/** Keys of the drift projection. Parts that a sender chose are percent-encoded; numbers are padded, so that keys sort. */
export const keys = {
  agent: (agent: string) => `a/${part(agent)}`,
  agents: () => 'a/',
  execution: (agent: string, execution: string) => `e/${part(agent)}/${part(execution)}`,
  /** Executions with an act on a day. */
  executionDay: (agent: string, day: number, execution: string) => `d/${part(agent)}/${padded(day)}/${part(execution)}`,
  executionsOf: (agent: string, day: number) => `d/${part(agent)}/${padded(day)}/`,
  /** What changed a day last, and who told of it. */
  day: (agent: string, day: number) => `s/${part(agent)}/${padded(day)}`,
  days: (agent: string) => `s/${part(agent)}/`,
  /** A recorded change under its own id: what restates it does not change it again. */
  change: (agent: string, id: string) => `h/${part(agent)}/${part(id)}`,
  changes: (agent: string) => `h/${part(agent)}/`,
  /** A document that states parts or grants, by when it did. */
  document: (agent: string, document: string, at: bigint) =>
    `g/${part(agent)}/${part(document)}/${at.toString().padStart(20, '0')}`,
  documents: (agent: string) => `g/${part(agent)}/`,
  /** What a person said of a change; the newest holds. */
  decision: (agent: string, change: string) => `v/${part(agent)}/${part(change)}`,
  decisions: (agent: string) => `v/${part(agent)}/`,
} as const

/** Part `index` of a key, decoded. */
export function partOf(key: string, index: number): string {
  return decodeURIComponent(key.split('/')[index] ?? '')
}

function part(text: string): string {
  return encodeURIComponent(text.isWellFormed() ? text : text.toWellFormed())
}

/** Days since 1970 reach 213,503 before nanoseconds of 64 bits end. */
function padded(number: number): string {
  return number.toString().padStart(6, '0')
}

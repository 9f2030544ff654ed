import type { ProfileDimension, VolumeMeasure } from '@holdfast/model'

/** Keys of the profile projection. Parts that a sender chose are percent-encoded; numbers are padded, so that keys sort. */
export const keys = {
  agent: (agent: string) => `a/${part(agent)}`,
  agents: () => 'a/',
  /** How often an entry was seen on a day, first and last. */
  count: (agent: string, dimension: ProfileDimension, day: number, key: string) =>
    `c/${part(agent)}/${dimension}/${padded(day)}/${part(key)}`,
  counts: (agent: string, dimension: ProfileDimension) => `c/${part(agent)}/${dimension}/`,
  /** Its proofs of that day in one run of log positions. */
  proofs: (at: {
    readonly agent: string
    readonly dimension: ProfileDimension
    readonly day: number
    readonly key: string
  }) => `p/${part(at.agent)}/${at.dimension}/${padded(at.day)}/${part(at.key)}/`,
  proofsOfDay: (agent: string, dimension: ProfileDimension, day: number) =>
    `p/${part(agent)}/${dimension}/${padded(day)}/`,
  chunk: (chunk: number) => padded(chunk, 12),
  /** Days of which an agent has sightings in a run of log positions. */
  daysOf: (agent: string, chunk: number) => `x/${part(agent)}/${padded(chunk, 12)}/`,
  chunkDay: (agent: string, chunk: number, day: number) => `x/${part(agent)}/${padded(chunk, 12)}/${padded(day)}`,
  execution: (agent: string, execution: string) => `e/${part(agent)}/${part(execution)}`,
  executionDay: (agent: string, day: number, execution: string) => `d/${part(agent)}/${padded(day)}/${part(execution)}`,
  executionsOf: (agent: string, day: number) => `d/${part(agent)}/${padded(day)}/`,
  volume: (agent: string, measure: VolumeMeasure, day: number) => `v/${part(agent)}/${measure}/${padded(day)}`,
  volumes: (agent: string, measure: VolumeMeasure) => `v/${part(agent)}/${measure}/`,
  /** Names that were given as one argument of a tool, by their digests. */
  values: (agent: string, tool: string, path: string) => `w/${part(agent)}/${part(tool)}/${part(path)}`,
  /** Names that DNS answers gave an address. */
  names: (agent: string, address: string) => `n/${part(agent)}/${part(address)}`,
  namesOf: (agent: string) => `n/${part(agent)}/`,
  mark: (agent: string, entry: number) => `m/${part(agent)}/${padded(entry, 16)}`,
  marks: (agent: string) => `m/${part(agent)}/`,
  /** A recorded change under its own id: what restates it does not change it again. */
  change: (agent: string, id: string) => `h/${part(agent)}/${part(id)}`,
  changes: (agent: string) => `h/${part(agent)}/`,
  /** A restart or a change of replicas, which change no behaviour and are only counted. */
  churn: (agent: string, id: string) => `b/${part(agent)}/${part(id)}`,
  process: (agent: string, process: string) => `k/${part(agent)}/${part(process)}`,
} as const

/** Part `index` of a key, decoded. */
export function partOf(key: string, index: number): string {
  return decodeURIComponent(key.split('/')[index] ?? '')
}

function part(text: string): string {
  return encodeURIComponent(text.isWellFormed() ? text : text.toWellFormed())
}

/** Days since 1970 reach 213,503 before nanoseconds of 64 bits end. */
function padded(number: number, digits = 6): string {
  return number.toString().padStart(digits, '0')
}

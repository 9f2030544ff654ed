import type { ProfileDimension, VolumeMeasure } from '@holdfast/model'
import { keyPart } from '../views/key-part.ts'

/** Keys of the profile projection. Parts that a sender chose are percent-encoded; numbers are padded, so that keys sort. */
export const keys = {
  agent: (agent: string) => `a/${keyPart(agent)}`,
  agents: () => 'a/',
  /** How often an entry was seen on a day, first and last. */
  count: (agent: string, dimension: ProfileDimension, day: number, key: string) =>
    `c/${keyPart(agent)}/${dimension}/${padded(day)}/${keyPart(key)}`,
  counts: (agent: string, dimension: ProfileDimension) => `c/${keyPart(agent)}/${dimension}/`,
  /** Its proofs of that day in one run of log positions. */
  proofs: (at: {
    readonly agent: string
    readonly dimension: ProfileDimension
    readonly day: number
    readonly key: string
  }) => `p/${keyPart(at.agent)}/${at.dimension}/${padded(at.day)}/${keyPart(at.key)}/`,
  proofsOfDay: (agent: string, dimension: ProfileDimension, day: number) =>
    `p/${keyPart(agent)}/${dimension}/${padded(day)}/`,
  chunk: (chunk: number) => padded(chunk, 12),
  /** Days of which an agent has sightings in a run of log positions. */
  daysOf: (agent: string, chunk: number) => `x/${keyPart(agent)}/${padded(chunk, 12)}/`,
  chunkDay: (agent: string, chunk: number, day: number) => `x/${keyPart(agent)}/${padded(chunk, 12)}/${padded(day)}`,
  execution: (agent: string, execution: string) => `e/${keyPart(agent)}/${keyPart(execution)}`,
  executionDay: (agent: string, day: number, execution: string) =>
    `d/${keyPart(agent)}/${padded(day)}/${keyPart(execution)}`,
  executionsOf: (agent: string, day: number) => `d/${keyPart(agent)}/${padded(day)}/`,
  volume: (agent: string, measure: VolumeMeasure, day: number) => `v/${keyPart(agent)}/${measure}/${padded(day)}`,
  volumes: (agent: string, measure: VolumeMeasure) => `v/${keyPart(agent)}/${measure}/`,
  /** Names that were given as one argument of a tool, by their digests. */
  values: (agent: string, tool: string, path: string) => `w/${keyPart(agent)}/${keyPart(tool)}/${keyPart(path)}`,
  /** Names that DNS answers gave an address. */
  names: (agent: string, address: string) => `n/${keyPart(agent)}/${keyPart(address)}`,
  namesOf: (agent: string) => `n/${keyPart(agent)}/`,
  mark: (agent: string, entry: number) => `m/${keyPart(agent)}/${padded(entry, 16)}`,
  marks: (agent: string) => `m/${keyPart(agent)}/`,
  /** A recorded change under its own id: what restates it does not change it again. */
  change: (agent: string, id: string) => `h/${keyPart(agent)}/${keyPart(id)}`,
  changes: (agent: string) => `h/${keyPart(agent)}/`,
  /** A restart or a change of replicas, which change no behaviour and are only counted. */
  churn: (agent: string, id: string) => `b/${keyPart(agent)}/${keyPart(id)}`,
  process: (agent: string, process: string) => `k/${keyPart(agent)}/${keyPart(process)}`,
} as const

/** Part `index` of a key, decoded. */
export function partOf(key: string, index: number): string {
  return decodeURIComponent(key.split('/')[index] ?? '')
}

/** Days since 1970 reach 213,503 before nanoseconds of 64 bits end. */
function padded(number: number, digits = 6): string {
  return number.toString().padStart(digits, '0')
}

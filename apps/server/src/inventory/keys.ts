import type { CellSight } from '@holdfast/declare'
import { keyPart } from '../views/key-part.ts'

/** Keys of the inventory projection. Parts that a sender chose are percent-encoded; numbers are padded, so that keys sort. */
export const keys = {
  agent: (agent: string) => `a/${keyPart(agent)}`,
  agents: () => 'a/',
  /** One component of an agent over all time. */
  part: (agent: string, id: string) => `p/${keyPart(agent)}/${id}`,
  parts: (agent: string) => `p/${keyPart(agent)}/`,
  /** Its sightings of one kind in one hour since 1970. */
  cells: (agent: string, id: string, sight: CellSight, hour: number) => `${trail(agent, id, sight)}${padded(hour)}`,
  trail,
  /** The whole list of a server's tools under one digest. */
  catalogue: (agent: string, digest: string) => `q/${keyPart(agent)}/${digest}`,
  catalogues: (agent: string) => `q/${keyPart(agent)}/`,
  document: (agent: string, id: string) => `d/${keyPart(agent)}/${id}`,
  documents: (agent: string) => `d/${keyPart(agent)}/`,
  change: (agent: string, at: bigint, entry: number) =>
    `h/${keyPart(agent)}/${at.toString().padStart(20, '0')}/${padded(entry)}`,
  changes: (agent: string) => `h/${keyPart(agent)}/`,
  /** What one agent did with one identity. */
  identity: (identity: string, agent: string) => `i/${keyPart(identity)}/${keyPart(agent)}`,
  agentsAs: (identity: string) => `i/${keyPart(identity)}/`,
  identities: () => 'i/',
  /** What a proxy of ours kept from passing for one agent. */
  refusal: (agent: string, id: string) => `r/${keyPart(agent)}/${id}`,
  refusals: (agent: string) => `r/${keyPart(agent)}/`,
  calls: (agent: string, id: string) => `v/${keyPart(agent)}/${id}`,
} as const

function trail(agent: string, id: string, sight: CellSight): string {
  return `m/${keyPart(agent)}/${id}/${sight.charAt(0)}/`
}

function padded(number: number): string {
  return number.toString().padStart(16, '0')
}

import type { CellSight } from '@holdfast/declare'

/** Keys of the inventory projection. Parts that a sender chose are percent-encoded; numbers are padded, so that keys sort. */
export const keys = {
  agent: (agent: string) => `a/${part(agent)}`,
  agents: () => 'a/',
  /** One component of an agent over all time. */
  part: (agent: string, id: string) => `p/${part(agent)}/${id}`,
  parts: (agent: string) => `p/${part(agent)}/`,
  /** Its sightings of one kind in one hour since 1970. */
  cells: (agent: string, id: string, sight: CellSight, hour: number) => `${trail(agent, id, sight)}${padded(hour)}`,
  trail,
  /** The whole list of a server's tools under one digest. */
  catalogue: (agent: string, digest: string) => `q/${part(agent)}/${digest}`,
  catalogues: (agent: string) => `q/${part(agent)}/`,
  document: (agent: string, id: string) => `d/${part(agent)}/${id}`,
  documents: (agent: string) => `d/${part(agent)}/`,
  change: (agent: string, at: bigint, entry: number) =>
    `h/${part(agent)}/${at.toString().padStart(20, '0')}/${padded(entry)}`,
  changes: (agent: string) => `h/${part(agent)}/`,
  /** What one agent did with one identity. */
  identity: (identity: string, agent: string) => `i/${part(identity)}/${part(agent)}`,
  agentsAs: (identity: string) => `i/${part(identity)}/`,
  identities: () => 'i/',
  calls: (agent: string, id: string) => `v/${part(agent)}/${id}`,
} as const

function trail(agent: string, id: string, sight: CellSight): string {
  return `m/${part(agent)}/${id}/${sight.charAt(0)}/`
}

function part(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}

function padded(number: number): string {
  return number.toString().padStart(16, '0')
}

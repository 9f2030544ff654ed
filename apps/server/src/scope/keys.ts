import { hash } from 'node:crypto'
import type { AuthPlane } from '@holdfast/model'
import { keyPart } from '../views/key-part.ts'

/** Keys of the authority projection. Parts that a sender chose are percent-encoded or hashed. */
export const keys = {
  document: (object: string, claimedAt: string, entry: number) =>
    `d/${digest(object)}/${claimedAt.padStart(20, '0')}/${`${entry}`.padStart(16, '0')}`,
  documents: () => 'd/',
  acting: (from: string, to: string, plane: AuthPlane) => `i/${keyPart(from)}/${plane}/${keyPart(to)}`,
  actingFrom: (from: string) => `i/${keyPart(from)}/`,
  /** The same between two principals, as authorities saw it. */
  became: (from: string, to: string, plane: AuthPlane) => `b/${plane}/${digest(`${from}\n${to}`)}`,
  becomings: () => 'b/',
  use: (principal: string, day: string, what: string) => `u/${keyPart(principal)}/${day}/${digest(what)}`,
  usesOn: (principal: string, day: string) => `u/${keyPart(principal)}/${day}/`,
  heard: (plane: AuthPlane, day: string) => `h/${plane}/${day}`,
  heardOf: (plane: AuthPlane) => `h/${plane}/`,
  owner: (agent: string) => `o/${keyPart(agent)}`,
} as const

function digest(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 32)
}

import type { ApiEvent } from '@holdfast/api'

/** The rows of a live tail: the newest, and how many are no longer among them. */
export type TailBuffer = {
  /** Newest last. */
  readonly rows: readonly ApiEvent[]
  /** Rows that made room for newer ones here. */
  readonly droppedHere: number
  /** Rows that the server could not send because this reader was too slow. */
  readonly droppedByServer: number
}

export const EMPTY_TAIL: TailBuffer = { rows: [], droppedHere: 0, droppedByServer: 0 }

/** Adds what arrived, in one step for a burst, and drops the oldest past `limit`. */
export function appendToTail(buffer: TailBuffer, arrived: readonly ApiEvent[], limit: number): TailBuffer {
  const all = [...buffer.rows, ...arrived]
  const excess = Math.max(0, all.length - limit)
  return { ...buffer, rows: excess === 0 ? all : all.slice(excess), droppedHere: buffer.droppedHere + excess }
}

/** Counts what the server says it left out. */
export function countDropped(buffer: TailBuffer, dropped: number): TailBuffer {
  return { ...buffer, droppedByServer: buffer.droppedByServer + dropped }
}

/** One of `colours` by name, the same in every tab and every session. */
export function stableColour(name: string, colours: number): number {
  // FNV-1a: spreads names that differ in one character.
  let hash = 0x811c9dc5
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193) >>> 0
  return hash % colours
}

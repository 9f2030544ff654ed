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
export declare const EMPTY_TAIL: TailBuffer
/** Adds what arrived, in one step for a burst, and drops the oldest past `limit`. */
export declare function appendToTail(buffer: TailBuffer, arrived: readonly ApiEvent[], limit: number): TailBuffer
/** Counts what the server says it left out. */
export declare function countDropped(buffer: TailBuffer, dropped: number): TailBuffer
/** One of `colours` by name, the same in every tab and every session. */
export declare function stableColour(name: string, colours: number): number
//# sourceMappingURL=tail-buffer.d.ts.map

/**
 * What can go wrong with the recorder's surroundings. Callers test `code`, never the text.
 * - `overloaded`: the queue bound is passed; nothing of this append is stored, try again later.
 * - `unavailable`: the disk is full or nearly so, or cannot be read or written at start; nothing is stored.
 * - `corrupt`: what is on disk contradicts itself or a checkpoint; nothing is written until a person has looked.
 * - `locked`: another process writes this folder.
 * - `closed`: the recorder was closed.
 * - `invalid`: the arguments break a documented bound; nothing is stored.
 * - `cold`: what was asked for is in cold storage that is not attached; it is not lost.
 */
export class RecorderError extends Error {
  override readonly name = 'RecorderError'
  readonly code: 'overloaded' | 'unavailable' | 'corrupt' | 'locked' | 'closed' | 'invalid' | 'cold'

  constructor(code: RecorderError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

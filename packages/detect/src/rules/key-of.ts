import { hash } from 'node:crypto'
import { MAX_KEY_CHARS } from './limits.ts'

/** A value as it is kept to be compared: a long one by its digest, so that what is kept stays small. */
export function keyOf(value: string): string {
  return value.length > MAX_KEY_CHARS ? hash('sha256', value.toWellFormed()) : value
}

import { hash } from 'node:crypto'

/** An id in the form of a UUID for what is done under a key, so that doing it again does nothing twice. */
export function idOfKey(key: string): string {
  const digest = hash('sha256', key)
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    digest.slice(12, 16),
    digest.slice(16, 20),
    digest.slice(20, 32),
  ].join('-')
}

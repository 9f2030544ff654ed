import { hash } from 'node:crypto'

/** The id of the order that is given under a key: the same key gives the same order. In the form of a UUID. */
export function orderIdOf(key: string): string {
  const digest = hash('sha256', `proxy-order/${key}`)
  return [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ]
    .map(([from, to]) => digest.slice(from, to))
    .join('-')
}

import { idOfKey } from '../id-of-key.ts'

/** The id of the order that is given under a key: the same key gives the same order. */
export function orderIdOf(key: string): string {
  return idOfKey(`proxy-order/${key}`)
}

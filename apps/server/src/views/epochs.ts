import type { ProjectionStore } from '@holdfast/recorder'
import { epochOf } from './keys.ts'

type Indexed = Pick<ProjectionStore, 'cursor' | 'scan'>

/**
 * What was indexed under a key of every epoch, by what follows that key: of what several epochs hold, the first told. The
 * oldest epochs first, at most `limit`.
 */
export function scanEpochs(
  store: Indexed,
  { prefixOf, limit }: { readonly prefixOf: (epoch: number) => string; readonly limit: number },
): readonly (readonly [rest: string, value: Uint8Array])[] {
  const found = new Map<string, Uint8Array>()
  for (let epoch = 0; epoch <= epochOf(store.cursor) && found.size < limit; epoch += 1) {
    const prefix = prefixOf(epoch)
    for (const [key, value] of store.scan({ prefix, limit })) {
      const rest = key.slice(prefix.length)
      if (found.size < limit && !found.has(rest)) found.set(rest, value)
    }
  }
  return [...found]
}

import { HttpConnection } from '../connection.ts'
import type { Fragment } from '../connection.ts'
import { writeExchange } from '../exchange.ts'
import type { HttpExchange } from '../exchange.ts'

/** Runs fragments through one connection to its end and answers what was seen. */
export function exchangesOf(fragments: readonly Fragment[], order: 'kept' | 'any' = 'any'): readonly HttpExchange[] {
  const seen: HttpExchange[] = []
  const connection = new HttpConnection((exchange) => {
    seen.push(writeExchange(exchange, 'test', { seenBy: 'openssl' }))
  }, order)
  for (const fragment of fragments) connection.push(fragment)
  connection.end()
  return seen
}

/** The two directions of a conversation, one entry a write: `>` what the client wrote, `<` what it read. */
export function fragmentsOf(talk: readonly (readonly ['>' | '<', string | Uint8Array])[]): readonly Fragment[] {
  const offsets = [0, 0]
  return talk.map(([arrow, text], index) => {
    const direction = arrow === '>' ? 0 : 1
    const bytes = typeof text === 'string' ? Buffer.from(text) : text
    const offset = offsets[direction] ?? 0
    offsets[direction] = offset + bytes.length
    return { direction, offset, bytes, at: BigInt(1_000 + index) }
  })
}

/** The same bytes in other cuts: every fragment in pieces of at most `size` bytes. */
export function recut(fragments: readonly Fragment[], size: number): readonly Fragment[] {
  return fragments.flatMap((fragment) =>
    Array.from({ length: Math.ceil(fragment.bytes.length / size) }, (_, index) => ({
      ...fragment,
      offset: fragment.offset + index * size,
      bytes: fragment.bytes.subarray(index * size, (index + 1) * size),
    })),
  )
}

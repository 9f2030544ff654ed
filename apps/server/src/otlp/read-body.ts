import { constants, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'
import { INFLATE_CHUNK_BYTES, MAX_INFLATED_BYTES, ZSTD_WINDOW_LOG } from './limits.ts'
import type { Lease } from './memory-budget.ts'
import { refused } from './outcome.ts'
import type { ReadBody } from './outcome.ts'

/** Content codings (RFC 9110) and gRPC message encodings that are understood. */
export const CODINGS = ['gzip', 'deflate', 'zstd'] as const
export type Coding = (typeof CODINGS)[number]

export function codingOf(header: string | undefined): Coding | 'identity' | undefined {
  const name = (header ?? 'identity').trim().toLowerCase()
  if (name === 'identity' || name === '') return 'identity'
  if (name === 'x-gzip') return 'gzip'
  return CODINGS.find((coding) => coding === name)
}

/** Inflates a body, counting what comes out: a bomb is given up at the bound, not after it. */
export async function inflate(packed: Buffer, coding: Coding | 'identity', lease: Lease): Promise<ReadBody> {
  if (coding === 'identity') return { status: 'read', body: packed as Buffer<ArrayBuffer> } // not shared memory
  const decoder = decoderOf(coding)
  const chunks: Buffer[] = []
  let bytes = 0
  decoder.end(packed)
  try {
    for await (const chunk of decoder as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > MAX_INFLATED_BYTES)
        return refused('oversized', `the body inflates to more than ${MAX_INFLATED_BYTES} bytes`)
      const overload = lease.take(chunk.length)
      if (overload !== undefined) return refused(overload, 'too much is being received: try again later')
      chunks.push(chunk)
    }
    return { status: 'read', body: Buffer.concat(chunks, bytes) }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    return refused('malformed', `the body is not ${coding}: ${detail}`)
  } finally {
    decoder.destroy()
  }
}

function decoderOf(coding: Coding) {
  switch (coding) {
    case 'gzip':
      return createGunzip({ chunkSize: INFLATE_CHUNK_BYTES })
    case 'deflate':
      return createInflate({ chunkSize: INFLATE_CHUNK_BYTES })
    case 'zstd':
      return createZstdDecompress({
        chunkSize: INFLATE_CHUNK_BYTES,
        params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG },
      })
  }
}

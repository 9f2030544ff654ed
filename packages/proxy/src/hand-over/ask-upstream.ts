import { beginUpstream } from '../http/forward.ts'
import { PROVE_BYTES, PROVE_MS } from '../limits.ts'
import type { GivenRequest } from './hand-over-end.ts'

/** Sends a message of our own to where the client's would go. Rejects where nobody answers it whole and in time. */
export async function askUpstream(upstream: URL, { target, fields, body }: GivenRequest): Promise<Uint8Array> {
  return await new Promise((resolve, reject) => {
    const begun = beginUpstream({ upstream, request: { method: 'POST', url: target }, fields })
    const limit = setTimeout(() => begun.destroy(new Error('no answer in time')), PROVE_MS)
    begun.once('close', () => clearTimeout(limit))
    begun.once('error', reject)
    begun.once('response', (answer) => {
      const pieces: Buffer[] = []
      let bytes = 0
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > PROVE_BYTES) begun.destroy(new Error('the answer is too long'))
        else pieces.push(chunk)
      })
      answer.once('end', () => resolve(Buffer.concat(pieces)))
      answer.once('error', reject)
    })
    begun.end(body)
  })
}

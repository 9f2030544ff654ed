import type { IncomingMessage } from 'node:http'
import type { MessageGate, SeenMessage } from '@holdfast/capture'
import { unixNano } from '../clock.ts'
import { askUpstream } from '../hand-over/ask-upstream.ts'
import { ENTRY_BYTES } from '../limits.ts'
import { EventSplitter } from './event-splitter.ts'
import { fieldsToPass, withField } from './forward.ts'

/**
 * Asks the server what the gate wants of it, in the session and under the authority of the client's own request, one after the
 * other. Who does not answer is asked no further.
 */
export async function callBefore(
  calls: readonly Buffer[],
  {
    upstream,
    request,
    gate,
    note,
  }: {
    readonly upstream: URL
    readonly request: IncomingMessage
    readonly gate: MessageGate
    readonly note: (seen: SeenMessage) => void
  },
): Promise<void> {
  for (const body of calls) {
    const plain = withField(fieldsToPass(request.rawHeaders), 'accept-encoding', 'identity')
    const fields = withField(plain, 'content-length', String(body.length))
    note({ direction: 'to-server', bytes: body, at: unixNano(), isOwn: true })
    try {
      const answer = await askUpstream(upstream, { target: request.url ?? '/', fields, body })
      for (const bytes of messagesIn(answer)) {
        const verdict = gate.toClient(bytes)
        const kept = verdict.do === 'withhold' ? { withheld: verdict.withheld, held: verdict.held } : {}
        note({ direction: 'to-client', bytes, at: unixNano(), ...kept })
      }
    } catch {
      // It does not answer in time: the client's own request will show why.
      return
    }
  }
}

/** An answer is one message, or a stream of them. */
function messagesIn(answer: Uint8Array): readonly Buffer[] {
  const bytes = Buffer.from(answer)
  if (/^\s*[[{]/.test(bytes.toString('utf8', 0, 64))) return [bytes]
  return new EventSplitter(ENTRY_BYTES).push(bytes).flatMap((data) => (data ? [Buffer.from(data)] : []))
}

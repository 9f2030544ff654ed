import type { IncomingMessage, ServerResponse } from 'node:http'
import type { McpHeld, SeenMessage } from '@holdfast/capture'
import { unixNano } from '../clock.ts'
import type { HandOverEnd } from '../hand-over/hand-over-end.ts'
import { heldHandOver, refusalOf } from '../hand-over/refused.ts'

/** A request that was read whole, and where it is answered. */
export type GivenMessage = {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly message: Buffer
}

/**
 * Holds a request against the roster. `mayPass` is false where it keeps the request from the other agent, or where it was meant
 * for us: it is answered and recorded then. `noted` is what the record says of one that passes.
 */
export async function passHandOver(
  end: HandOverEnd,
  { request, response, message, note }: GivenMessage & { readonly note: (seen: SeenMessage) => void },
): Promise<{ readonly mayPass: boolean; readonly noted: readonly McpHeld[] }> {
  const given = { target: request.url ?? '/', fields: request.rawHeaders, body: message }
  const { handOver, judgement, answer } = await end.judge(given)
  const noted = judgement.status === 'allowed' ? [] : [heldHandOver(handOver, judgement)]
  if (judgement.status !== 'refused' && answer === undefined) return { mayPass: true, noted }
  const bytes = judgement.status === 'refused' ? refusalOf(message, handOver, judgement) : Buffer.from(answer ?? [])
  if (bytes !== undefined) response.writeHead(200, { 'content-type': 'application/json' }).end(bytes)
  else response.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' }).end('holdfast: not handed over\n')
  note({ direction: 'to-server', bytes: message, at: unixNano(), isStopped: true, held: noted })
  if (bytes !== undefined) note({ direction: 'to-client', bytes, at: unixNano() })
  return { mayPass: false, noted }
}

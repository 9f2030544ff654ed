/**
 * Announces refunds to customers: takes what another agent hands it over HTTP, within the trace of whoever calls. Prints its
 * address once it listens; ends on SIGTERM. Run as `node --import telemetry.ts notify-agent.ts`.
 */
import { createServer, type IncomingMessage } from 'node:http'
import { json } from 'node:stream/consumers'
import { recordIdentity } from '@holdfast/sdk'
import { context, propagation, SpanKind, trace } from '@opentelemetry/api'
import { z } from 'zod'

const handOverSchema = z.object({ id: z.string(), conversation: z.string(), text: z.string() })

const server = createServer((request, response) => {
  announce(request).then(
    () => response.end('{"announced":true}'),
    () => response.destroy(),
  )
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object' && address !== null) console.log(`listening http://127.0.0.1:${address.port}`)
})
process.once('SIGTERM', () => {
  server.close()
  server.closeAllConnections()
})

async function announce(request: IncomingMessage): Promise<void> {
  const { id, conversation, text } = handOverSchema.parse(await json(request))
  const conversationId = { 'gen_ai.conversation.id': conversation }
  const work = {
    ...conversationId,
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.agent.name': 'notify-agent',
    'gen_ai.input.messages': messages('user', text),
    'gen_ai.output.messages': messages('assistant', 'The customer was told.'),
  }
  const tracer = trace.getTracer('notify-agent')
  const caller = propagation.extract(context.active(), request.headers)
  // The caller recorded the hand-over; its id stands here too, so that both sides can be joined.
  const options = {
    kind: SpanKind.SERVER,
    attributes: { ...conversationId, 'holdfast.delegation.id': id, 'holdfast.delegation.payload': text },
  }
  tracer.startActiveSpan('announce', options, caller, (span) => {
    recordIdentity({ principal: 'system:serviceaccount:payments:notify-agent', kind: 'service-account' })
    tracer.startSpan('invoke_agent notify-agent', { attributes: work }).end()
    span.end()
  })
}

function messages(role: string, content: string): string {
  return JSON.stringify([{ role, parts: [{ type: 'text', content }] }])
}

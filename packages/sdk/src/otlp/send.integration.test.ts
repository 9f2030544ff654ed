import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'

import { expect, test } from 'vitest'

import { sendOverHttp } from './send.ts'
import type { SendResult } from './send.ts'

type Answer = { readonly status: number; readonly body?: string; readonly retryAfter?: string }

/** Sends one batch to a receiver that gives these answers in turn; tells the result and what was received. */
async function sendTo(answers: readonly Answer[]): Promise<{ readonly result: SendResult; readonly bodies: string[] }> {
  const bodies: string[] = []
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const answer = answers[Math.min(bodies.length, answers.length - 1)] ?? { status: 500 }
      bodies.push(`${request.headers['content-type']} ${String(request.headers['x-key'])} ${body}`)
      if (answer.retryAfter !== undefined) response.setHeader('retry-after', answer.retryAfter)
      response.writeHead(answer.status).end(answer.body ?? '{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const send = sendOverHttp({
    tracesUrl: `http://127.0.0.1:${port}/v1/traces`,
    headers: new Map([['x-key', 'k1']]),
    timeoutMs: 5000,
  })
  const result = await send('{"resourceSpans":[]}')
  server.close()
  server.closeAllConnections()
  return { result, bodies }
}

test('a batch is posted as JSON with the headers of the settings', async () => {
  const { result, bodies } = await sendTo([{ status: 200 }])
  expect(result).toEqual({ status: 'delivered' })
  expect(bodies).toEqual(['application/json k1 {"resourceSpans":[]}'])
})

test('a busy receiver is asked again and gets the same bytes', async () => {
  const { result, bodies } = await sendTo([
    { status: 429, retryAfter: '0' },
    { status: 503, retryAfter: '0' },
    { status: 200 },
  ])
  expect(result).toEqual({ status: 'delivered' })
  expect(new Set(bodies).size).toBe(1)
  expect(bodies).toHaveLength(3)
})

test('a receiver that stays busy costs the batch after a bounded number of attempts', async () => {
  const { result, bodies } = await sendTo([{ status: 503, retryAfter: '0' }])
  expect(result).toMatchObject({ status: 'failed', reason: expect.stringMatching(/answered 503, 4 times/) })
  expect(bodies).toHaveLength(4)
})

test('a refusal is final', async () => {
  const { result, bodies } = await sendTo([{ status: 400 }])
  expect(result).toMatchObject({ status: 'failed' })
  expect(bodies).toHaveLength(1)
})

test('partial success says how many spans were refused, and is not sent again', async () => {
  const { result, bodies } = await sendTo([{ status: 200, body: '{"partialSuccess":{"rejectedSpans":"3"}}' }])
  expect(result).toMatchObject({ status: 'partial', refusedSpans: 3 })
  expect(bodies).toHaveLength(1)
})

test('a port where nobody listens fails without throwing', async () => {
  const send = sendOverHttp({ tracesUrl: 'http://127.0.0.1:1/v1/traces', headers: new Map(), timeoutMs: 1000 })
  expect(await send('{}')).toMatchObject({ status: 'failed', reason: expect.stringContaining('was not reached') })
})

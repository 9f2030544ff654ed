import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { startTestServer } from '../../testing/server.ts'
import { startProxy } from '../mcp/testing/listening.ts'
import { apiOf, eventsOnce, ofKind, textOf } from '../mcp/testing/proxied.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const KEY = 'sk-proj-abcdefghijklmnopqrstuvwxyz0123456789'

/** A provider that streams an answer in the form of OpenAI, its second half when it is told to. */
async function startProvider() {
  const asked: { readonly authorization: string | undefined; readonly traceparent: unknown; readonly body: string }[] =
    []
  let release: () => void = () => undefined
  const chunk = (delta: object, more: object = {}): string =>
    `data: ${JSON.stringify({ id: 'r-1', model: 'm-2', choices: [{ index: 0, delta, finish_reason: null, ...more }] })}\n\n`
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request)
    asked.push({ authorization: request.headers.authorization, traceparent: request.headers['traceparent'], body })
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(chunk({ role: 'assistant', content: 'The lamp ' }))
    await new Promise<void>((done) => (release = done))
    response.end(`${chunk({ content: 'is broken.' }, { finish_reason: 'stop' })}data: [DONE]\n\n`)
  }
  const http = createServer((request, response) => void serve(request, response))
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening))
  // A listening TCP server has one.
  const { port } = http.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/v1`, asked, release: () => release(), close: () => http.close() }
}

test('a streamed call passes as it comes and is recorded whole, without its key', async () => {
  await using server = await startTestServer()
  const provider = await startProvider()
  const env = { ...server.env, TRACEPARENT: `00-${TRACE}-00f067aa0ba902b7-01` }
  await using proxy = await startProxy(['llm', '--url', provider.url, '--name', 'support'], env)
  expect(new URL(proxy.url).pathname).toBe('/v1')
  const body = JSON.stringify({ model: 'm-1', stream: true, messages: [{ role: 'user', content: 'What is wrong?' }] })
  const response = await fetch(`${proxy.url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${KEY}` },
    body,
  })
  const pieces: string[] = []
  for await (const piece of response.body ?? []) {
    pieces.push(Buffer.from(piece).toString())
    // The second half comes only once the first one is here.
    provider.release()
  }
  expect(pieces.length).toBeGreaterThan(1)
  expect(pieces.at(-1)).toContain('[DONE]')
  const [asked] = provider.asked
  expect(asked).toMatchObject({ authorization: `Bearer ${KEY}`, body })
  expect(asked?.traceparent).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`))

  const api = apiOf(server)
  const events = await eventsOnce(api, (all) => ofKind(all, 'model-output').length === 1)
  const [call] = ofKind(events, 'model-call')
  expect(call?.source).toMatchObject({ channel: 'llm-proxy', tier: 'boundary', instrumentation: 'proxy' })
  expect(call?.facts).toMatchObject({ requestModel: 'm-1', responseModel: 'm-2' })
  expect(call?.conversation).toBe(TRACE)
  const [output] = ofKind(events, 'model-output')
  expect(output && (await textOf(api, output, 'content'))).toBe('The lamp is broken.')
  const raw = await api.call('getRawEntry', { params: { index: call?.entry ?? 0 } })
  expect(JSON.stringify(raw)).not.toContain(KEY)
  expect(Buffer.from(JSON.stringify(raw)).includes(Buffer.from(KEY).toString('base64'))).toBe(false)
  provider.close()
})

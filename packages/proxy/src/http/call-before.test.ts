import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { readMcpEntry, type MessageGate } from '@holdfast/capture'
import { afterEach, expect, test } from 'vitest'
import { Observed } from '../observed.ts'
import { startMcpProxy } from './mcp-proxy.ts'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

type Asked = { readonly body: string; readonly session: unknown; readonly authorization: unknown }

/** A server that answers each request, in the form of `answer`. */
async function upstream(answer: (body: string) => { readonly type: string; readonly text: string }) {
  const asked: Asked[] = []
  const serve = async (request: IncomingMessage): Promise<ReturnType<typeof answer>> => {
    const body = await text(request)
    const { 'mcp-session-id': session, authorization } = request.headers
    asked.push({ body, session, authorization })
    return answer(body)
  }
  const http = createServer((request, response) => {
    void serve(request).then((said) => response.setHeader('content-type', said.type).end(said.text))
  })
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening))
  open.push(() => new Promise((done) => http.close(done).closeAllConnections()))
  // A listening TCP server has one.
  const { port } = http.address() as AddressInfo
  return { url: new URL(`http://127.0.0.1:${port}/mcp`), asked }
}

const OWN =
  '{"jsonrpc":"2.0","id":"ours","method":"tools/call","params":{"name":"delete_note","arguments":{"key":"n"}}}'
const ASKED = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search_notes","arguments":{}}}'
const idOf = (body: string): unknown => (JSON.parse(body) as { readonly id: unknown }).id
const answerTo = (body: string): string => JSON.stringify({ jsonrpc: '2.0', id: idOf(body), result: { content: [] } })

test.each([
  ['as JSON', (body: string) => ({ type: 'application/json', text: answerTo(body) })],
  [
    'as a stream',
    (body: string) => ({ type: 'text/event-stream', text: `event: message\ndata: ${answerTo(body)}\n\n` }),
  ],
])(
  'what a gate asks goes first, in the session of the client, and its answer %s is for the gate',
  async (_, answer) => {
    const server = await upstream(answer)
    const heard: unknown[] = []
    const gate: MessageGate = {
      isActive: true,
      before: () => (heard.length === 0 ? [Buffer.from(OWN)] : []),
      toServer: () => ({ do: 'pass' }),
      toClient: (message) => {
        const id = idOf(String(message))
        if (id !== 'ours') return { do: 'pass' }
        heard.push(id)
        return { do: 'withhold', withheld: [], held: [] }
      },
    }
    const entries: Buffer[] = []
    const record = { record: (entry: Buffer) => void entries.push(entry), lose: () => undefined }
    const observed = new Observed({ run: 'r', transport: 'http', target: 'memory' }, record)
    const proxy = await startMcpProxy({
      upstream: server.url,
      host: '127.0.0.1',
      port: 0,
      observed,
      inject: false,
      trace: undefined,
      gate,
    })
    open.push(() => proxy[Symbol.asyncDispose]())
    const response = await fetch(proxy.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'mcp-session-id': 's-1', authorization: 'Bearer key' },
      body: ASKED,
    })
    const given = await response.text()
    expect(given).toContain('"id":1')
    expect(given).not.toContain('ours')
    expect(server.asked).toEqual([
      { body: OWN, session: 's-1', authorization: 'Bearer key' },
      { body: ASKED, session: 's-1', authorization: 'Bearer key' },
    ])
    expect(heard).toEqual(['ours'])
    observed.flush()
    const frames = entries.flatMap((entry) => readMcpEntry(entry)?.frame ?? [])
    expect(frames.map(({ direction, calls }) => [direction, calls[0]?.id, calls[0]?.isOwn])).toEqual([
      ['to-server', '"ours"', true],
      ['to-client', '"ours"', true],
      ['to-server', '1', undefined],
      ['to-client', '1', undefined],
    ])
  },
)

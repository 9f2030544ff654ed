import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { encodeExchange, normalise } from '@holdfast/capture'
import type { HttpExchange } from '@holdfast/capture'
import { agentIdOf, parseSha256, parseUnixNano } from '@holdfast/model'
import type { Event, EventBody, Sha256, UnixNano } from '@holdfast/model'
import { describe, expect, test } from 'vitest'
import { whyNoKernel } from '../testing/root.ts'
import { TestCgroup } from '../testing/test-cgroup.ts'
import { startSecureModelServer } from './testing/secure-model-server.ts'
import { Seeing } from './testing/seeing.ts'

const reason = whyNoKernel() ?? whyNoPrograms()
const agent = fileURLToPath(new URL('testing/bare-agent.mjs', import.meta.url))
const TLS = 2

const script = {
  rules: [
    { when: { afterTool: 'look_up' }, reply: { text: 'Order 4711 was shipped — ünïcode. '.repeat(40) } },
    {
      when: { user: '4711' },
      reply: { toolCalls: [{ name: 'look_up', arguments: { order: '4711' } }] },
    },
    { when: { user: 'hello' }, reply: { text: 'Hello from the model.' } },
  ],
}

describe.skipIf(reason !== undefined)(`plain text of TLS (${reason ?? 'with kernel programs'})`, () => {
  for (const protocol of ['http/1.1', 'h2'] as const) {
    test(`a Node agent without instrumentation is seen over ${protocol}: prompts, tool call, result, streamed answer`, async () => {
      await using server = await startSecureModelServer(script)
      await using seeing = await Seeing.start()
      await using cgroup = new TestCgroup()
      await seeing.loader.send('watch', cgroup.id, TLS)
      expect(await cgroup.run(process.execPath, agent, String(server.port), protocol)).toEqual({ code: 0, output: '' })
      await seeing.loader.send('sync')
      expect(seeing.exchanges.map((one) => [one.protocol, one.side, one.missing])).toEqual([
        [protocol, 'client', []],
        [protocol, 'client', []],
      ])
      // Byte for byte what the server sent.
      expect(seeing.exchanges.map(({ response }) => response?.body.data)).toEqual(server.bodies.map(String))
      expect(JSON.stringify(seeing.exchanges)).not.toContain('never-to-be-seen')
      const [first, second] = seeing.exchanges.map(eventsOf)
      const system = `You are the order desk. ${'Be exact. '.repeat(8_000)}`
      expect(textsOf(first, 'prompt')).toEqual([system, 'Where is order 4711? — ünïcode'])
      expect(of(first, 'tool-definition')).toMatchObject([{ toolName: 'look_up' }])
      expect(of(first, 'model-output')).toMatchObject([{ part: 'tool-request', toolName: 'look_up' }])
      expect(textsOf(first, 'model-output')).toEqual(['{"order":"4711"}'])
      const [asked] = of(first, 'model-output')
      expect(of(second, 'tool-result')).toMatchObject([{ toolName: 'look_up', callId: asked?.callId }])
      expect(textsOf(second, 'model-output')).toEqual(['Order 4711 was shipped — ünïcode. '.repeat(40)])
      for (const event of [...(first ?? []), ...(second ?? [])]) expect(event.source.tier).toBe('boundary')
      expect(seeing.tls.coverage()).toContainEqual(
        expect.objectContaining({ status: 'hooked', exchanges: 2, program: process.execPath }),
      )
    })

    test(`curl is seen over ${protocol} with the socket that it used`, async () => {
      await using server = await startSecureModelServer(script)
      await using seeing = await Seeing.start()
      await using cgroup = new TestCgroup()
      await seeing.loader.send('watch', cgroup.id, TLS)
      const body = JSON.stringify({
        model: 'm',
        max_tokens: 9,
        stream: true,
        messages: [{ role: 'user', content: 'hello' }],
      })
      const version = protocol === 'h2' ? '--http2' : '--http1.1'
      const url = `https://127.0.0.1:${server.port}/v1/messages`
      const { code, output } = await cgroup.run('curl', '-sk', version, '-H', 'x-api-key: s3cret', '-d', body, url)
      expect(code).toBe(0)
      await seeing.loader.send('sync')
      const [exchange, ...more] = seeing.exchanges
      expect(more).toEqual([])
      expect(exchange).toMatchObject({
        protocol,
        missing: [],
        request: { withheld: ['x-api-key'], body: { data: body } },
      })
      expect(exchange?.response?.body.data).toBe(output)
      expect(exchange?.origin).toMatchObject({
        seenBy: 'openssl',
        comm: 'curl',
        remote: { address: '127.0.0.1', port: server.port },
      })
      expect(exchange?.origin.socket).toMatch(/^[1-9]\d*$/)
      const events = exchange === undefined ? [] : eventsOf(exchange)
      expect(textsOf(events, 'prompt')).toEqual(['hello'])
      expect(textsOf(events, 'model-output')).toEqual(['Hello from the model.'])
    })
  }

  test('a cgroup that is watched without TLS gives no plain text', async () => {
    await using server = await startSecureModelServer(script)
    await using seeing = await Seeing.start()
    await using cgroup = new TestCgroup()
    await seeing.loader.send('watch', cgroup.id, 0)
    await cgroup.run('curl', '-sk', `https://127.0.0.1:${server.port}/v1/models`)
    await seeing.loader.send('sync')
    expect(seeing.exchanges).toEqual([])
  })
})

function whyNoPrograms(): string | undefined {
  for (const program of ['curl', 'openssl']) {
    try {
      execFileSync(program, [program === 'curl' ? '--version' : 'version'], { stdio: 'ignore' })
    } catch {
      return `${program} is not installed`
    }
  }
  return undefined
}

/** What the server makes of the exchange. */
function eventsOf(exchange: HttpExchange): readonly Event[] {
  const zero = parseUnixNano(0n) as UnixNano // 0 is in range
  return normalise({
    index: 0,
    recordedAt: zero,
    envelope: {
      channel: 'tls',
      instance: 'sensor',
      credential: 'sensor',
      tier: 'boundary',
      encoding: 'http-exchange',
      clock: 'live',
      agent: agentIdOf({ kind: 'host', host: 'test', service: 'agent' }),
      agentName: 'agent',
      resource: Buffer.from('{"cgroup":"1"}'),
      scope: new Uint8Array(0),
      schemaUrl: '',
    },
    bodyDigest: parseSha256('0'.repeat(64)) as Sha256, // 64 hex digits
    body: encodeExchange(exchange),
    masks: [],
  }).events
}

function of<K extends EventBody['kind']>(
  events: readonly Event[] | undefined,
  kind: K,
): readonly Extract<EventBody, { kind: K }>[] {
  // The filter proves it.
  return (events ?? []).map(({ body }) => body).filter((body) => body.kind === kind) as Extract<
    EventBody,
    { kind: K }
  >[]
}

function textsOf(events: readonly Event[] | undefined, kind: 'prompt' | 'model-output'): readonly string[] {
  return of(events, kind).map(({ content }) => ('text' in content ? content.text : content.state))
}

import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { startModelServer, type Script } from '@holdfast/testkit'
import type { TestCgroup } from '../../sensor/src/testing/test-cgroup.ts'

const SCRIPT: Script = {
  rules: [
    { when: { afterTool: 'read_page' }, reply: { text: 'The errand is done.' } },
    { when: { afterTool: 'run_command' }, reply: { toolCalls: [{ name: 'read_page', arguments: { page: '/page' } }] } },
    {
      when: { user: 'run the errand' },
      reply: {
        toolCalls: [
          { name: 'run_command', arguments: { command: 'ls /etc > /dev/null && cat /etc/hostname | wc -c' } },
        ],
      },
    },
  ],
}

/** The model and the site that the agent speaks to. The model thinks for so many milliseconds over each answer. */
export async function startWorld(
  thinkMs: number,
): Promise<AsyncDisposable & { readonly model: string; readonly site: string }> {
  const model = await startModelServer({ script: SCRIPT })
  const thinking = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      void (async () => {
        await delay(thinkMs)
        const answer = await fetch(`${model.url}${request.url ?? ''}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: Buffer.concat(chunks),
        })
        response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
        response.end(Buffer.from(await answer.arrayBuffer()))
      })()
    })
  })
  const site = createServer((_, response) => void response.end('a page of text'))
  return {
    model: `${await urlOf(thinking)}/v1`,
    site: await urlOf(site),
    [Symbol.asyncDispose]: async () => {
      for (const server of [thinking, site]) {
        server.closeAllConnections()
        server.close()
      }
      await model[Symbol.asyncDispose]()
    },
  }
}

async function urlOf(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
}

/** An agent in a cgroup, kept from round to round, so that its own warming up meets both sides alike. */
export class TurnAgent implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #lines: AsyncIterator<string>

  constructor(cgroup: TestCgroup, env: Readonly<Record<string, string>>) {
    const telemetry = join(import.meta.dirname, '../../scenarios/src/telemetry.ts')
    const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`)
    const program = ['--import', telemetry, join(import.meta.dirname, 'turn-agent.ts')]
    this.#child = cgroup.start('/usr/bin/env', ...variables, process.execPath, ...program)
    if (this.#child.stdout === null) throw new Error('the agent has no output')
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
  }

  /** Milliseconds of each turn. */
  async turns(count: number): Promise<readonly number[]> {
    this.#child.stdin?.write(`${count}\n`)
    const line = await this.#lines.next()
    if (line.done === true) throw new Error('the agent has ended')
    return JSON.parse(line.value) as readonly number[]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const end = once(this.#child, 'exit')
    this.#child.stdin?.end()
    await end
  }
}

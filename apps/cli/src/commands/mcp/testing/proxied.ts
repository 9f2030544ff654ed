import { fileURLToPath } from 'node:url'
import { createClient, type ApiEvent, type Client as Api } from '@holdfast/api'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { vi } from 'vitest'
import { CLI_PROGRAM, type TestServer } from '../../../testing/server.ts'

/** `node` with the server of these tests. */
export const DESK: readonly string[] = [process.execPath, fileURLToPath(new URL('./desk-server.ts', import.meta.url))]

export function apiOf(server: TestServer): Api {
  const { HOLDFAST_URL: baseUrl = '', HOLDFAST_TOKEN: token = '' } = server.env
  return createClient({ baseUrl, token, fetch: (url, init) => fetch(url, init) })
}

/** The official client, with our proxy in place of the server's command. */
export async function connect(
  env: Readonly<Record<string, string>>,
  flags: readonly string[] = ['--name', 'support'],
): Promise<Client> {
  const client = new Client({ name: 'probe', version: '1.0.0' })
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [...CLI_PROGRAM, 'mcp', ...flags, '--', ...DESK],
    env: { PATH: process.env['PATH'] ?? '', ...env },
  })
  await client.connect(transport)
  return client
}

/** All events of the MCP proxies, oldest first, once `isEnough` holds for them. */
export async function eventsOnce(
  api: Api,
  isEnough: (events: readonly ApiEvent[]) => boolean,
): Promise<readonly ApiEvent[]> {
  return vi.waitFor(
    async () => {
      const { items } = await api.call('listEvents', { query: { limit: 1_000 } })
      const own = items.filter(({ source }) => source.channel.endsWith('-proxy')).toReversed()
      if (!isEnough(own)) throw new Error(`not yet: ${own.map(({ label }) => label).join(', ')}`)
      return own
    },
    { timeout: 60_000, interval: 200 },
  )
}

export function ofKind(events: readonly ApiEvent[], kind: ApiEvent['kind']): readonly ApiEvent[] {
  return events.filter((event) => event.kind === kind)
}

/** The text that stands in one place of an event. */
export async function textOf(api: Api, event: ApiEvent, slot: 'description' | 'result' | 'content'): Promise<string> {
  const content = await api.call('getContent', { params: { event: event.id, slot }, query: {} })
  return content.text ?? ''
}

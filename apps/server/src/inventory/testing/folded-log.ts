import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { McpObserver } from '@holdfast/capture'
import {
  parseAgentId,
  parseUnixNano,
  type AgentId,
  type EntryGroup,
  type Envelope,
  type UnixNano,
} from '@holdfast/model'
import { Recorder } from '@holdfast/recorder'
import { wallClock } from '../../clock.ts'
import { openViews, type OpenViews } from '../../views/open-views.ts'
import { foldAll } from '../../testing/fold-all.ts'

/** A log of these groups, recorded for real, with every projection folded to its end. */
export async function foldedLog(
  groups: readonly EntryGroup[],
): Promise<AsyncDisposable & { readonly views: OpenViews }> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-folded-'))
  {
    await using recorder = await Recorder.open({ folder, clock: wallClock })
    await recorder.append(groups)
  }
  const views = openViews(folder)
  foldAll(views)
  return {
    views,
    [Symbol.asyncDispose]: async () => {
      views[Symbol.dispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export function agentNamed(id: string): AgentId {
  const agent = parseAgentId(id)
  if (agent === undefined) throw new Error(`no agent id: ${id}`)
  return agent
}

/** One group of entries of one agent. */
export function groupOf(
  envelope: Pick<Envelope, 'agent' | 'channel' | 'encoding' | 'tier'>,
  bodies: readonly Uint8Array[],
): EntryGroup {
  const ends = Uint32Array.from(bodies, (_, i) => bodies.slice(0, i + 1).reduce((sum, { length }) => sum + length, 0))
  const time = parseUnixNano(1_795_000_000_000_000_000n) as UnixNano // in range
  return {
    envelope: {
      instance: 'test',
      credential: 'loopback',
      clock: 'live',
      agentName: envelope.agent.slice(envelope.agent.lastIndexOf('/') + 1),
      resource: new Uint8Array(0),
      scope: new Uint8Array(0),
      schemaUrl: '',
      ...envelope,
    },
    bytes: Buffer.concat(bodies),
    starts: Uint32Array.from(ends, (end, i) => end - (bodies[i]?.length ?? 0)),
    ends,
    terms: [`agent:${envelope.agent}`],
    masks: new Map(),
    claimedFrom: time,
    claimedTo: time,
  }
}

/** Entries of an MCP session as the proxy makes them: each list of tools is asked for once, a minute after the one before. */
export function mcpSession(
  lists: readonly { readonly tools: readonly object[]; readonly announced: boolean }[],
): readonly Uint8Array[] {
  const observer = new McpObserver({ run: 'a1b2c3d4e5f60718', transport: 'stdio', target: 'node tickets.js' })
  let at = 1_795_000_000_000_000_000n
  const pass = (direction: 'to-server' | 'to-client', message: object): Uint8Array => {
    at += 1_000_000n
    return observer.observe({ direction, bytes: Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message })), at })
  }
  const initialize = { protocolVersion: '2025-11-25', clientInfo: { name: 'desk', version: '1' } }
  const serverInfo = { name: 'tickets', version: '1.4.0' }
  return [
    pass('to-server', { id: 0, method: 'initialize', params: initialize }),
    pass('to-client', { id: 0, result: { protocolVersion: '2025-11-25', serverInfo, capabilities: {} } }),
    ...lists.flatMap(({ tools, announced }, i) => {
      at += 60_000_000_000n
      const said = announced ? [pass('to-client', { method: 'notifications/tools/list_changed' })] : []
      const asked = pass('to-server', { id: i + 1, method: 'tools/list', params: {} })
      return [...said, asked, pass('to-client', { id: i + 1, result: { tools } })]
    }),
  ]
}

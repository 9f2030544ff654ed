import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { poisonedReport, traceRequest } from '@holdfast/testkit'
import { send, type Workspace } from './server.ts'

/** An order in a document that an agent followed. */
export async function poison(workspace: Workspace): Promise<void> {
  const spans = poisonedReport({ reader: 'lookup', tail: '<img src=x>' })
  await send(workspace, traceRequest({ service: 'report-clerk', host: hostname(), trace: 'poisoned', spans }))
}

/** The agent's session with its MCP server through a proxy that knows the server's tools. */
export async function startSession(workspace: Workspace) {
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', '--conditions=@holdfast/source']
  const desk = [process.execPath, source('commands/mcp/testing/desk-server.ts')]
  const [program = '', ...args] = [...node, source('main.ts'), 'mcp', '--name', 'report-clerk', '--', ...desk]
  const state = await mkdtemp(join(tmpdir(), 'holdfast-web-state-'))
  const server = { HOLDFAST_URL: workspace.http, HOLDFAST_TOKEN: workspace.token }
  const env = { PATH: process.env['PATH'] ?? '', XDG_STATE_HOME: state, ...server }
  const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })
  const ended = once(child, 'exit')
  let asked = 0
  const ask = async (method: string, params: object): Promise<string> => {
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: ++asked, method, params })}\n`)
    const [line] = (await once(lines, 'line')) as [string] // node:readline, "line"
    return line
  }
  const clientInfo = { name: 'probe', version: '1' }
  await ask('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo })
  child.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n')
  await ask('tools/list', {})
  return {
    lookup: () => ask('tools/call', { name: 'lookup', arguments: { id: 'T-1' } }),
    async [Symbol.asyncDispose]() {
      child.stdin.end()
      await ended
      await rm(state, { recursive: true, force: true })
    },
  }
}

/** A file of the command's sources: the tests of the workspace start what an operator would. */
function source(path: string): string {
  return fileURLToPath(new URL(`../../../cli/src/${path}`, import.meta.url))
}

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Script } from '@holdfast/testkit'
import { fileURLToPath } from 'node:url'
import { HOLDFAST } from '../holdfast.ts'
import type { Host } from '../network/private-network.ts'
import type { WatchedRun } from '../network/watched-run.ts'
import type { Stage, Workload } from '../stage.ts'
import { RESEARCH_AGENT } from './history.ts'

export const VOLUME = '/mnt'
export const TOKEN = 'secrets/kubernetes.io/serviceaccount/token'
const HOSTS: readonly Host[] = [
  { name: 'mirror.example.test', address: '203.0.113.10', port: 80, pages: { '/notes': 'notes of the week\n' } },
  { name: 'feature-store.example.test', address: '203.0.113.20', port: 80, pages: { '/features': 'f'.repeat(4_096) } },
  { name: 'storage.example.test', address: '203.0.113.30', port: 80, pages: {} },
]

/** A process of another mount namespace stands for the container whose files it sees; it ends with the script. */
export const ENTER = `other = subprocess.Popen(['unshare', '--mount', 'sleep', '30'])
subprocess.run(['nsenter', '--target', str(other.pid), '--mount', 'ls', '/'], check=True, stdout=subprocess.DEVNULL)
other.kill()`

export type Act = { readonly task: string; readonly code: readonly string[]; readonly workload?: Workload }

/** A run of the agent with this Python, on a network and a volume of its own. */
export async function researchRun(stage: Stage, { task, code, workload = RESEARCH_AGENT }: Act): Promise<WatchedRun> {
  const volume = join(stage.folder, `volume-${stage.hex(4)}`)
  mkdirSync(join(volume, 'models'), { recursive: true })
  const model = await stage.modelProxy(await stage.model(script(code.join('\n'))), workload)
  const python = fileURLToPath(new URL('../../../src/incidents/six-events/python-server.ts', import.meta.url))
  const server = [process.execPath, '--conditions=@holdfast/source', python]
  const proxied = [process.execPath, ...HOLDFAST, 'mcp', '--name', workload.deployment, '--', ...server]
  return {
    workload,
    program: 'incidents/six-events/agent.ts',
    args: [`research-41-${stage.cast.run}`, task],
    env: {
      OPENAI_BASE_URL: model,
      RESEARCH_NOTES: 'http://mirror.example.test/notes',
      RESEARCH_MCP: JSON.stringify(proxied),
    },
    hosts: HOSTS,
    reaches: [model],
    files: [{ path: TOKEN, text: 'a token of the research agent' }],
    volumes: [{ folder: volume, at: VOLUME }],
  }
}

function script(code: string): Script {
  const system = 'You are the research agent'
  return {
    rules: [
      { when: { system, afterTool: 'run_python' }, reply: { text: 'It is done; the result is stored.' } },
      { when: { system }, reply: { toolCalls: [{ name: 'run_python', arguments: { code } }] } },
    ],
  }
}

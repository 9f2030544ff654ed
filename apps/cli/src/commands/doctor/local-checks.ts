import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { promisify } from 'node:util'
import type { Check } from '@holdfast/api'
import { nodeArguments } from '../../server/server-program.ts'

/** Oldest Node that runs the sources as they are and has the built-ins that the recorder needs. */
const OLDEST_NODE = 24

const PORTS = [
  { port: 4317, use: 'OTLP over gRPC', flag: '--otlp-grpc-port' },
  { port: 4318, use: 'OTLP over HTTP', flag: '--otlp-http-port' },
  { port: 4319, use: 'pages and API', flag: '--http-port' },
] as const

/** Checks that need no server. Ports are looked at only while no server holds them. */
export async function localChecks(options: { readonly hasServer: boolean }): Promise<readonly Check[]> {
  const ports = options.hasServer ? [] : await Promise.all(PORTS.map(portCheck))
  return [nodeCheck(process.versions.node), ...ports, ...(await demoChecks()), browserCheck()]
}

function nodeCheck(version: string): Check {
  const isNew = Number(version.split('.')[0]) >= OLDEST_NODE
  const base = { group: 'machine', id: 'node', title: `Node ${OLDEST_NODE} or later`, detail: version } as const
  return isNew
    ? { ...base, status: 'PASS' }
    : { ...base, status: 'FAIL', remedy: 'npm start installs it in this checkout' }
}

async function portCheck({ port, use, flag }: (typeof PORTS)[number]): Promise<Check> {
  const base = { group: 'machine', id: `port-${port}`, title: `port ${port} is free for ${use}` } as const
  const isFree = await canListen(port)
  return isFree
    ? { ...base, status: 'PASS', detail: '' }
    : {
        ...base,
        status: 'WARN',
        detail: 'somebody listens there',
        remedy: `\`holdfast up ${flag} N\`, or end that program`,
      }
}

function canListen(port: number): Promise<boolean> {
  return new Promise((done) => {
    const probe = createServer()
    probe.once('error', () => done(false))
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => done(true)))
  })
}

/** Whether incidents of the demo that take a network of their own can be played here; the scenarios' own program looks. */
async function demoChecks(): Promise<readonly Check[]> {
  const base = { group: 'machine', id: 'demo-network', title: 'a network of its own for demo incidents' } as const
  const program = networkProgram()
  if (program === undefined) return []
  const { stdout } = await promisify(execFile)(process.execPath, [...program])
  const { obstacle } = JSON.parse(stdout) as DemoNetwork
  if (obstacle === null) return [{ ...base, status: 'PASS', detail: '' }]
  const { detail, remedy } = obstacle
  return [{ ...base, status: 'WARN', detail, ...(remedy === undefined ? {} : { remedy }) }]
}

function networkProgram(): readonly string[] | undefined {
  try {
    return nodeArguments(
      '../../../../scenarios/src/incidents/network/main.ts',
      '../../../scenarios/dist/incidents/network/main.js',
    )
  } catch {
    // An installation without the scenarios has no demo either.
    return undefined
  }
}

/** What that program prints. */
type DemoNetwork = { readonly obstacle: { readonly detail: string; readonly remedy?: string } | null }

/** A browser is needed by the tests of a checkout and by nothing that runs. */
function browserCheck(): Check {
  const base = { group: 'machine', id: 'browser', title: 'chromium for the tests of a checkout' } as const
  const path = '/usr/bin/chromium'
  return existsSync(path)
    ? { ...base, status: 'PASS', detail: path }
    : {
        ...base,
        status: 'WARN',
        detail: 'not installed; the product runs without it',
        remedy: 'apt-get install chromium',
      }
}

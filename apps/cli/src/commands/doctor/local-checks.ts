import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import type { Check } from '@holdfast/api'

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
  return [nodeCheck(process.versions.node), ...ports, browserCheck()]
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
        remedy: `holdfast up ${flag} N, or end that program`,
      }
}

function canListen(port: number): Promise<boolean> {
  return new Promise((done) => {
    const probe = createServer()
    probe.once('error', () => done(false))
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => done(true)))
  })
}

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

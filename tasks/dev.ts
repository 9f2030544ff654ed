import { spawn } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ROOT, say } from './say.ts'
import { hasAgents, startServer, type Server } from './server.ts'
import { installed } from './step.ts'

/** The server on a fixture log, and vite in front of it: pages change as their sources are saved. */
export async function dev(args: readonly string[]): Promise<number> {
  const folder = new URL('.holdfast/dev/', ROOT)
  say('starting the server on .holdfast/dev ...')
  const server = await startServer(['--data', fileURLToPath(folder), '--take-next-port', ...args])
  if (server === undefined) return 69
  process.on('SIGINT', server.stop).on('SIGTERM', server.stop)
  if (!(await hasAgents(server))) await sendFixtures(server)
  const vite = spawn(process.execPath, [installed('vite/bin/vite.js')], {
    cwd: fileURLToPath(new URL('apps/web/', ROOT)),
    stdio: 'inherit',
    env: { ...process.env, HOLDFAST_URL: server.http },
  })
  const { pathname, search } = new URL(server.signInUrl)
  say(`sign in at vite's address with ${pathname}${search}`)
  const code = await server.ended
  vite.kill('SIGTERM')
  return code
}

/** Telemetry that was recorded from real libraries, sent as they sent it. */
async function sendFixtures(server: Server): Promise<void> {
  const folder = new URL('fixtures/dialects/', ROOT)
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.pb'))
  say(`sending ${files.length} recorded requests from fixtures/dialects ...`)
  for (const file of files.toSorted()) {
    const signal = file.endsWith('.logs.pb') ? 'logs' : 'traces'
    const response = await fetch(`${server.otlpHttp}/v1/${signal}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: readFileSync(join(fileURLToPath(folder), file)),
    })
    if (!response.ok) say(`${file}: ${response.status}`)
  }
}

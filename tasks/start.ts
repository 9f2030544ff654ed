import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ROOT, say } from './say.ts'
import { buildSdk } from './sdk-build.ts'
import { hasAgents, ourNode, runningServer, startServer, type Server } from './server.ts'
import { runStep } from './step.ts'
import { buildWeb } from './web-build.ts'

/**
 * Builds what is stale, starts the server on `.holdfast`, runs the demo into a log that has heard nobody yet, prints
 * the sign-in link, and stays until it is interrupted.
 */
export async function start(args: readonly string[]): Promise<number> {
  const folder = new URL('.holdfast/', ROOT)
  const running = runningServer(folder)
  if (running !== undefined) {
    say(`a server runs on .holdfast already: ${running.http} (pid ${running.pid}). End it first: kill ${running.pid}`)
    return 0
  }
  if (!(await buildWeb()) || !(await buildSdk())) return 1
  say('starting the server on .holdfast ...')
  const server = await startServer(['--data', fileURLToPath(folder), '--take-next-port', ...args])
  if (server === undefined) return 69
  const stop = (): void => server.stop()
  process.on('SIGINT', stop).on('SIGTERM', stop)
  say(`serving ${server.http}`)
  await runDemoOnce(server)
  greet(server)
  return server.ended
}

/** Into an empty log only: real agents, once, so that there is something to look at. */
async function runDemoOnce(server: Server): Promise<void> {
  if (await hasAgents(server)) return
  const isDone = await runStep({
    name: 'nobody was heard yet: running the demo, real agents on public frameworks',
    args: [...ourNode('apps/cli/src/main.ts'), 'demo'],
    env: { HOLDFAST_URL: server.http, HOLDFAST_TOKEN: server.token, OTEL_EXPORTER_OTLP_ENDPOINT: server.otlpHttp },
  })
  if (!isDone) say('the demo did not finish; the server runs on, and npm run holdfast -- demo tries again')
}

function greet(server: Server): void {
  process.stdout.write(`
  Open the workspace (this link signs in once):

    ${server.signInUrl}

  Point an agent here:

    export OTEL_EXPORTER_OTLP_ENDPOINT=${server.otlpHttp}

  In another terminal: npm run -s holdfast -- agents
  Stop with Ctrl-C. What was recorded stays in .holdfast.

`)
  openBrowser(server.signInUrl)
}

/** Where a person sits in front of a desktop; anywhere else the link is enough. */
function openBrowser(url: string): void {
  const hasDesktop = process.env['DISPLAY'] !== undefined || process.env['WAYLAND_DISPLAY'] !== undefined
  if (!process.stdout.isTTY || process.env['CI'] === 'true') return
  const opener = process.platform === 'darwin' ? 'open' : hasDesktop ? 'xdg-open' : undefined
  if (opener === undefined) return
  // No opener installed is no fault: the link stands above.
  spawn(opener, [url], { stdio: 'ignore', detached: true })
    .once('error', () => undefined)
    .unref()
}

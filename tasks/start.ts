import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ROOT, say } from './say.ts'
import { buildSdk } from './sdk-build.ts'
import { hasSomething, ourNode, runningServer, startServer, type Server } from './server.ts'
import { runStep } from './step.ts'
import { buildWeb } from './web-build.ts'

/**
 * Builds what is stale, starts the server on `.holdfast`, prints the sign-in link, tells the stories of the demo into a log
 * that has heard nobody yet, and stays until it is interrupted. The link comes first: the page shows how far the stories are.
 */
export async function start(args: readonly string[]): Promise<number> {
  if (args.some((arg) => arg === '--help' || arg === '-h')) return showHelp()
  const folder = new URL('.holdfast/', ROOT)
  const running = runningServer(folder)
  if (running !== undefined) {
    say(`a server runs on .holdfast already: ${running.http} (pid ${running.pid})`)
    say('open it: npm run -s holdfast -- accounts sign-in token (prints a link that signs in once)')
    say(`end it: kill ${running.pid}`)
    return 0
  }
  if (!(await buildWeb()) || !(await buildSdk())) return 1
  say('starting the server on .holdfast ...')
  const server = await startServer(['--data', fileURLToPath(folder), '--take-next-port', ...args])
  if (server === undefined) return 69
  const ended = new AbortController()
  const stop = (): void => {
    if (!ended.signal.aborted) say('stopping ...')
    ended.abort()
    server.stop()
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
  const isNew = !(await hasSomething(server))
  greet(server, isNew)
  if (isNew) await tellDemo(server, ended.signal)
  const code = await server.ended
  if (code === 0) say('stopped; what was recorded is in .holdfast, and npm start goes on from there')
  return code
}

/** What may be given here is what may be given to `holdfast up`, which says so; neither builds nor starts anything. */
function showHelp(): number {
  return (
    spawnSync(process.execPath, [...ourNode('apps/cli/holdfast.js'), 'up', '--help'], { stdio: 'inherit' }).status ?? 1
  )
}

/**
 * Into an empty log only, once, so that there is something to look at. Where a sensor can hold it, one agent goes on after its
 * story, so that there is somebody to contain; it ends with the server.
 */
async function tellDemo(server: Server, signal: AbortSignal): Promise<void> {
  const isDone = await runStep({
    name: 'demo: four stories by real agents',
    args: [...ourNode('apps/cli/holdfast.js'), 'demo', '--stay'],
    env: { HOLDFAST_URL: server.http, HOLDFAST_TOKEN: server.token, OTEL_EXPORTER_OTLP_ENDPOINT: server.otlpHttp },
    signal,
  })
  if (!isDone && !signal.aborted)
    say('not every story was told; the server runs on, and holdfast demo tells them again')
}

function greet(server: Server, isNew: boolean): void {
  const next = isNew
    ? 'Four stories are being told meanwhile, about a minute: the page shows how far they are, and removes them in one click.'
    : 'What was recorded before is there.'
  process.stdout.write(`
  Open the workspace (this link signs in once):

    ${server.signInUrl}

  ${next}
  Point an agent here:   export OTEL_EXPORTER_OTLP_ENDPOINT=${server.otlpHttp} OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
  The command line:      npm run -s holdfast -- --help
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

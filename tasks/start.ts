import { spawn, spawnSync } from 'node:child_process'
import { relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { ROOT, say } from './say.ts'
import { buildSdk } from './sdk-build.ts'
import { hasSomething, ourNode, runningServer, startServer, type Server } from './server.ts'
import { runStep } from './step.ts'
import { buildWeb } from './web-build.ts'

/**
 * Builds what is stale, starts the server on `.holdfast` or the folder of `--data`, prints the sign-in link, tells the stories of the demo into a log
 * that has heard nobody yet, and stays until it is interrupted. The link comes first: the page shows how far the stories are.
 */
export async function start(args: readonly string[]): Promise<number> {
  if (args.some((arg) => arg === '--help' || arg === '-h')) return showHelp()
  const { folder, others } = folderOf(args)
  const running = runningServer(pathToFileURL(`${folder}/`))
  if (running !== undefined) {
    say(`a server runs on ${named(folder)} already: ${running.http} (pid ${running.pid})`)
    say('open it: npm run -s holdfast -- accounts sign-in token (prints a link that signs in once)')
    say(`end it: kill ${running.pid}`)
    return 0
  }
  if (!(await buildWeb()) || !(await buildSdk())) return 1
  say(`starting the server on ${named(folder)} ...`)
  const { signal } = interrupted()
  const server = await startServer(['--data', folder, '--take-next-port', ...others], signal)
  if (server === undefined) return signal.aborted ? 0 : 69
  // One that does not answer is ending: there is nobody to tell anything to.
  const isNew = !(await hasSomething(server).catch(() => true))
  if (!signal.aborted) greet(server, { isNew, folder })
  if (isNew && !signal.aborted) await tellDemo(server, signal)
  await Promise.race([server.ended, aborted(signal)])
  server.stop()
  const code = await server.ended
  if (code === 0) say(`stopped; what was recorded is in ${named(folder)}, and npm start goes on from there`)
  return code
}

/** Aborted by Ctrl-C, by being told to end, however often, and by the end of setup.js: from then on it is waited for what ends by itself. */
function interrupted(): AbortController {
  const ended = new AbortController()
  const stop = (): void => {
    if (!ended.signal.aborted) say('stopping ...')
    ended.abort()
  }
  process.on('SIGINT', stop).on('SIGTERM', stop).once('disconnect', stop)
  process.channel?.unref()
  return ended
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => (signal.aborted ? done() : signal.addEventListener('abort', () => done())))
}

/** Where the log is, absolute, and what else the server is to be told. */
function folderOf(args: readonly string[]): { readonly folder: string; readonly others: readonly string[] } {
  const at = args.findIndex((arg) => arg === '--data' || arg.startsWith('--data='))
  const given = args[at]?.startsWith('--data=') === true ? args[at].slice('--data='.length) : args[at + 1]
  if (at === -1 || given === undefined) return { folder: fileURLToPath(new URL('.holdfast', ROOT)), others: args }
  const width = args[at] === '--data' ? 2 : 1
  return { folder: resolve(given), others: args.toSpliced(at, width) }
}

/** A folder as somebody in the repository says it. */
function named(folder: string): string {
  const short = relative(fileURLToPath(ROOT), folder)
  return short.startsWith('..') ? folder : short
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
    say('not every story was told; the server runs on; npm run -s holdfast -- demo tells them again')
}

function greet(server: Server, { isNew, folder }: { readonly isNew: boolean; readonly folder: string }): void {
  const next = isNew
    ? 'Four stories are being told meanwhile, about a minute: the page shows how far they are, and removes them in one click.'
    : 'What was recorded before is there.'
  process.stdout.write(`
  Open the workspace (this link signs in once):

    ${server.signInUrl}

  ${next}
  Point an agent here:   export OTEL_EXPORTER_OTLP_ENDPOINT=${server.otlpHttp} OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
  The command line:      npm run -s holdfast -- --help
  Stop with Ctrl-C. What was recorded stays in ${named(folder)}.

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

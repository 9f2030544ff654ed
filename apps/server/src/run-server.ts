import { spawn } from 'node:child_process'
import { join } from 'node:path'
import pino from 'pino'
import { makeDataFolder } from './data-folder.ts'
import { openLogger } from './open-logger.ts'
import { parseServerOptions, type ServerOptions } from './options.ts'
import { startServer, type RunningServer } from './server.ts'

/** Usage errors end with 2, as the command line does; a server that cannot start with 69. */
const EXIT_USAGE = 2
const EXIT_UNAVAILABLE = 69
const PARENT_CHECK_MS = 250
/** A server that is asked to end while it opens has this long to have opened, and to end what it began; what is recorded is safe either way. */
const OPENING_END_MS = 10_000
const LOG_LEVELS: readonly string[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

/** Serves as the command line says, until a signal ends it. */
export async function runServer(): Promise<void> {
  const options = parseServerOptions(process.argv.slice(2))
  if (typeof options === 'string') {
    process.stderr.write(`holdfast up: ${options}\n`)
    process.exit(EXIT_USAGE)
  }
  const level = process.env['HOLDFAST_LOG'] ?? 'warn'
  if (!LOG_LEVELS.includes(level)) {
    process.stderr.write(`holdfast up: HOLDFAST_LOG: "${level}" is not one of ${LOG_LEVELS.join(', ')}\n`)
    process.exit(EXIT_USAGE)
  }
  const unusable = makeDataFolder(options.data)
  if (unusable !== undefined) {
    process.stderr.write(`holdfast up: ${unusable.message}\n`)
    process.exit(unusable.kind === 'no-folder' ? EXIT_USAGE : EXIT_UNAVAILABLE)
  }
  const logger = openLogger(level, pino.destination({ dest: 2, sync: true }))
  const webFolder = join(import.meta.dirname, '..', '..', 'web', 'dist')

  const end = askedToEnd()
  const server = await startServer(options, logger, webFolder).catch((error: unknown) => {
    process.stderr.write(`holdfast up: ${error instanceof Error ? error.message : 'could not start'}\n`)
    process.exit(EXIT_UNAVAILABLE)
  })
  end.opened()
  if (!end.isAsked()) tellReady(options, server)
  const by = await end.asked
  try {
    await server[Symbol.asyncDispose]()
  } catch (error) {
    logger.fatal({ err: error }, `could not end cleanly on ${by}`)
    process.exit(1)
  }
  if (!options.json) process.stdout.write(`Stopped. What was recorded is in ${options.data}.\n`)
  process.exit(0)
}

type End = {
  /** Resolves with what asked for it. */
  readonly asked: Promise<string>
  readonly isAsked: () => boolean
  /** To be called once there is something to end cleanly. */
  readonly opened: () => void
}

/** From the beginning, since a server that dies while it opens leaves its sensor behind: it opens first and ends then. */
function askedToEnd(): End {
  const { promise, resolve } = Promise.withResolvers<string>()
  let isAsked = false
  let isOpen = false
  const ask = (by: string): void => {
    isAsked = true
    resolve(by)
    if (!isOpen) setTimeout(() => isOpen || process.exit(EXIT_UNAVAILABLE), OPENING_END_MS).unref()
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, ask)
  watchRunner(() => ask('the end of npm'))
  return { asked: promise, isAsked: () => isAsked, opened: () => void (isOpen = true) }
}

function tellReady(options: ServerOptions, server: RunningServer): void {
  const { http, otlpHttp, otlpGrpc, sensors, token, signInUrl } = server
  if (options.json)
    process.stdout.write(
      `${JSON.stringify({ ready: true, http, otlpHttp, otlpGrpc, sensors, token, signInUrl, pid: process.pid, dataDir: options.data })}\n`,
    )
  else process.stdout.write(greeting({ http, otlpHttp, otlpGrpc, signInUrl, data: options.data }))
  if (options.open) openInBrowser(signInUrl)
}

function greeting(server: {
  readonly http: string
  readonly otlpHttp: string
  readonly otlpGrpc: string
  readonly signInUrl: string
  readonly data: string
}): string {
  return `Holdfast is running on ${server.data}

  workspace   ${server.signInUrl}
              (opens once; afterwards ${server.http})
  OTLP/HTTP   ${server.otlpHttp}
  OTLP/gRPC   ${server.otlpGrpc}

Point an agent here:  export OTEL_EXPORTER_OTLP_ENDPOINT=${server.otlpHttp} OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
Stop with Ctrl-C.
`
}

/** Asks the desktop to open the page; a machine without one has the link in what was printed. */
function openInBrowser(url: string): void {
  const opener = spawn('xdg-open', [url], { stdio: 'ignore', detached: true })
  opener.on('error', () => process.stderr.write('no browser could be opened here: use the link above\n'))
  opener.unref()
}

/**
 * npm passes SIGTERM on, but SIGKILL it cannot: a server that outlives the npm that started it would hold the folder and
 * its ports with nobody to stop it.
 */
function watchRunner(onGone: () => void): void {
  const parent = process.ppid
  if (process.env['npm_lifecycle_event'] === undefined || parent === 1) return
  setInterval(() => {
    if (process.ppid !== parent) onGone()
  }, PARENT_CHECK_MS).unref()
}

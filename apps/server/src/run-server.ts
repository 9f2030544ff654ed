import { spawn } from 'node:child_process'
import { join } from 'node:path'
import pino from 'pino'
import { makeDataFolder } from './data-folder.ts'
import { parseServerOptions } from './options.ts'
import { startServer } from './server.ts'

/** Usage errors end with 2, as the command line does; a server that cannot start with 69. */
const EXIT_USAGE = 2
const EXIT_UNAVAILABLE = 69
const PARENT_CHECK_MS = 250
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
  const logger = pino({ name: 'holdfast', level }, pino.destination({ dest: 2, sync: true }))
  const webFolder = join(import.meta.dirname, '..', '..', 'web', 'dist')

  try {
    const server = await startServer(options, logger, webFolder)
    const { http, otlpHttp, otlpGrpc, sensors, token, signInUrl } = server
    if (options.json)
      process.stdout.write(
        `${JSON.stringify({ ready: true, http, otlpHttp, otlpGrpc, sensors, token, signInUrl, pid: process.pid, dataDir: options.data })}\n`,
      )
    else process.stdout.write(greeting({ http, otlpHttp, otlpGrpc, signInUrl, data: options.data }))
    if (options.open) openInBrowser(signInUrl)
    let isStopping = false
    const stop = (signal: string): void => {
      if (isStopping) return
      isStopping = true
      server[Symbol.asyncDispose]().then(
        () => {
          if (!options.json) process.stdout.write(`Stopped. What was recorded is in ${options.data}.\n`)
          process.exit(0)
        },
        (error: unknown) => {
          logger.fatal({ err: error }, `could not end cleanly on ${signal}`)
          process.exit(1)
        },
      )
    }
    process.on('SIGTERM', () => stop('SIGTERM'))
    process.on('SIGINT', () => stop('SIGINT'))
    watchRunner(() => stop('the end of npm'))
  } catch (error) {
    process.stderr.write(`holdfast up: ${error instanceof Error ? error.message : 'could not start'}\n`)
    process.exit(EXIT_UNAVAILABLE)
  }
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

import { randomUUID } from 'node:crypto'
import { LogReader, Recorder } from '@holdfast/recorder'
import type { Logger } from 'pino'
import { PolicyStore } from '../capture-policy.ts'
import { wallClock } from '../clock.ts'
import { loadConnectors, noConnectors } from '../connectors/config.ts'
import { removeLeftExports } from '../recorded-export.ts'
import { GapCounter } from '../gap-counter.ts'
import type { ServerOptions } from '../options.ts'
import { readRules, tellRules } from '../rules/load-rules.ts'
import { VERSION } from '../version.ts'
import { ViewsClient } from '../views/client.ts'

/** Under which keys received content is encrypted, until capture policies tell classes apart. */
export const CONTENT_SCOPE = { dataClass: 'content', retention: 'default' } as const

/** What every part of the server stands on: the log, what was folded from it, and how the server is to run. */
export type Spine = Awaited<ReturnType<typeof openSpine>>

/**
 * Opens the log and its projections, and closes them with `stack`. Throws RecorderError `locked` or `corrupt` for the folder,
 * and what is wrong with the file of connectors.
 */
export async function openSpine(stack: AsyncDisposableStack, options: ServerOptions, logger: Logger) {
  const folder = options.data
  const connectors = options.connectors === undefined ? noConnectors() : loadConnectors(options.connectors)
  const recorder = stack.use(
    await Recorder.open({
      folder,
      clock: wallClock,
      version: VERSION,
      classify: () => CONTENT_SCOPE,
      origin: `holdfast.local/${randomUUID()}`,
    }),
  )
  let isStarted = false
  // Runs after everything that is opened later has ended: what listeners still took in, and the gaps they counted, stand before it.
  stack.defer(async () => {
    if (isStarted) await recorder.appendControl({ ...OF_THIS_PROCESS, action: 'stopped' })
  })
  await removeLeftExports(folder)
  const reader = stack.use(LogReader.open({ folder }))
  const policy = await PolicyStore.open({ recorder, recorded: reader.controls('capture-policy'), by: 'holdfast up' })
  const gaps = stack.use(
    new GapCounter({
      clock: wallClock,
      write: (record) => recorder.appendControl(record),
      onError: (error) => logger.error({ err: error }, 'a gap could not be recorded yet'),
    }),
  )
  const rules = readRules(options.rules)
  const views = stack.use(
    await ViewsClient.start({
      folder,
      rules: rules.sources,
      onBroken: (message) => logger.error({ detail: message }, 'the projection stopped'),
      onRules: (report) => tellRules({ ...report, problems: [...rules.problems, ...report.problems] }, logger),
    }),
  )
  stack.defer(recorder.subscribe((size) => views.grown(size)))
  views.grown(recorder.size)
  return {
    options,
    folder,
    connectors,
    recorder,
    reader,
    policy,
    gaps,
    views,
    clock: wallClock,
    logger,
    /** Records that the server serves; its end is recorded from here on. */
    started: async (): Promise<void> => {
      await recorder.appendControl({
        ...OF_THIS_PROCESS,
        action: 'started',
        // Whoever reads the log later sees where telemetry went, and from when on. A path may hold a key.
        ...(options.forwardOtlp === undefined
          ? {}
          : { detail: `${OF_THIS_PROCESS.detail}, passes OTLP on to ${new URL(options.forwardOtlp).origin}` }),
      })
      isStarted = true
    },
  }
}

const OF_THIS_PROCESS = { kind: 'server', version: VERSION, detail: `pid ${process.pid}` } as const

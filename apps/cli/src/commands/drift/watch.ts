import type { DriftSignalWire } from '@holdfast/api'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { jsonText } from '../../render/json.ts'
import { formatOf, say } from '../../render/output.ts'
import { openApi, type Api } from '../../server/api.ts'
import { readEventStream } from '../tail/event-stream.ts'
import type { DriftWatchFlags } from './command.ts'

/** Prints drift signals as they are recorded, until interrupted or until there were enough. */
export async function driftWatch(this: CliContext, flags: DriftWatchFlags): Promise<void> {
  const format = formatOf(flags, 'table')
  const api = openApi(this, flags)
  // Opened first, so that nothing falls between what there is and what comes.
  const stream = flags.once === true ? undefined : await api.fetch('followDriftSignals', { query: {} })
  let printed = 0
  let last = flags.after ?? -1
  const print = (signal: DriftSignalWire): void => {
    last = signal.entry
    printed += 1
    this.stdout.write(format === 'json' || format === 'ndjson' ? `${jsonText(signal)}\n` : `${line(signal)}\n`)
  }
  for await (const signal of past(api, last)) {
    if (signal === 'end') break
    if ('behind' in signal) say(this, `${signal.behind} log entries are not judged yet: what they hold is not in here`)
    else print(signal)
    if (printed === flags.limit) return
  }
  if (stream === undefined) return
  if (stream.body === null) throw new CliError('fault', 'the server sent a stream without a body')
  for await (const message of readEventStream(stream.body)) {
    if (message.event !== 'signal') continue
    const signal = JSON.parse(message.data) as DriftSignalWire // made by the server from this very type
    if (signal.entry > last) print(signal)
    if (printed === flags.limit) return
  }
  throw new CliError('unavailable', 'the server ended the stream', { remedy: 'run the same command again' })
}

async function* past(api: Api, from: number): AsyncGenerator<DriftSignalWire | { readonly behind: number } | 'end'> {
  for (let after = from; ;) {
    const page = await api.call('listDriftSignals', { params: {}, query: { after } })
    yield* page.items
    if (page.items.length === 0) {
      // What the product itself records is always a little ahead.
      if (page.judged === 0 && page.size > 0) yield { behind: page.size }
      yield 'end'
      return
    }
    after = page.nextAfter
  }
}

function line(signal: DriftSignalWire): string {
  const { recordedAt, state, severity, agentName, verdict, what } = signal
  const row = [signal.deployment, signal.continuity, signal.bounds].map(Number).join('')
  return `${recordedAt.slice(0, 19)}  ${state.padEnd(11)} ${severity.padEnd(6)} ${row}  ${inert(agentName)}  ${verdict}: ${inert(what)}`
}

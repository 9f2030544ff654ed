import { type ApiEvent, askedOfStream, huntValuesOf } from '@holdfast/api'
import { huntMatcher } from '@holdfast/model'
import { CliError } from '../../cli-error.ts'
import type { CliContext } from '../../context.ts'
import { formatOf, paintOf, say } from '../../render/output.ts'
import { jsonText } from '../../render/json.ts'
import { withReadableTimes } from '../../render/times.ts'
import { openApi, type Api } from '../../server/api.ts'
import { resolveAgent } from '../../server/resolve-id.ts'
import type { TailFlags } from './command.ts'
import { eventLine, searchTextOf } from './event-line.ts'
import { readEventStream } from './event-stream.ts'
import { eventsSince, parseSince, type Since } from './since.ts'

/** Prints events as they are recorded, until interrupted or until `--limit` is reached. */
export async function tail(this: CliContext, flags: TailFlags, ...terms: readonly string[]): Promise<void> {
  const format = formatOf(flags, 'table')
  const since = flags.since === undefined ? undefined : parseSince(flags.since, Date.now())
  const api = openApi(this, flags)
  const agent = flags.agent === undefined ? undefined : (await resolveAgent(api, flags.agent)).id
  const line = lineMaker(this, format, flags)
  const isFound = foundBy(terms.join(' '))
  const isShown = filterOf(flags)
  let printed = 0
  for await (const event of eventsOf(this, api, { agent, since })) {
    if (!isShown(event) || !isFound(event)) continue
    this.stdout.write(line(event))
    printed += 1
    if (printed === flags.limit) return
  }
  throw new CliError('unavailable', 'the server ended the stream', { remedy: 'run the same command again' })
}

type Source = { readonly agent: string | undefined; readonly since: Since | undefined }

/** What was recorded since then, and after that what comes. The stream is opened first, so that nothing falls between. */
async function* eventsOf(context: CliContext, api: Api, { agent, since }: Source): AsyncGenerator<ApiEvent> {
  const response = await api.fetch('tail', { query: agent === undefined ? {} : { agent } })
  if (response.body === null) throw new CliError('fault', 'the server sent a stream without a body')
  const talk = (text: string): void => say(context, text)
  const past = since === undefined ? [] : await eventsSince(api, since, { agent, say: talk })
  yield* past
  // Only these can come twice: what was recorded between opening the stream and reading the past.
  const seen = new Set(past.map((event) => event.id))
  for await (const message of readEventStream(response.body)) {
    if (message.event === 'dropped')
      talk(`the server left out events, because this reader was too slow: ${message.data}`)
    const event = message.event === 'dropped' ? undefined : eventOf(message.data)
    if (event !== undefined && !seen.has(event.id)) yield event
  }
}

function lineMaker(context: CliContext, format: ReturnType<typeof formatOf>, flags: TailFlags) {
  const options = { paint: paintOf(context), isWide: format === 'wide', highlight: flags.highlight ?? [] }
  return format === 'json' || format === 'ndjson'
    ? (event: ApiEvent): string => `${jsonText(withReadableTimes(event))}\n`
    : (event: ApiEvent): string => eventLine(event, options)
}

/** The query: of what was recorded before it is asked here as of what comes. */
function foundBy(text: string): (event: ApiEvent) => boolean {
  const asked = askedOfStream(text)
  if (asked.status === 'bad') throw new CliError('usage', asked.reason)
  const isFound = huntMatcher(asked.query)
  return (event) => isFound(event.label, huntValuesOf(event))
}

/** The filters of the flags: plain text, never a pattern, so that no input makes them slow. */
export function filterOf(flags: Pick<TailFlags, 'kind' | 'include' | 'exclude'>): (event: ApiEvent) => boolean {
  const include = (flags.include ?? []).map((text) => text.toLowerCase())
  const exclude = (flags.exclude ?? []).map((text) => text.toLowerCase())
  return (event) => {
    if (flags.kind !== undefined && !flags.kind.includes(event.kind)) return false
    const text = searchTextOf(event)
    if (include.length > 0 && !include.some((word) => text.includes(word))) return false
    return !exclude.some((word) => text.includes(word))
  }
}

/** Undefined for what is no event, such as a message that a later server adds to the stream. */
function eventOf(data: string): ApiEvent | undefined {
  try {
    const value: unknown = JSON.parse(data)
    // The stream is our own server's: its messages have the shape of the API's event, or none that has these fields.
    return isEvent(value) ? value : undefined
  } catch {
    // Not JSON: nothing that this version can show.
    return undefined
  }
}

function isEvent(value: unknown): value is ApiEvent {
  if (typeof value !== 'object' || value === null) return false
  return 'entry' in value && 'kind' in value && 'label' in value && 'agent' in value && 'source' in value
}

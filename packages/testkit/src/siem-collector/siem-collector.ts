import {
  type ServiceFault,
  jsonOf,
  type LocalAnswer,
  type LocalHttp,
  type LocalRequest,
  startLocalHttp,
} from '../local-http.ts'

type Json = Readonly<Record<string, unknown>>

export type SiemCollector = LocalHttp & {
  /** Events by `metadata.uid`: one that comes again is the same event. */
  readonly events: ReadonlyMap<string, Json>
}

/**
 * A collector of OCSF over HTTP: an array, one event a line, or Splunk's HTTP Event Collector with its token header, its error
 * bodies and, where `acknowledges`, its acknowledgement by channel.
 */
export async function startSiemCollector(options: {
  readonly format: 'json' | 'lines' | 'splunk'
  readonly token: string
  readonly acknowledges?: boolean
  readonly faults?: ServiceFault[]
}): Promise<SiemCollector> {
  const { format, token, acknowledges = false, faults = [] } = options
  const events = new Map<string, Json>()
  let ackId = 0
  const answer = ({ headers, url, body }: LocalRequest): LocalAnswer => {
    const fault = faults.shift()
    if (fault === 'rate-limited') return { code: 429, headers: { 'retry-after': '2' } }
    if (fault === 'unavailable') return { code: 503, body: '{"text":"Server is busy","code":9}' }
    if (fault === 'breaks-off') return { code: 0, breaksOff: true }
    const scheme = format === 'splunk' ? 'Splunk' : 'Bearer'
    if (headers.authorization !== `${scheme} ${token}`) return { code: 403, body: '{"text":"Invalid token","code":4}' }
    const channel = headers['x-splunk-request-channel']
    if (acknowledges && channel === undefined)
      return { code: 400, body: '{"text":"Data channel is missing","code":10}' }
    if (url.pathname === '/services/collector/ack') {
      const { acks } = (jsonOf(body) ?? {}) as { readonly acks?: readonly number[] } // absent where it is no such body
      return ok({ acks: Object.fromEntries((acks ?? []).map((id) => [id, id <= ackId])) })
    }
    const read = eventsOf(format, body)
    if (read === undefined) return { code: 400, body: '{"text":"Invalid data format","code":6}' }
    for (const event of read) events.set(String((event['metadata'] as Json)['uid']), event) // every event of OCSF has it
    ackId += 1
    return fault === 'breaks-off-after'
      ? { code: 0, breaksOff: true }
      : ok({ text: 'Success', code: 0, ...(acknowledges ? { ackId } : {}) })
  }
  const server = await startLocalHttp(answer)
  return { ...server, events, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

function eventsOf(format: 'json' | 'lines' | 'splunk', body: string): readonly Json[] | undefined {
  if (format === 'json') {
    const read = jsonOf(body)
    return Array.isArray(read) ? (read as readonly Json[]) : undefined
  }
  // HEC takes objects one after the other: what is between two of them is `}{`.
  const parts = format === 'lines' ? body.trimEnd().split('\n') : body.split(/(?<=\})(?=\{"time")/)
  const read = parts.map((part) => jsonOf(part) as Json | undefined)
  if (read.includes(undefined)) return undefined
  return read.map((one) => (format === 'splunk' ? ((one ?? {})['event'] as Json) : (one ?? {})))
}

function ok(body: Json): LocalAnswer {
  return { code: 200, body: JSON.stringify(body) }
}

import { type HuntField, type HuntQuery, type HuntValues, parseHuntQuery } from '@holdfast/model'
import type { ApiEvent } from './wire.ts'

/** A query that can be asked of events as they come, or what is wrong with it. */
export function askedOfStream(
  text: string,
): { readonly status: 'ok'; readonly query: HuntQuery } | { readonly status: 'bad'; readonly reason: string } {
  const parsed = parseHuntQuery(text)
  if (parsed.status === 'bad') return { status: 'bad', reason: `${parsed.reason}, at character ${parsed.at + 1}` }
  const name = parsed.query
    .map((term) => (term.kind === 'field' ? term.field : term.kind))
    .find((one) => one === 'class' || one === 'incident' || one === 'signal' || one === 'text')
  if (name === undefined) return parsed
  return { status: 'bad', reason: `${name} is not known of an event as it comes: the hunt knows it` }
}

/**
 * What a query may ask of one event as the API tells it: the same as the hunt counts, but class, incident and signal, which
 * are known of agents and cases.
 */
export function huntValuesOf(event: ApiEvent): HuntValues {
  const { agent, source, conversation, trace } = event
  const values: readonly (readonly [HuntField, string | undefined])[] = [
    ['agent', named([agent.id, agent.name, agent.member])],
    ['kind', kindOf(event)],
    ['tool', fact(event, 'toolName')],
    ['server', fact(event, 'server') ?? fact(event, 'dataSource') ?? fact(event, 'store')],
    ['destination', destinationOf(event)],
    ['identity', identityOf(event)],
    ['file', fileOf(event)],
    ['document', documentOf(event)],
    ['model', fact(event, 'responseModel') ?? fact(event, 'requestModel')],
    ['action', actionOf(event)],
    ['outcome', outcomeOf(event)],
    ['tier', source.tier],
    ['channel', source.channel],
    ['content', LACKING.find((state) => event.contents.some((content) => content.state === state))],
    ['instance', agent.instance],
    ['conversation', named([conversation, trace])],
  ]
  return new Map(values.flatMap(([field, value]) => (value === undefined ? [] : [[field, value] as const])))
}

const LACKING = ['not-captured', 'suppressed', 'redacted', 'truncated', 'captured'] as const

function fact({ facts }: ApiEvent, name: string): string | undefined {
  const value = Object.hasOwn(facts, name) ? facts[name] : undefined
  return value === undefined || value === '' ? undefined : String(value)
}

function kindOf(event: ApiEvent): string {
  const { kind, label } = event
  const part = {
    process: 'action',
    file: 'action',
    connection: 'action',
    dns: 'action',
    kernel: 'action',
    memory: 'operation',
    prompt: 'role',
    'model-output': 'part',
    change: 'change',
    component: 'state',
  }[kind]
  if (kind === 'control') return `${kind}.${label}`
  return part === undefined ? kind : `${kind}.${fact(event, part) ?? ''}`
}

function destinationOf(event: ApiEvent): string | undefined {
  const { kind } = event
  if (kind === 'connection') return fact(event, 'remote') ?? fact(event, 'local')
  if (kind === 'socket') return named([fact(event, 'remote'), fact(event, 'name')])
  if (kind === 'dns') return fact(event, 'name')
  if (kind === 'tool-call') return fact(event, 'host')
  if (kind === 'model-call') return fact(event, 'endpoint')
  const [destination, port] = [fact(event, 'destination'), fact(event, 'port')]
  return destination === undefined || port === undefined ? destination : `${destination}:${port}`
}

function identityOf(event: ApiEvent): string | undefined {
  if (event.kind === 'change') return fact(event, 'author')
  if (event.kind !== 'control') return fact(event, 'principal')
  const record: unknown = JSON.parse(fact(event, 'record') ?? 'null')
  // The server's own record, of which only some say by whom.
  return typeof record === 'object' && record !== null && 'by' in record && typeof record.by === 'string'
    ? record.by
    : undefined
}

function documentOf(event: ApiEvent): string | undefined {
  if (event.kind === 'memory') return fact(event, 'record')
  if (event.kind === 'declaration') return fact(event, 'document')
  const change = event.kind === 'change' ? fact(event, 'change') : undefined
  if (change === 'prompt-template' || change === 'tool-catalogue') return fact(event, 'subject')
  return fact(event, 'origin') ?? fact(event, 'uri') ?? fact(event, 'dataSource')
}

function fileOf(event: ApiEvent): string | undefined {
  if (event.kind === 'process') return fact(event, 'binary')
  return event.kind === 'file' || event.kind === 'tool-call' ? fact(event, 'path') : undefined
}

function actionOf(event: ApiEvent): string | undefined {
  const { kind } = event
  if (kind === 'api-call' || kind === 'kernel') return fact(event, 'action')
  if (kind === 'change') return fact(event, 'change')
  return kind === 'delegation' ? fact(event, 'mechanism') : undefined
}

function outcomeOf(event: ApiEvent): string | undefined {
  const { kind } = event
  if (kind === 'api-call') return fact(event, 'decision')
  if (kind === 'guardrail') return fact(event, 'verdict')
  if (kind === 'connection' && fact(event, 'action') === 'refused') return 'denied'
  const isSeen = kind === 'connection' || kind === 'file' || kind === 'kernel'
  if (isSeen || (kind === 'process' && fact(event, 'binary') !== undefined)) return resultOf(event)
  return fact(event, 'error') === undefined ? undefined : 'failed'
}

/** `-13 (EACCES)`: EACCES and EPERM are what a policy answers. */
function resultOf(event: ApiEvent): string | undefined {
  const result = Number.parseInt(fact(event, 'result') ?? '0', 10)
  if (result === -13 || result === -1) return 'denied'
  return result < 0 ? 'failed' : undefined
}

function named(names: readonly (string | undefined)[]): string | undefined {
  const distinct = [...new Set(names.filter((name) => name !== undefined && name !== ''))]
  return distinct.length === 0 ? undefined : distinct.join('\n')
}

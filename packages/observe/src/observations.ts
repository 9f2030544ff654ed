import { answeredModel, sightingsOf } from '@holdfast/declare'
import type { Content, Event, ProfileDimension, UnixNano, VolumeMeasure } from '@holdfast/model'
import { argumentShape } from './argument-shape.ts'
import { argumentValues } from './argument-values.ts'
import { addressClass, destinationKey, portOf } from './destination.ts'
import { rowsIn } from './rows-in.ts'
import { principalName } from './scope/principal-name.ts'
import { foldPath, foldText, keyOf } from './volatile.ts'

type Shared = {
  readonly claimedAt: UnixNano
  /** Index of the log entry that proves it. */
  readonly entry: number
}

/** One thing that an agent did, as the profile counts it. */
export type Observation =
  | (Shared & {
      readonly kind: 'seen'
      readonly dimension: Exclude<ProfileDimension, 'tool-order'>
      /** What was observed, normalised so that like counts as like. Untrusted text. */
      readonly key: string
    })
  /** A tool call in its execution: pairs of successive ones are the dimension `tool-order` (tool-order.ts). */
  | (Shared & {
      readonly kind: 'call'
      readonly execution: string
      readonly toolName: string
      /** Who tells it: calls of one teller have one clock and one order. */
      readonly teller: string
      readonly event: string
    })
  /** A short text that was given as an argument of a tool, by its digest: whom and what the agent deals with. */
  | (Shared & {
      readonly kind: 'value'
      readonly toolName: string
      /** Where it stood: `$.to`. */
      readonly path: string
      readonly digest: string
    })
  /** An amount that counts for its execution. */
  | (Shared & {
      readonly kind: 'amount'
      readonly execution: string
      readonly measure: VolumeMeasure
      readonly amount: number
      readonly event: string
    })

/** What of an event enters the profile of its Deployment; most events enter one dimension. Pure. */
export function observationsOf(event: Event): readonly Observation[] {
  // What a container runtime does before the agent's program runs is not the agent's behaviour.
  if (event.context.isSetup === true) return []
  const { claimedAt, entry, body } = event
  const seen = (dimension: Exclude<ProfileDimension, 'tool-order'>, key: string): Observation => ({
    kind: 'seen',
    dimension,
    key: keyOf(key),
    claimedAt,
    entry,
  })
  const amount = (measure: VolumeMeasure, value: number | undefined): readonly Observation[] =>
    value === undefined || !(value > 0) || !Number.isFinite(value)
      ? []
      : [{ kind: 'amount', execution: executionOf(event), measure, amount: value, event: event.id, claimedAt, entry }]
  switch (body.kind) {
    case 'tool-call':
      return [
        seen('tool', toolKey(body)),
        ...shapeOf(body.arguments).map((path) => seen('tool-arguments', `${body.toolName} ${path}`)),
        ...valuesOf(body.arguments).map(({ path, digest }): Observation => ({
          kind: 'value',
          toolName: keyOf(body.toolName),
          path,
          digest,
          claimedAt,
          entry,
        })),
        {
          kind: 'call',
          execution: executionOf(event),
          toolName: keyOf(toolKey(body)),
          teller: `${event.source.tier} ${event.source.credential}`,
          event: event.id,
          claimedAt,
          entry,
        },
        ...amount('calls', 1),
      ]
    case 'tool-result':
      return amount('rows', 'text' in body.result ? rowsIn(body.result.text) : undefined)
    case 'model-call': {
      const model = answeredModel(body)
      return [
        ...(model === undefined ? [] : [seen('model', model.name)]),
        ...amount('model-calls', 1),
        ...amount('input-tokens', body.usage.inputTokens),
        ...amount('output-tokens', body.usage.outputTokens),
      ]
    }
    case 'prompt':
    case 'context-item':
      return partsOf(event).map(([dimension, key]) => seen(dimension, key))
    case 'memory':
      return [seen('memory', `${body.operation} ${foldText(body.store ?? 'memory')}`)]
    case 'delegation':
      return [seen('delegate', `${body.mechanism} ${body.to}`)]
    case 'identity':
      // Whom an agent serves changes with every user; as whom it acts is its own.
      return body.principalKind === 'user' || body.principalKind === 'process'
        ? []
        : [seen('identity', `${principalName(body.principal)} (${body.principalKind})`)]
    case 'api-call':
      return [seen('identity', apiCallKey(body))]
    case 'egress':
      return [seen('destination', destinationKey(body.destination, body.port ?? portOf(body.protocol)))]
    case 'connection':
      return connectionActs(body, { seen, amount })
    case 'file':
      return body.result < 0 ? [] : [seen('file', `${ACCESS[body.action]} ${foldPath(body.path)}`)]
    case 'process':
      return body.action === 'exec' && body.result >= 0 ? [seen('executable', foldPath(body.binary))] : []
    case 'syscall-set':
      return body.calls.map((call) => seen('syscall', call))
    case 'model-output':
    case 'tool-definition':
    case 'tool-catalogue':
    case 'component':
    case 'declaration':
    case 'change':
    case 'invocation':
    case 'guardrail':
    case 'step':
    case 'dns':
    case 'kernel':
    case 'socket':
    case 'control':
      return []
  }
}

type Body<K extends Event['body']['kind']> = Extract<Event['body'], { readonly kind: K }>

/** From one triggering input to its last effect: a trace. Without one, what its session did in a day. */
export function executionOf({ context, agent, claimedAt }: Pick<Event, 'context' | 'agent' | 'claimedAt'>): string {
  if (context.trace !== undefined) return context.trace
  return `${context.session ?? agent.id}@${claimedAt / DAY_NANOS}`
}

const DAY_NANOS = 86_400_000_000_000n

function toolKey({ server, toolName }: Body<'tool-call'>): string {
  return server === undefined ? toolName : `${server}/${toolName}`
}

function shapeOf(content: Content): readonly string[] {
  return 'text' in content ? argumentShape(content.text) : []
}

function valuesOf(content: Content): ReturnType<typeof argumentValues> {
  return 'text' in content ? argumentValues(content.text) : []
}

/** Templates and sources under the names that the inventory lists them by. */
function partsOf(event: Event): readonly NamedPart[] {
  return sightingsOf(event).flatMap(({ component: { kind, name, digest } }): readonly NamedPart[] => {
    if (kind === 'prompt-template') return [['prompt-template', `${name} ${digest?.slice(0, 16) ?? 'without text'}`]]
    return kind === 'data-source' ? [['retrieval-source', foldText(name)]] : []
  })
}

type NamedPart = readonly ['prompt-template' | 'retrieval-source', string]

/** As whom, what, and on which class of thing; a refusal is another act than what was allowed. */
function apiCallKey({ principal, action, resources, decision }: Body<'api-call'>): string {
  const classes = new Set(resources.slice(0, 8).map(resourceClass))
  const on = classes.size === 0 ? '' : ` on ${[...classes].toSorted().join(', ')}`
  return `${principal.id}: ${action}${on}${decision === 'allowed' ? '' : ` (${decision})`}`
}

/** `arn:aws:s3:::exports/2026/a.csv` as `arn:aws:s3:::exports/*`: the container that a grant would name. */
function resourceClass(resource: string): string {
  const cut = resource.startsWith('arn:')
    ? resource.replace(/^((?:[^:]*:){5}[^/]*)\/.*$/s, '$1/*')
    : resource.replace(/^([^/]*\/[^/]*)\/.*$/s, '$1/*')
  const parts = cut.split(':')
  // An account is a fixed place and no number of the moment.
  return parts.length > 5 ? [...parts.slice(0, 5), foldText(parts.slice(5).join(':'))].join(':') : foldText(cut)
}

const ACCESS: Readonly<Record<Body<'file'>['action'], 'read' | 'write'>> = {
  read: 'read',
  write: 'write',
  create: 'write',
  unlink: 'write',
  rename: 'write',
  'set-capability': 'write',
}

function connectionActs(
  body: Body<'connection'>,
  make: {
    readonly seen: (dimension: 'destination', key: string) => Observation
    readonly amount: (measure: 'bytes-out', value: number | undefined) => readonly Observation[]
  },
): readonly Observation[] {
  const { remote, action, protocol } = body
  if (remote === undefined || protocol === 'unix') return []
  // What never left the machine is neither a destination nor a loss.
  if (addressClass(remote.address) === 'loopback') return []
  if (action === 'connect') return [make.seen('destination', destinationKey(remote.address, remote.port))]
  return action === 'close' ? make.amount('bytes-out', body.bytesSent) : []
}

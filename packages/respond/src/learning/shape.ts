import type { Event } from '@holdfast/model'

import { MAX_NAME_CHARS } from './limits.ts'
import { isStrangeKey, type KnownKeys } from './memory-keys.ts'
import { namedTools } from './tool-names.ts'

/** One condition of a rule: a field of the rule language, and what it must be. */
export type ShapeItem = readonly [field: string, value: string | number | boolean | readonly string[]]

/**
 * What an event is, without anything that was said or given in it: names of interfaces, kinds and classes. `text`: something
 * that orders entered the context. `write`: something was put where it will be read later. `act`: the agent did something.
 */
export type StepShape = {
  readonly nature: 'text' | 'write' | 'act'
  /** Category of log source that the rule language files it under. */
  readonly category: 'ai_agent' | 'mcp' | 'kernel' | 'authority'
  readonly surface: 'S1' | 'S2' | 'S3' | 'S4'
  readonly items: readonly ShapeItem[]
  /** What the agent is known for, which is none of it: a field that begins with one of these. */
  readonly except?: { readonly field: string; readonly begins: readonly string[] }
  /** In our words, without a name of theirs. */
  readonly words: string
}

/** How much a text must read like an order to count as one; a prior of the detectors, asked for by the field of that name. */
export const LEAST_ORDER = 0.85
const ORDER_FIELD = 'text.instruction|gte'
const KEY_FIELD = 'memory.record|exists'
const NAMES_FIELD = 'text|contains|all'

export type ShapeOptions = {
  /** How much the texts of an event read like an order, 0 to 1. */
  readonly orders: (event: Event) => number
  /** What the agent ordinarily keeps in its memory; a store of which nothing is known is not there. */
  readonly keys?: KnownKeys | undefined
  /** Names of the tools that were called after the event, in their order: what an order in it may have been about. */
  readonly calledNext?: (() => readonly string[]) | undefined
}

/**
 * The shapes of an event, the plainest first; none where nothing of it says anything, as for what the owner said, what the model
 * answered and texts that order nothing. What is kept in a memory is read later by whoever asks: it has a shape of its own where it
 * orders, and where the agent never kept anything under such a key.
 */
export function shapesOf(event: Event, { orders, keys, calledNext = () => [] }: ShapeOptions): readonly StepShape[] {
  const shape = plainShape(event)
  if (shape === undefined || shape.items.some(([, value]) => isTooLong(value))) return []
  const isOrder = (): boolean => orders(event) >= LEAST_ORDER
  if (event.body.kind === 'memory') return [shape, ...memoryShapes(event.body, { shape, keys, isOrder })]
  if (shape.nature !== 'text') return [shape]
  if (!isOrder()) return []
  const plain = ordering(shape, shape.words)
  return [plain, ...namingShapes(event.body, { plain, called: calledNext() })]
}

/** The same order where it names a tool that was called then (tool-names.ts). */
function namingShapes(
  body: Event['body'],
  { plain, called }: { readonly plain: StepShape; readonly called: readonly string[] },
): readonly StepShape[] {
  return namedTools(textOf(body), called).map((words) => ({
    ...plain,
    items: [...plain.items, [NAMES_FIELD, words] as const],
    words: `${plain.words} that names a tool`,
  }))
}

function textOf(body: Event['body']): string {
  const content =
    body.kind === 'tool-result'
      ? body.result
      : body.kind === 'context-item'
        ? body.content
        : body.kind === 'tool-definition'
          ? body.description
          : undefined
  return content !== undefined && 'text' in content ? content.text : ''
}

type Remembered = Extract<Event['body'], { readonly kind: 'memory' }>

function memoryShapes(
  { operation, record, store = '' }: Remembered,
  {
    shape,
    keys,
    isOrder,
  }: { readonly shape: StepShape; readonly keys: KnownKeys | undefined; readonly isOrder: () => boolean },
): readonly StepShape[] {
  switch (operation) {
    case 'read':
      return isOrder() ? [{ ...ordering(shape, 'an order is recalled from memory'), nature: 'text' }] : []
    case 'write':
      return [
        ...(isOrder() ? [ordering(shape, 'an order is kept in memory')] : []),
        ...(isStrangeKey(keys, { store, record }) ? [strange(shape, keys?.get(store) ?? [])] : []),
      ]
    case 'delete':
      return []
  }
}

function ordering(shape: StepShape, words: string): StepShape {
  return { ...shape, items: [...shape.items, [ORDER_FIELD, LEAST_ORDER]], words }
}

function strange(shape: StepShape, begins: readonly string[]): StepShape {
  return {
    ...shape,
    items: [...shape.items, [KEY_FIELD, true]],
    except: { field: 'memory.record|startswith', begins },
    words: 'memory is kept under a kind of key that it never had',
  }
}

/**
 * What every event of the kind is like; of a text also where it came from, and that it was captured; of what was kept, that it has
 * what the shape looks at.
 */
export function comparableShape({ except: _except, ...shape }: StepShape): StepShape {
  const has = (field: string): boolean => shape.items.some(([other]) => other === field)
  const seen: readonly ShapeItem[] = [
    ...(has(ORDER_FIELD) ? [['text|exists', true] as const] : []),
    ...(has(KEY_FIELD) ? [[KEY_FIELD, true] as const] : []),
  ]
  switch (shape.nature) {
    case 'text':
      return {
        ...shape,
        items: [...shape.items.filter(([field]) => field !== ORDER_FIELD && field !== NAMES_FIELD), ...seen],
      }
    case 'write':
      // The kind of event, and of memory that it was written.
      return { ...shape, items: [...shape.items.slice(0, 2), ...seen] }
    case 'act':
      return { ...shape, items: shape.items.slice(0, 1) }
  }
}

/** Two steps are alike where a rule could not tell them apart. */
export function shapeKey({ items, except }: StepShape): string {
  return JSON.stringify([items, except])
}

function plainShape({ body }: Event): StepShape | undefined {
  const agent = { category: 'ai_agent', surface: 'S2' } as const
  const kind: ShapeItem = ['event.kind', body.kind]
  switch (body.kind) {
    case 'tool-call':
      return { nature: 'act', ...agent, items: [kind, ['tool.name', body.toolName]], words: 'a tool is called' }
    case 'tool-result':
      return {
        nature: 'text',
        ...agent,
        surface: 'S1',
        items: [kind, ['tool.name', body.toolName]],
        words: 'a tool answers with an order',
      }
    case 'context-item':
      return {
        nature: 'text',
        ...agent,
        surface: 'S1',
        items: [kind, ...named('item.source', body.dataSource)],
        words: 'a document with an order is retrieved',
      }
    case 'tool-definition':
      return {
        nature: 'text',
        category: 'mcp',
        surface: 'S1',
        items: [kind, ['tool.name', body.toolName]],
        words: 'a tool is described with an order',
      }
    case 'memory':
      return {
        nature: body.operation === 'read' ? 'act' : 'write',
        ...agent,
        surface: 'S1',
        items: [kind, ['memory.operation', body.operation], ...named('memory.store', body.store)],
        words: body.operation === 'read' ? 'memory is recalled' : `memory is changed (${body.operation})`,
      }
    case 'delegation':
      return {
        nature: 'act',
        ...agent,
        surface: 'S4',
        items: [kind, ['delegation.to', body.to]],
        words: 'work is handed on',
      }
    case 'egress':
      return {
        nature: 'act',
        ...agent,
        items: [kind, ['egress.protocol', body.protocol], ...named('egress.method', body.method)],
        words: 'a request leaves',
      }
    case 'change':
      return {
        nature: 'write',
        ...agent,
        items: [kind, ['change.kind', body.change]],
        words: 'the agent is changed',
      }
    case 'api-call':
      return {
        nature: 'act',
        category: 'authority',
        surface: 'S3',
        items: [kind, ['api.action', body.action], ['api.decision', body.decision]],
        words: 'an authority is asked',
      }
    case 'process':
    case 'file':
    case 'connection':
    case 'kernel':
      return kernelShape(body)
    case 'prompt':
    case 'model-call':
    case 'model-output':
    case 'tool-catalogue':
    case 'component':
    case 'declaration':
    case 'invocation':
    case 'identity':
    case 'guardrail':
    case 'step':
    case 'dns':
    case 'syscall-set':
    case 'socket':
    case 'control':
      return undefined
  }
}

type KernelAct = Extract<Event['body'], { readonly kind: 'process' | 'file' | 'connection' | 'kernel' }>

function kernelShape(body: KernelAct): StepShape | undefined {
  const of = (words: string, ...items: readonly ShapeItem[]): StepShape => ({
    nature: 'act',
    category: 'kernel',
    surface: 'S2',
    items: [['event.kind', body.kind], ...items],
    words,
  })
  switch (body.kind) {
    case 'process':
      return body.action === 'exec'
        ? of('a program is started', ['process.action', body.action], placeOf('process.binary', body.binary))
        : undefined
    case 'file':
      return of(
        'a file is touched',
        ['file.action', body.action],
        ...(body.isSensitive === true ? [['file.sensitive', true] as const] : []),
        ...(body.isForeign === true ? [['file.foreign', true] as const] : []),
        placeOf('file.path', body.path),
      )
    case 'connection': {
      const address = body.remote?.address
      return body.action === 'connect' && address !== undefined && body.protocol !== 'unix'
        ? of('a connection is made', ['connection.action', body.action], networkOf(address))
        : undefined
    }
    case 'kernel':
      return of('the kernel is asked for more', ['kernel.action', body.action])
  }
}

/** Programs of the system by their path; whatever else by the folder at the top, for what lies below is anybody's name. */
function placeOf(field: string, path: string): ShapeItem {
  if (/^\/(?:usr\/)?s?bin\/[^/]+$/.test(path)) return [field, path]
  const top = /^\/[^/]+(?=\/)/.exec(path)?.[0]
  return top === undefined ? [field, path] : [`${field}|startswith`, `${top}/`]
}

const NETWORKS: readonly (readonly [test: RegExp, cidr: string])[] = [
  [/^10\./, '10.0.0.0/8'],
  [/^192\.168\./, '192.168.0.0/16'],
  [/^172\.(?:1[6-9]|2\d|3[01])\./, '172.16.0.0/12'],
  [/^127\./, '127.0.0.0/8'],
  [/^f[cd][\da-f]{2}:/i, 'fc00::/7'],
]

/** The network of an address by its class; one of the internet may be any of them. */
function networkOf(address: string): ShapeItem {
  const own = NETWORKS.find(([test]) => test.test(address))
  return own === undefined
    ? ['connection.address|cidr', address.includes(':') ? '2000::/3' : '0.0.0.0/0']
    : ['connection.address|cidr', own[1]]
}

function named(field: string, value: string | undefined): readonly ShapeItem[] {
  return value === undefined ? [] : [[field, value]]
}

function isTooLong(value: ShapeItem[1]): boolean {
  return typeof value === 'string' && value.length > MAX_NAME_CHARS
}

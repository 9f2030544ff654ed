import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { GateOrder } from '@holdfast/capture'
import { fieldOf } from './forward.ts'

type Freeze = Extract<GateOrder['hold'], { readonly kind: 'freeze-model' }>

/** What a request asks for, as far as it is known: the body comes after the head. */
export type ModelRequest = { readonly request: IncomingMessage; readonly body: Buffer | undefined }

/**
 * The order that holds the request; `unknown` where that depends on the model, which the body names. A body that names none,
 * and whose path names none either, is held: it cannot be told that it is another one.
 */
export function frozenBy(
  orders: readonly GateOrder[],
  { request, body }: ModelRequest,
): GateOrder | 'unknown' | undefined {
  let isUnknown = false
  for (const order of orders) {
    const { hold } = order
    if (hold.kind !== 'freeze-model' || !isOfCredential(hold, request)) continue
    if (hold.model === undefined || pathNames(request, hold.model)) return order
    if (body === undefined) isUnknown = true
    else if (mayName(body, hold.model)) return order
  }
  return isUnknown ? 'unknown' : undefined
}

/** Read by clients of every provider that we know as an error with a message. */
export function frozenAnswer({ incident, order }: GateOrder): { readonly status: 503; readonly body: Buffer } {
  const message = `holdfast: the model is held for this agent (incident ${incident})`
  const error = { type: 'held', code: 'held', message, incident, order }
  return { status: 503, body: Buffer.from(JSON.stringify({ type: 'error', error })) }
}

function isOfCredential({ credential }: Freeze, request: IncomingMessage): boolean {
  return credential === undefined || shownKeys(request).some((key) => digestOf(key) === credential)
}

/** Where the providers take their keys. */
function shownKeys({ rawHeaders, url = '/' }: IncomingMessage): readonly string[] {
  const bearer = /^bearer\s+(\S+)$/i.exec(fieldOf(rawHeaders, 'authorization') ?? '')?.[1]
  const fields = ['x-api-key', 'api-key', 'x-goog-api-key'].map((name) => fieldOf(rawHeaders, name))
  // Of several the provider may read any.
  const queried = new URLSearchParams(/\?([^#]*)/.exec(url)?.[1] ?? '').getAll('key')
  return [bearer, ...fields, ...queried].filter((key) => key !== undefined)
}

function digestOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

/** However it is spelled: who is held writes the path, and the provider reads it decoded. What cannot be decoded may name any model. */
function pathNames({ url = '/' }: IncomingMessage, model: string): boolean {
  const path = decoded(url.replace(/[?#].*$/s, ''))
  return path === undefined || partsText(path).includes(partsText(model))
}

/** Parts of a path between slashes, so that one is found whole or not at all; a colon divides as well. */
function partsText(text: string): string {
  return `/${text.replaceAll(':', '/')}/`
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    // A lone per cent sign: what the provider makes of it is not known.
    return undefined
  }
}

function mayName(body: Buffer, model: string): boolean {
  try {
    const json: unknown = JSON.parse(body.toString('utf8'))
    if (typeof json !== 'object' || json === null || !('model' in json)) return true
    return typeof json.model !== 'string' || json.model === model
  } catch {
    // No JSON, or coded: which model it names is not known.
    return true
  }
}

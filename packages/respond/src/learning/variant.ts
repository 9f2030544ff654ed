import { hash } from 'node:crypto'

import type { Content, Event } from '@holdfast/model'
import { parseSha256 } from '@holdfast/model'

import { MAX_REWORDED_CHARS, MAX_REWORDED_DEPTH } from './limits.ts'
import { isStrangeKey, type KnownKeys } from './memory-keys.ts'

/**
 * The same chain in other words and with other values: addresses, hosts, numbers and ids are each replaced by another of their
 * kind, the same by the same everywhere, and common words by others that mean the same. Where something went is replaced where a text
 * of the chain names it, and keys of memory where the agent ordinarily has none of their kind. Names of interfaces stay: tools,
 * stores, actions. Deterministic.
 */
export function variantOf(
  events: readonly Event[],
  { keys }: { readonly keys?: KnownKeys | undefined } = {},
): readonly Event[] {
  const named = new Set<string>()
  const texts = { note: (value: string) => void named.add(value), keys }
  const told = events.map(({ body }) => rewritten(body, texts))
  // Texts come first: a connection may be recorded before what it was made for.
  return events.map((event, i) => ({ ...event, body: seenBody(told[i] ?? event.body, named) }))
}

type Body = Event['body']
/** Takes a value of a text that was replaced. */
type Note = (value: string) => void
type Texts = { readonly note: Note; readonly keys: KnownKeys | undefined }

function rewritten(body: Body, { note, keys }: Texts): Body {
  const vary = (content: Content): Content => varied(content, note)
  switch (body.kind) {
    case 'prompt':
    case 'model-output':
      return { ...body, content: vary(body.content) }
    case 'memory':
      return {
        ...body,
        content: vary(body.content),
        ...(body.record === undefined || !isStrangeKey(keys, body) ? {} : { record: keyOf(body.record) }),
      }
    case 'context-item':
      return { ...body, content: vary(body.content), query: vary(body.query) }
    case 'tool-call':
      return { ...body, arguments: vary(body.arguments) }
    case 'tool-result':
      return { ...body, result: vary(body.result) }
    case 'tool-definition':
      return { ...body, description: vary(body.description) }
    case 'delegation':
      return { ...body, payload: vary(body.payload) }
    case 'invocation':
      return { ...body, input: vary(body.input), output: vary(body.output) }
    case 'api-call':
      return { ...body, request: vary(body.request), response: vary(body.response) }
    case 'egress':
    case 'model-call':
    case 'tool-catalogue':
    case 'component':
    case 'declaration':
    case 'change':
    case 'identity':
    case 'guardrail':
    case 'step':
    case 'process':
    case 'file':
    case 'connection':
    case 'dns':
    case 'kernel':
    case 'syscall-set':
    case 'socket':
    case 'control':
      return body
  }
}

/** Where something went that a text named is that value in the variant as well: else the two would no longer be one deed. */
function seenBody(body: Body, named: ReadonlySet<string>): Body {
  if (body.kind === 'connection' && body.remote !== undefined) {
    const { address, port } = body.remote
    return { ...body, remote: { ...body.remote, address: seen(address, named), port: seenPort(port, named) } }
  }
  if (body.kind === 'egress') return { ...body, destination: seen(body.destination, named) }
  if (body.kind === 'dns')
    return { ...body, name: seen(body.name, named), answers: body.answers.map((answer) => seen(answer, named)) }
  if (body.kind === 'process' && (body.action === 'exec' || body.action === 'exec-failed'))
    return { ...body, arguments: variedContent(body.arguments, (text) => variedNamed(text, named)) }
  return body
}

function seen(value: string, named: ReadonlySet<string>): string {
  return named.has(value) ? variedProse(value, NOBODY) : value
}

function seenPort(port: number, named: ReadonlySet<string>): number {
  const other = Number(seen(String(port), named))
  return other <= MAX_PORT ? other : port
}

const MAX_PORT = 65_535
const NOBODY: Note = () => undefined

/** Values alone, and of those what a text names. */
function variedNamed(text: string, named: ReadonlySet<string>): string {
  return text.replace(TOKEN, (token) => seen(token, named))
}

function varied(content: Content, note: Note): Content {
  return variedContent(content, (text) => variedText(text, note))
}

function variedContent(content: Content, vary: (text: string) => string): Content {
  if (!('text' in content)) return content
  const text = vary(content.text)
  // SHA-256 in hex, as the parser asks.
  const digest = parseSha256(hash('sha256', text)) ?? content.digest
  return { ...content, text, digest, bytes: Buffer.byteLength(text) }
}

/** Where the text is JSON its keys stay: they are names of an interface. */
function variedText(text: string, note: Note): string {
  const parsed = jsonIn(text)
  return parsed === undefined ? variedProse(text, note) : JSON.stringify(variedValue(parsed.value, note))
}

function jsonIn(text: string): { readonly value: unknown } | undefined {
  if (!/^\s*[[{]/.test(text) || text.length > MAX_REWORDED_CHARS) return undefined
  try {
    const value = JSON.parse(text) as unknown
    return isWithin(MAX_REWORDED_DEPTH, value) ? { value } : undefined
  } catch {
    // Text that only begins like JSON is prose.
    return undefined
  }
}

function isWithin(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  return levels > 0 && Object.values(value).every((inner) => isWithin(levels - 1, inner))
}

function variedValue(value: unknown, note: Note): unknown {
  if (typeof value === 'string') return variedText(value, note)
  if (typeof value === 'number') return Number(variedProse(String(value), note))
  if (Array.isArray(value)) return value.map((inner) => variedValue(inner, note))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, variedValue(inner, note)]))
}

/** Addresses and hosts first, for numbers and words stand in them. */
const TOKEN =
  /(?<mail>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+)|(?<host>(?<![\w@-])[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.[a-z\d-]{1,63})*\.(?:example|test|com|org|net|io|dev|internal|local)(?![\w-]))|(?<address>\b\d{1,3}(?:\.\d{1,3}){3}\b)|(?<id>\b[A-Z]{2,8}-\d{1,10}\b)|(?<number>(?<![\w.-])\d{2,15}(?![\w-]))|(?<word>(?<![\w-])[A-Za-z]{2,16}(?![\w-]))/g

/** `note` is told of each value, and of no word. */
function variedProse(text: string, note: Note): string {
  const head = text.slice(0, MAX_REWORDED_CHARS)
  const reworded = head.replace(TOKEN, (token, ...rest: readonly unknown[]) => {
    const kinds = rest.at(-1) as Readonly<Record<string, string | undefined>> // named groups come last
    if (kinds['word'] === undefined) note(token)
    if (kinds['mail'] !== undefined) return mailOf(token)
    if (kinds['host'] !== undefined) return hostOf(token)
    if (kinds['address'] !== undefined) return addressOf(token)
    if (kinds['id'] !== undefined)
      return `${token.slice(0, token.indexOf('-'))}-${digitsOf(token.slice(token.indexOf('-') + 1))}`
    if (kinds['number'] !== undefined) return digitsOf(token)
    return wordOf(token)
  })
  return `${reworded}${text.slice(MAX_REWORDED_CHARS)}`
}

function mailOf(mail: string): string {
  return `${nameOf(mail.slice(0, mail.lastIndexOf('@')))}@${hostOf(mail.slice(mail.lastIndexOf('@') + 1))}`
}

/** What follows the word that a key begins with stays: often it is a number that others refer to. */
function keyOf(record: string): string {
  return record.replace(/^[a-z]+/i, (word) => nameOf(word))
}

/** The last label stays, so that what is reserved stays reserved. */
function hostOf(host: string): string {
  return `${nameOf(host)}${host.slice(host.lastIndexOf('.'))}`
}

/** The network stays, so that an address of one's own stays one. */
function addressOf(address: string): string {
  const [a = '0', b = '0'] = address.split('.')
  return [a, b, 1 + ((bytesOf(address)[0] ?? 0) % 250), 1 + ((bytesOf(address)[1] ?? 0) % 250)].join('.')
}

const SYLLABLES = [
  'bar',
  'den',
  'fil',
  'gor',
  'hel',
  'kan',
  'lum',
  'mar',
  'nov',
  'pel',
  'quin',
  'ros',
  'sil',
  'tor',
  'vel',
  'wis',
]

function nameOf(token: string): string {
  return [0, 1, 2].map((i) => SYLLABLES[(bytesOf(token)[i] ?? 0) % SYLLABLES.length] ?? '').join('')
}

/** As many digits, the first none of them 0. */
function digitsOf(digits: string): string {
  const bytes = bytesOf(digits)
  return Array.from(digits, (digit, i) =>
    i === 0
      ? String(1 + ((Number(digit) + (bytes[0] ?? 0)) % 9))
      : String((Number(digit) + (bytes[i % bytes.length] ?? 0)) % 10),
  ).join('')
}

function bytesOf(token: string): Uint8Array {
  return Buffer.from(hash('sha256', `variant\n${token.toLowerCase()}`), 'hex')
}

/** Words that may stand for each other in an order; each pair is swapped. */
const ALIKE: ReadonlyMap<string, string> = new Map(
  [
    ['send', 'forward'],
    ['please', 'kindly'],
    ['ignore', 'disregard'],
    ['export', 'extract'],
    ['delete', 'erase'],
    ['give', 'hand'],
    ['show', 'display'],
    ['all', 'every'],
    ['customers', 'clients'],
    ['customer', 'client'],
    ['records', 'rows'],
    ['list', 'overview'],
    ['message', 'note'],
    ['mail', 'letter'],
    ['report', 'summary'],
    ['previous', 'earlier'],
    ['instructions', 'directions'],
    ['immediately', 'now'],
    ['also', 'additionally'],
    ['price', 'cost'],
    ['file', 'document'],
    ['copy', 'duplicate'],
    ['urgent', 'pressing'],
    ['account', 'ledger'],
    ['must', 'should'],
  ].flatMap(([a = '', b = '']) => [[a, b] as const, [b, a] as const]),
)

function wordOf(word: string): string {
  const other = ALIKE.get(word.toLowerCase())
  if (other === undefined) return word
  return /^[A-Z]/.test(word) ? `${other.slice(0, 1).toUpperCase()}${other.slice(1)}` : other
}

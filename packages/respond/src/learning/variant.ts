import { hash } from 'node:crypto'

import type { Content, Event } from '@holdfast/model'
import { parseSha256 } from '@holdfast/model'

import { MAX_REWORDED_CHARS, MAX_REWORDED_DEPTH } from './limits.ts'

/**
 * The same chain in other words and with other values: addresses, hosts, numbers and ids are each replaced by another of their
 * kind, the same by the same everywhere, and common words by others that mean the same. Names of interfaces stay: tools, stores,
 * actions. Deterministic.
 */
export function variantOf(events: readonly Event[]): readonly Event[] {
  return events.map((event) => ({ ...event, body: rewritten(event.body) }))
}

type Body = Event['body']

function rewritten(body: Body): Body {
  switch (body.kind) {
    case 'prompt':
    case 'model-output':
    case 'memory':
      return { ...body, content: varied(body.content) }
    case 'context-item':
      return { ...body, content: varied(body.content), query: varied(body.query) }
    case 'tool-call':
      return { ...body, arguments: varied(body.arguments) }
    case 'tool-result':
      return { ...body, result: varied(body.result) }
    case 'tool-definition':
      return { ...body, description: varied(body.description) }
    case 'delegation':
      return { ...body, payload: varied(body.payload) }
    case 'invocation':
      return { ...body, input: varied(body.input), output: varied(body.output) }
    case 'api-call':
      return { ...body, request: varied(body.request), response: varied(body.response) }
    case 'egress':
      return { ...body, destination: variedText(body.destination) }
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

function varied(content: Content): Content {
  if (!('text' in content)) return content
  const text = variedText(content.text)
  // SHA-256 in hex, as the parser asks.
  const digest = parseSha256(hash('sha256', text)) ?? content.digest
  return { ...content, text, digest, bytes: Buffer.byteLength(text) }
}

/** Where the text is JSON its keys stay: they are names of an interface. */
function variedText(text: string): string {
  const parsed = jsonIn(text)
  return parsed === undefined ? variedProse(text) : JSON.stringify(variedValue(parsed.value))
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

function variedValue(value: unknown): unknown {
  if (typeof value === 'string') return variedText(value)
  if (typeof value === 'number') return Number(variedProse(String(value)))
  if (Array.isArray(value)) return value.map(variedValue)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, variedValue(inner)]))
}

/** Addresses and hosts first, for numbers and words stand in them. */
const TOKEN =
  /(?<mail>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+)|(?<host>(?<![\w@-])[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.[a-z\d-]{1,63})*\.(?:example|test|com|org|net|io|dev|internal|local)(?![\w-]))|(?<address>\b\d{1,3}(?:\.\d{1,3}){3}\b)|(?<id>\b[A-Z]{2,8}-\d{1,10}\b)|(?<number>(?<![\w.-])\d{2,15}(?![\w-]))|(?<word>(?<![\w-])[A-Za-z]{2,16}(?![\w-]))/g

function variedProse(text: string): string {
  const head = text.slice(0, MAX_REWORDED_CHARS)
  const reworded = head.replace(TOKEN, (token, ...rest: readonly unknown[]) => {
    const kinds = rest.at(-1) as Readonly<Record<string, string | undefined>> // named groups come last
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

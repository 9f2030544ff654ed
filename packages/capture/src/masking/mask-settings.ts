import { FOUND, JsonCursor } from '../otlp/json-cursor.ts'
import { isSensitiveName } from './field-rules.ts'
import type { MaskWriter } from './mask-writer.ts'

/** Objects whose members are settings or headers: what an agent's or a server's configuration keeps its credentials in. */
const SETTINGS: ReadonlySet<string> = new Set(['env', 'environment', 'headers', 'http_headers', 'httpheaders'])
/** Copies of a whole manifest, as text, which say nothing that it does not say itself. */
const COPIES: ReadonlySet<string> = new Set(['kubectl.kubernetes.io/last-applied-configuration'])
const MAX_NAME = 256
const MAX_DEPTH = 64

/**
 * Masks what a configuration document states as a setting, whatever it looks like: all values of `env` and `headers`, and
 * those of listed settings, options and URL queries whose names say that they are secrets. A document is declared to tell
 * what an agent is made of, for which no value of these is needed. `bytes` is JSON; what is none is left as it is.
 */
export function maskSettings(writer: MaskWriter): void {
  visit({ cursor: new JsonCursor(writer.bytes), writer }, { depth: 0, isSetting: false })
}

type Pass = { readonly cursor: JsonCursor; readonly writer: MaskWriter }
type Place = { readonly depth: number; readonly isSetting: boolean; readonly isElement?: boolean }

function visit(pass: Pass, { depth, isSetting, isElement = false }: Place): boolean {
  const { cursor, writer } = pass
  if (depth > MAX_DEPTH) return false
  if (cursor.isObject()) return visitMembers(pass, { depth, isSetting })
  if (cursor.isArray()) return visitElements(pass, depth)
  if (!cursor.isString()) return cursor.skipValue(depth)
  if (!cursor.readString()) return false
  const { stringFrom: from, stringTo: to } = cursor
  if (isSetting) writer.write('setting', from, to)
  else maskStated(writer, { from, to, isElement })
  return true
}

/** An object; of one with a name and a value, the value is masked where the name is a secret's. */
function visitMembers(pass: Pass, { depth, isSetting }: Place): boolean {
  const { cursor, writer } = pass
  let isNamed = false
  let value: readonly [from: number, to: number] | undefined
  cursor.enter()
  for (let isFirst = true; ; isFirst = false) {
    const step = cursor.nextMember(isFirst)
    if (step !== FOUND) {
      if (step === 0 && isNamed && value !== undefined) writer.write('setting', value[0], value[1])
      return step === 0
    }
    const name = cursor.text(MAX_NAME) ?? ''
    cursor.peek()
    const isText = cursor.isString()
    const isOwn = isSetting || COPIES.has(name) || (isText ? isSecretMember(name) : SETTINGS.has(name.toLowerCase()))
    if (!visit(pass, { depth: depth + 1, isSetting: isOwn })) return false
    if (isText && (name === 'name' || name === 'key')) isNamed ||= isSecretMember(cursor.text(MAX_NAME) ?? '')
    if (isText && name === 'value') value = [cursor.stringFrom, cursor.stringTo]
  }
}

/** A list, in which an option may stand before its value. */
function visitElements(pass: Pass, depth: number): boolean {
  const { cursor } = pass
  let isSetting = false
  cursor.enter()
  for (let isFirst = true; ; isFirst = false) {
    const step = cursor.nextElement(isFirst)
    if (step !== FOUND) return step === 0
    const isText = cursor.isString()
    if (!visit(pass, { depth: depth + 1, isSetting: isText && isSetting, isElement: true })) return false
    const option = isText ? /^--?([A-Za-z][\w.-]*)$/.exec(cursor.text(MAX_NAME) ?? '')?.[1] : undefined
    isSetting = option !== undefined && isSecretName(option)
  }
}

type Text = { readonly from: number; readonly to: number; readonly isElement: boolean }

/**
 * What a text itself states: queries of a URL; in a list, where arguments and headers stand, options and assignments too.
 * Prose, such as instructions, stays as it is: its digest tells which it is.
 */
function maskStated(writer: MaskWriter, { from, to, isElement }: Text): void {
  // One character for each byte, so that places in it are places in the bytes.
  const text = Buffer.from(writer.bytes.buffer, writer.bytes.byteOffset + from, to - from).toString('latin1')
  if (!isElement && !URL_START.test(text)) return
  for (const stated of isElement ? [WHOLE, OPTION, QUERY] : [QUERY])
    for (const { 0: all, 1: name = '', 2: value = '', index } of text.matchAll(stated)) {
      const end = from + index + all.length
      if (isSecretName(name)) writer.write('setting', end - value.length, end)
    }
}

const URL_START = /^[a-z][a-z0-9+.-]{0,31}:\/\//i
/** `TOKEN=...`, `-token=...` and `X-Token: ...`, where it is the whole text. */
const WHOLE = /^-{0,2}([A-Za-z][\w.-]{0,127})(?:=|: ?(?=\S*$))([^]+)$/g
/** `--token=...` and `--token ...` inside of a command. */
const OPTION = /(?<![\w-])--([A-Za-z][\w.-]{0,127})(?:=| {1,8})([^\s'"\\-][^\s'"\\]*)/g
const QUERY = /[?&;]([A-Za-z][\w.-]{0,63})=([^&#\s"'\\;]+)/g

/** A member called `key` names something in most documents. */
function isSecretMember(name: string): boolean {
  return isSecretName(name) && !/^(?:key|auth|pass|pat|sig|signature|webhook)$/i.test(name)
}

/** Also names that are ordinary words in other texts: a setting that is called a token or a key holds one. */
function isSecretName(name: string): boolean {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
  return isSensitiveName(name) || SECRET_WORD.test(words)
}

const SECRET_WORD =
  /(?:^|[-_.])(?:token|key|pat|pwd|pass|secret|secrets|credential|credentials|dsn|auth|cookie|jwt|sig|signature|webhook)$/i

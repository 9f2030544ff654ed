import type { ProxyHold } from '@holdfast/model'
import { isJsonArray, isJsonObject } from '../decode/any-value.ts'
import type { Json, JsonObject } from '../decode/any-value.ts'
import { parseJsonStructure, writeJsonText } from '../decode/json-text.ts'
import { sha256 } from '../dialects/content.ts'
import { MAX_INNER_JSON } from './limits.ts'

type Item = Extract<ProxyHold, { kind: 'quarantine-item' }>

/** What says which thing an object is: left standing, so that who asked sees what was withheld. */
const NAMING: ReadonlySet<string> = new Set(['type', 'role', 'uri', 'id', 'mimeType'])
/** Members whose text is base64, which must stay so. */
const CODED: ReadonlySet<string> = new Set(['blob', 'data'])

/**
 * The value with a notice in place of the item: a text that is it (by digest) or names it is replaced, and where a member of
 * an object is its id or URI, all texts of that object are. Text that is JSON itself is looked through as such.
 */
export function withoutItem(
  value: Json,
  item: Item,
  incident: string,
): { readonly value: Json; readonly isFound: boolean } {
  const notice = `[withheld by holdfast: this item is held in quarantine, incident ${incident}]`
  let isFound = false
  const replaced = (text: string, depth: number): string => {
    const inner = depth < MAX_INNER_JSON ? parseJsonStructure(text) : undefined
    if (inner !== undefined) {
      const passed = looked(inner, depth + 1)
      if (passed !== inner) return writeJsonText(passed)
    }
    if (!isItem(text, item) && (inner !== undefined || !namesItem(text, item))) return text
    isFound = true
    return notice
  }
  const looked = (one: Json, depth: number): Json => {
    if (typeof one === 'string') return replaced(one, depth)
    if (isJsonArray(one)) {
      const passed = one.map((each) => looked(each, depth))
      return passed.every((each, at) => each === one[at]) ? one : passed
    }
    if (!isJsonObject(one)) return one
    const isTheItem = item.id !== undefined && Object.values(one).includes(item.id)
    if (isTheItem) isFound = true
    return isTheItem ? blanked(one, item, notice) : withMembers(one, (member) => looked(member, depth))
  }
  return { value: looked(value, 0), isFound }
}

/** Every text below an object that is the item, however deep: a record keeps its shape and loses its words. */
function blanked(one: JsonObject, item: Item, notice: string): JsonObject {
  const words = (member: Json, key: string): Json => {
    if (typeof member === 'string') {
      if (NAMING.has(key) || member === item.id) return member
      return CODED.has(key) ? Buffer.from(notice).toString('base64') : notice
    }
    if (isJsonArray(member)) return member.map((each) => words(each, key))
    return isJsonObject(member) ? withMembers(member, words) : member
  }
  return withMembers(one, words)
}

function withMembers(one: JsonObject, change: (member: Json, key: string) => Json): JsonObject {
  // Without a prototype even the key `__proto__` is an ordinary member.
  const passed = Object.create(null) as { [key: string]: Json }
  let isChanged = false
  for (const [key, member] of Object.entries(one)) {
    const changed = change(member, key)
    passed[key] = changed
    isChanged ||= changed !== member
  }
  return isChanged ? passed : one
}

function isItem(text: string, { id, digest }: Item): boolean {
  return text === id || (digest !== undefined && sha256(text) === digest)
}

/** True where the id stands in the text as a word of its own. */
function namesItem(text: string, { id }: Item): boolean {
  if (id === undefined) return false
  for (let at = text.indexOf(id); at >= 0; at = text.indexOf(id, at + 1)) {
    if (!isWordAt(text, at - 1) && !isWordAt(text, at + id.length)) return true
  }
  return false
}

function isWordAt(text: string, at: number): boolean {
  return /^[\p{L}\p{N}_-]$/u.test(text.charAt(at))
}

import type { ProxyHold } from '@holdfast/model'
import { field, isJsonArray, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json, JsonObject } from '../decode/any-value.ts'
import { definitionDigest } from './definition.ts'
import { withoutItem } from './held-item.ts'

/** One hold at work on one message. `note` is told of each thing that does not pass. */
export type HeldBy = {
  readonly hold: ProxyHold
  readonly incident: string
  /** Of the error that stands in place of a result. */
  readonly code: number
  readonly note: (target: string) => void
}

/** Members of a result that list what a server has, and how an item of them is called. */
const LISTS: readonly (readonly [list: string, name: string])[] = [
  ['tools', 'name'],
  ['resources', 'uri'],
  ['resourceTemplates', 'uriTemplate'],
  ['prompts', 'name'],
]

/** Members of a result, or of a request by the server, by which text gets into a context. */
const TEXTS: readonly string[] = [
  'content',
  'contents',
  'structuredContent',
  'messages',
  'systemPrompt',
  'inputRequests',
  'completion',
]

/** What a server under quarantine may still say by itself: nothing that a model reads. */
const SAID_STILL: ReadonlySet<string> = new Set([
  'ping',
  'notifications/cancelled',
  'notifications/tools/list_changed',
  'notifications/resources/list_changed',
  'notifications/prompts/list_changed',
])

/** An answer of the server as it may pass. */
export function heldAnswer(message: JsonObject, by: HeldBy): JsonObject {
  const { hold, incident, code, note } = by
  const { result } = message
  if (hold.kind === 'quarantine-server') return ofQuarantined(message, { incident, code, note })
  if (!isJsonObject(result)) return message
  const listed = withLists(result, (list, name, item) => {
    if (!isHeldItem(hold, list, name, item)) return true
    note(name ?? list)
    return false
  })
  const passed = hold.kind === 'quarantine-item' ? withTexts(listed, by) : listed
  return passed === result ? message : { ...message, result: passed }
}

/** A request or notification of the server as it may pass; undefined where it may not. */
export function heldFromServer(message: JsonObject, by: HeldBy): JsonObject | undefined {
  const { hold, note } = by
  const method = textField(message, 'method') ?? ''
  if (hold.kind === 'quarantine-server') {
    if (SAID_STILL.has(method)) return message
    note(method)
    return undefined
  }
  const params = message['params']
  if (hold.kind !== 'quarantine-item' || !isJsonObject(params)) return message
  const passed = withTexts(params, by)
  return passed === params ? message : { ...message, params: passed }
}

/** Lists are empty, and what would bring text is an error; the session itself goes on. */
function ofQuarantined(message: JsonObject, { incident, code, note }: Omit<HeldBy, 'hold'>): JsonObject {
  const words = `holdfast: the server is held in quarantine (incident ${incident})`
  const { result, error } = message
  if (error !== undefined) {
    note('an error of the server')
    // A message with both is no JSON-RPC, and there are clients that read the result of one.
    const { result: _, ...rest } = message
    return { ...rest, error: { code, message: words } }
  }
  if (!isJsonObject(result)) return message
  if (TEXTS.some((name) => field(result, name) !== undefined)) {
    note('a result of the server')
    const { result: _, ...rest } = message
    return { ...rest, error: { code, message: words } }
  }
  const emptied = withLists(result, (list, name) => {
    note(name ?? list)
    return false
  })
  if (field(emptied, 'instructions') === undefined) return { ...message, result: emptied }
  note('instructions')
  const { instructions: _, ...rest } = emptied
  return { ...message, result: rest }
}

function isHeldItem(hold: ProxyHold, list: string, name: string | undefined, item: Json): boolean {
  const isTool = list === 'tools'
  switch (hold.kind) {
    case 'withdraw-tool':
      return isTool && name === hold.tool
    case 'close-channel':
      if (isTool) return name !== undefined && name === hold.tool
      return hold.resource !== undefined && list === 'resources' && name?.startsWith(hold.resource) === true
    case 'pin-catalogue': {
      if (!isTool) return false
      const definition = definitionDigest(item)
      return !hold.tools.some((pinned) => pinned.name === name && pinned.definition === definition)
    }
    case 'quarantine-item':
      if (hold.id !== undefined && name === hold.id) return true
      return isTool && hold.digest !== undefined && definitionDigest(item) === hold.digest
    case 'quarantine-server':
    case 'guard-arguments':
    case 'hold-memory':
    case 'freeze-model':
      return false
  }
}

function withLists(
  result: JsonObject,
  keep: (list: string, name: string | undefined, item: Json) => boolean,
): JsonObject {
  let passed = result
  for (const [list, called] of LISTS) {
    const items = field(result, list)
    if (!isJsonArray(items)) continue
    const kept = items.filter((item) => keep(list, textField(item, called), item))
    if (kept.length < items.length) passed = { ...passed, [list]: kept }
  }
  return passed
}

function withTexts(holder: JsonObject, { hold, incident, note }: HeldBy): JsonObject {
  if (hold.kind !== 'quarantine-item') return holder
  let passed = holder
  for (const name of TEXTS) {
    const texts = field(holder, name)
    if (texts === undefined) continue
    const { value, isFound } = withoutItem(texts, hold, incident)
    if (!isFound) continue
    passed = { ...passed, [name]: value }
    note(hold.id ?? hold.digest ?? '')
  }
  return passed
}

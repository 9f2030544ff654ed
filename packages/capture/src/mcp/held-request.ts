import type { ProxyHold } from '@holdfast/model'
import { field, isJsonArray, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { canonicalJson } from './definition.ts'
import type { HoldGateOptions } from './hold-gate.ts'
import { calledTool } from './message-gate.ts'

/** What keeps a session alive and brings nothing: the lists are emptied when they come. */
const HARMLESS: ReadonlySet<string> = new Set([
  'initialize',
  'server/discover',
  'ping',
  'logging/setLevel',
  'tools/list',
  'resources/list',
  'resources/templates/list',
  'prompts/list',
  'resources/unsubscribe',
  'tasks/cancel',
])

/** Why a request may not go on to the server under this hold, and what it asked for; undefined where it may. */
export function heldRequest(
  message: Json,
  hold: ProxyHold,
  { offered, matches }: Pick<HoldGateOptions, 'offered' | 'matches'>,
): { readonly words: string; readonly target: string } | undefined {
  const method = textField(message, 'method')
  if (method === undefined || method.startsWith('notifications/')) return undefined
  const params = field(message, 'params')
  const tool = calledTool(message)
  const held = (words: string, target = tool ?? method) => ({ words, target })
  switch (hold.kind) {
    case 'quarantine-server':
      if (HARMLESS.has(method)) return undefined
      return held('the server is held in quarantine', tool ?? textField(params, 'uri', 'name') ?? method)
    case 'withdraw-tool':
      return tool === hold.tool ? held(`the tool ${quoted(tool)} is held: it is withdrawn`) : undefined
    case 'hold-memory':
      return tool !== undefined && hold.tools.includes(tool)
        ? held(`the tool ${quoted(tool)} is held: nothing is written to memory`)
        : undefined
    case 'close-channel': {
      if (tool !== undefined)
        return tool === hold.tool ? held(`the tool ${quoted(tool)} is held: the channel is closed`) : undefined
      const uri = uriOf(method, params)
      const isClosed = uri !== undefined && hold.resource !== undefined && uri.startsWith(hold.resource)
      return isClosed ? held(`the resource ${quoted(uri)} is held: the channel is closed`, uri) : undefined
    }
    case 'pin-catalogue': {
      if (tool === undefined) return undefined
      const pinned = hold.tools.filter(({ name }) => name === tool).map(({ definition }) => definition)
      const isAltered = offered().some(({ name, definition }) => name === tool && !pinned.includes(definition))
      if (pinned.length > 0 && !isAltered) return undefined
      return held(`the tool ${quoted(tool)} is held: it is not as it was in the pinned catalogue`)
    }
    case 'guard-arguments': {
      if (tool !== hold.tool) return undefined
      const value = argumentAt(field(params, 'arguments'), hold.argument)
      if (value !== undefined && isAllowed(value, hold, matches)) return undefined
      return held(`the tool ${quoted(tool)} is held to known values of the argument ${quoted(hold.argument)}`)
    }
    case 'quarantine-item': {
      if (hold.id === undefined || tool !== undefined) return undefined
      const asked = uriOf(method, params) ?? (method === 'prompts/get' ? textField(params, 'name') : undefined)
      return asked === hold.id ? held(`${quoted(asked)} is held in quarantine`, asked) : undefined
    }
    case 'freeze-model':
      return undefined
  }
}

function uriOf(method: string, params: Json | undefined): string | undefined {
  if (method === 'resources/read' || method === 'resources/subscribe') return textField(params, 'uri')
  return method === 'completion/complete' ? textField(field(params, 'ref'), 'uri', 'name') : undefined
}

/** Own members and list places only: a name of the sender finds nothing that an object inherits. */
function argumentAt(json: Json | undefined, path: string): Json | undefined {
  let at = json
  for (const part of path.split('.')) {
    if (isJsonArray(at)) at = /^\d{1,6}$/.test(part) ? at[Number(part)] : undefined
    else at = isJsonObject(at) ? field(at, part) : undefined
  }
  return at
}

function isAllowed(
  value: Json,
  { values, pattern }: Extract<ProxyHold, { kind: 'guard-arguments' }>,
  matches: HoldGateOptions['matches'],
): boolean {
  const text = typeof value === 'string' ? value : canonicalJson(value)
  return values.includes(text) || (pattern !== undefined && matches(pattern, text))
}

/** The name comes from the client; a client or its person reads it in our words. */
function quoted(name: string): string {
  return JSON.stringify(name.slice(0, 200).toWellFormed())
}

import { field, isJsonArray, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { catalogueDigest, definitionDigest } from './definition.ts'
import type { McpCall, McpCatalogue, McpDirection } from './frame.ts'
import { MAX_FRAME_TEXT, MAX_LISTED_TOOLS, MAX_OPEN_LISTS } from './limits.ts'

type Listed = McpCatalogue['tools'][number]
type Pages = { readonly tools: readonly Listed[]; readonly isFromStart: boolean; readonly isAnnounced: boolean }

/** What a list is followed by. */
type ListStep = {
  readonly message: Json
  /** The request that the message makes or answers. */
  readonly call: McpCall | undefined
  readonly session: string
  readonly direction: McpDirection
}

/**
 * Puts the pages of `tools/list` together by their cursors, and knows whether the server had said that its list changed.
 * An announcement on any stream of an endpoint counts for all its sessions: the list is the server's.
 */
export class ToolLists {
  /** Pages so far, by session and the cursor that asks for the next one. */
  readonly #open = new Map<string, Pages>()
  /** Cursor of each list request under way, by session and call. */
  readonly #asked = new Map<string, string | undefined>()
  #announcements = 0
  /** Announcements when a session last began a list. */
  readonly #seen = new Map<string, number>()

  /** The catalogue so far, where the message is a page of one. */
  follow({ message, call, session, direction }: ListStep): McpCatalogue | undefined {
    if (textField(message, 'method') === 'notifications/tools/list_changed') this.#announcements += 1
    if (call?.method !== 'tools/list') return undefined
    const key = `${session} ${call.callId}`
    if (direction === 'to-server') {
      bound(this.#asked).set(key, textField(field(message, 'params'), 'cursor'))
      return undefined
    }
    const cursor = this.#asked.get(key)
    this.#asked.delete(key)
    const result = field(message, 'result')
    const listed = field(result, 'tools')
    if (!isJsonArray(listed)) return undefined
    return this.#page({ listed, cursor, session, next: textField(result, 'nextCursor') })
  }

  #page(page: {
    readonly listed: readonly Json[]
    readonly cursor: string | undefined
    readonly session: string
    readonly next: string | undefined
  }): McpCatalogue {
    const { listed, cursor, session, next } = page
    const before = this.#before(cursor, session)
    const all = [...before.tools, ...listed.flatMap(listedTool)]
    const tools = all.slice(0, MAX_LISTED_TOOLS)
    const isFromStart = before.isFromStart && all.length === tools.length
    if (next !== undefined) bound(this.#open).set(`${session} ${next}`, { ...before, tools, isFromStart })
    return {
      tools,
      digest: catalogueDigest(tools),
      isWhole: isFromStart && next === undefined,
      isAnnounced: before.isAnnounced,
    }
  }

  #before(cursor: string | undefined, session: string): Pages {
    if (cursor === undefined) {
      const isAnnounced = this.#announcements > (this.#seen.get(session) ?? 0)
      bound(this.#seen).set(session, this.#announcements)
      return { tools: [], isFromStart: true, isAnnounced }
    }
    const key = `${session} ${cursor}`
    const known = this.#open.get(key)
    this.#open.delete(key)
    return known ?? { tools: [], isFromStart: false, isAnnounced: false }
  }
}

function listedTool(tool: Json): readonly Listed[] {
  const name = textField(tool, 'name')
  const definition = definitionDigest(tool)
  return name === undefined || definition === undefined ? [] : [{ name: name.slice(0, MAX_FRAME_TEXT), definition }]
}

function bound<V>(map: Map<string, V>): Map<string, V> {
  const oldest = map.keys().next().value
  if (map.size >= MAX_OPEN_LISTS && oldest !== undefined) map.delete(oldest)
  return map
}

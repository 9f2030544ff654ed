import type { Query } from '@holdfast/api'
import { LARGE_ENTRIES } from '../limits.ts'
import type { ConversationDoc } from './docs.ts'
import { keys } from './keys.ts'
import type { ViewQuestion, WorkspaceQuestion, WorkspaceQuestions } from './messages.ts'
import type { ViewSources } from './view-sources.ts'

/** What a graph is drawn with unless more is asked for. */
export const DRAWN_NODES = 150

/** Rows that the workspace asks for at once. */
const FIRST_ROWS = 200

type FirstPage = { readonly question: WorkspaceQuestion; readonly query: object }

/** What the views of a conversation ask as they open, in the order in which somebody waits for the answers. */
export const FIRST_PAGES: readonly FirstPage[] = [
  { question: 'getDrawnGraph', query: { mode: 'aggregated', limit: DRAWN_NODES } },
  { question: 'getEvidence', query: {} },
  { question: 'getStrip', query: {} },
  { question: 'listRows', query: { offset: 0, limit: FIRST_ROWS } },
  // Little beside the graph that is derived by then, which who asked alone would have to wait for.
  { question: 'getDrawnGraph', query: { mode: 'as-run', limit: DRAWN_NODES } },
]

/**
 * Answers about large conversations, kept beside the projection, so that opening one again (or after a restart) reads a
 * few kilobytes instead of every event. An answer is good for as long as the conversation has the entries it had.
 */
export class AnswerCache {
  readonly #store: ViewSources['store']

  constructor({ store }: Pick<ViewSources, 'store'>) {
    this.#store = store
  }

  get(doc: ConversationDoc, variant: string): string | undefined {
    if (!isKept(doc)) return undefined
    const bytes = this.#store.get(keys.answer(doc.id, variant))
    if (bytes === undefined) return undefined
    const text = Buffer.from(bytes).toString()
    const stamp = stampOf(doc)
    return text.startsWith(stamp) ? text.slice(stamp.length) : undefined
  }

  put(doc: ConversationDoc, variant: string, json: string): void {
    if (!isKept(doc)) return
    const put = [keys.answer(doc.id, variant), Buffer.from(stampOf(doc) + json)] as const
    this.#store.apply({ cursor: this.#store.cursor, puts: [put], deletes: [] })
  }

  /** True where the first page of the conversation would have to be derived. */
  isCold(doc: ConversationDoc): boolean {
    return isKept(doc) && FIRST_PAGES.some((page) => this.get(doc, variantOfPage(page)) === undefined)
  }
}

/** What the kernel saw of a claimed socket lies in other conversations, and changes this one without a trace in its counts. */
function isKept({ entries, dialects }: ConversationDoc): boolean {
  return entries >= LARGE_ENTRIES && !dialects.includes('holdfast-socket')
}

/** Names what was asked, for questions that open a page; undefined for all others, which are not kept. */
export function variantOf(question: WorkspaceQuestion, args: unknown): string | undefined {
  if (question === 'getEvidence') return question
  if (question === 'getStrip') {
    const { query } = args as WorkspaceQuestions['getStrip'] // as below
    return isPlain(query) ? `${question} ${query.by ?? 'happened'}` : undefined
  }
  if (question === 'getDrawnGraph') {
    const { query } = args as WorkspaceQuestions['getDrawnGraph'] // ViewsClient.ask types the arguments by the question
    const { mode = 'aggregated', limit = DRAWN_NODES, hide = '', without = '', focus, hubs } = query
    const isWhole = focus === undefined && hide === '' && without === '' && hubs === undefined
    return isWhole && isPlain(query) ? `${question} ${mode} ${limit}` : undefined
  }
  if (question === 'listRows') {
    const { query } = args as WorkspaceQuestions['listRows'] // as above
    const isFirst = (query.offset ?? 0) === 0 && query.cursor === undefined
    return isFirst && isPlain(query) && query.q === undefined && query.kind === undefined && query.node === undefined
      ? `${question} ${query.limit ?? 0}`
      : undefined
  }
  return undefined
}

/** True where somebody would rather see what was derived last than wait for the newest: the answer says how far it reaches. */
export function takesLast(question: ViewQuestion, args: unknown): boolean {
  if (question !== 'listRows') return question === 'getDrawnGraph'
  return (args as WorkspaceQuestions['listRows']).query.last === 'true' // as above
}

/** One conversation, as it is now. */
function isPlain({ with: others, at }: Pick<Query<'getGraph'>, 'with' | 'at'>): boolean {
  return others === undefined && at === undefined
}

export function variantOfPage({ question, query }: FirstPage): string {
  return variantOf(question, { query }) ?? question
}

/** What the page of a conversation asks first of these questions. */
export function firstQuery(question: WorkspaceQuestion): object {
  return FIRST_PAGES.find((page) => page.question === question)?.query ?? {}
}

/** Changes whenever the conversation does. */
export function stampOf({ entries, traces, lastClaimed }: ConversationDoc): string {
  return `${entries} ${traces} ${lastClaimed}\n`
}

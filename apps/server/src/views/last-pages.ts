import { LARGE_ENTRIES } from '../limits.ts'
import { FIRST_PAGES, variantOfPage } from './answer-cache.ts'
import type { ConversationDoc } from './docs.ts'
import { keys } from './keys.ts'
import type { ViewSources } from './view-sources.ts'

/** A drawn graph, or its first rows, as right as when its conversation had `records` records. */
export type LastPage = { readonly records: number; readonly json: string }

/** Pages that are shown although they are old: the drawing that opens a conversation, the other one, and the rows. */
const SHOWN_OLD: readonly string[] = FIRST_PAGES.filter(
  ({ question }) => question === 'getDrawnGraph' || question === 'listRows',
).map(variantOfPage)
const [OPENING = ''] = SHOWN_OLD

/**
 * The graph that a large conversation's page showed last, whatever came since. Deriving it anew takes seconds; this is
 * there at once, and says how far it reaches. Lies where AnswerCache keeps the newest, and goes with it when content is erased.
 */
export class LastPages {
  readonly #store: ViewSources['store']

  constructor({ store }: Pick<ViewSources, 'store'>) {
    this.#store = store
  }

  /**
   * Undefined where there is none that is older than the conversation, or a trace has left it since. What is none of these
   * pages is answered for by the drawing that opens the conversation.
   */
  get(doc: ConversationDoc, variant: string): LastPage | undefined {
    if (doc.entries < LARGE_ENTRIES) return undefined
    const bytes = this.#store.get(keys.answer(doc.id, SHOWN_OLD.includes(variant) ? variant : OPENING))
    // A part of a name that several share is not derived by its name, so that it would stay old.
    if (bytes === undefined || this.#store.get(keys.conversation(doc.id)) === undefined) return undefined
    const text = Buffer.from(bytes).toString()
    const end = text.indexOf('\n')
    const { records, traces } = countsOf(text.slice(0, end))
    return records < doc.entries && traces <= doc.traces ? { records, json: text.slice(end + 1) } : undefined
  }

  /** Keeps pages that were derived while the conversation went on growing, where they reach further than what is there. */
  put(
    doc: ConversationDoc,
    pages: { readonly stamp: string; readonly answers: readonly (readonly [string, string])[] },
  ): void {
    const { records } = countsOf(pages.stamp)
    const puts = pages.answers.flatMap(([variant, json]) =>
      SHOWN_OLD.includes(variant) && records < doc.entries && records > this.reach(doc, variant)
        ? [[keys.answer(doc.id, variant), Buffer.from(pages.stamp + json)] as const]
        : [],
    )
    if (puts.length > 0) this.#store.apply({ cursor: this.#store.cursor, puts, deletes: [] })
  }

  /** Records of the conversation that the page there is holds; 0 where there is none. */
  reach(doc: ConversationDoc, variant = OPENING): number {
    const bytes = this.#store.get(keys.answer(doc.id, variant))
    return bytes === undefined ? 0 : countsOf(Buffer.from(bytes.subarray(0, STAMP_BYTES)).toString()).records
  }
}

/** Longer than any stamp: three numbers. */
const STAMP_BYTES = 128

/** The numbers that a stamp begins with. */
function countsOf(stamp: string): { readonly records: number; readonly traces: number } {
  const [records = 0, traces = 0] = stamp.split(' ', 2).map(Number)
  return { records, traces }
}

/** The answer with how far it reaches in it. */
export function withBehind({ records, json }: LastPage, newest: number): string {
  return `{"behind":${JSON.stringify({ records, newer: newest - records })},${json.slice(1)}`
}

import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

/** What the page is doing about something, one deed at a time. `refused`: in the server's own words. */
export type DeedState =
  | { readonly status: 'idle' | 'working' }
  | { readonly status: 'done'; readonly what: string }
  | { readonly status: 'refused'; readonly why: string }

export type Deed = {
  readonly state: DeedState
  /** While it is done, and until the page shows what came of it: a button of before is not to be pressed again meanwhile. */
  readonly isBusy: boolean
  /** Does it, and has everything that it may have changed read again. `what` is said once it is done. */
  readonly run: (what: string, act: () => Promise<unknown>) => void
}

/** First words of the keys of what a deed changes. */
const CHANGED: ReadonlySet<unknown> = new Set([
  'response',
  'incident',
  'incidents',
  'case',
  'containments',
  'evidence',
  'policies',
  'rollouts',
])

export function useDeed(): Deed {
  const client = useQueryClient()
  const [state, setState] = useState<DeedState>({ status: 'idle' })
  const [isBusy, setBusy] = useState(false)
  const act = async (what: string, deed: () => Promise<unknown>): Promise<void> => {
    setBusy(true)
    setState({ status: 'working' })
    try {
      await deed()
      setState({ status: 'done', what })
    } catch (error) {
      // The server says why, and the page says it: a refusal is an answer.
      setState({ status: 'refused', why: error instanceof Error ? error.message : String(error) })
    }
    await client.invalidateQueries({ predicate: ({ queryKey }) => CHANGED.has(queryKey[0]) })
    setBusy(false)
  }
  return { state, isBusy, run: (what, deed) => void act(what, deed) }
}

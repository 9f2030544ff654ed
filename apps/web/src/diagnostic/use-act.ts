import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

export type ActState =
  | { readonly status: 'idle' | 'working' }
  | { readonly status: 'done'; readonly what: string }
  | { readonly status: 'refused'; readonly why: string }

/** Does one thing at a time and has what it changes read again. `stale`: the first word of the keys. */
export function useAct(stale: string): {
  readonly state: ActState
  readonly run: (what: string, act: () => Promise<unknown>) => void
} {
  const client = useQueryClient()
  const [state, setState] = useState<ActState>({ status: 'idle' })
  const act = async (what: string, deed: () => Promise<unknown>): Promise<void> => {
    setState({ status: 'working' })
    try {
      await deed()
      setState({ status: 'done', what })
    } catch (error) {
      // The server says why, and the page says it: a refusal is an answer.
      setState({ status: 'refused', why: error instanceof Error ? error.message : String(error) })
    }
    await client.invalidateQueries({ queryKey: [stale] })
  }
  return { state, run: (what, deed) => void act(what, deed) }
}

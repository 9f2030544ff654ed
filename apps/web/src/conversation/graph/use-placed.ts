import type { DrawnGraph } from '@holdfast/api'
import { useEffect, useState } from 'react'
import type { Placed } from './layout.ts'
import type { LayoutAsked } from './layout.worker.ts'
import { Layouts, type LayOut } from './layouts.ts'

/** A drawing with the places of its nodes. The two always belong together. */
export type PlacedGraph = { readonly graph: DrawnGraph; readonly placed: Placed }

const layouts = new Layouts(inWorker())

/**
 * Where the nodes of a drawing stand; worked out beside the main thread. While a new drawing is laid out the one before stays,
 * so that a step in time does not blink. Undefined until the first is there.
 */
export function usePlaced(graph: DrawnGraph | undefined): {
  readonly shown: PlacedGraph | undefined
  readonly error: Error | undefined
} {
  const [shown, setShown] = useState<PlacedGraph>()
  const [error, setError] = useState<Error>()
  const known = graph === undefined ? undefined : layouts.of(graph)
  const isAtHand = known !== undefined && !(known instanceof Promise)
  useEffect(() => {
    if (graph === undefined || !(known instanceof Promise)) return undefined
    let isWanted = true
    known.then(
      (placed) => {
        if (isWanted) setShown({ graph, placed })
      },
      (fault: unknown) => {
        if (isWanted) setError(fault instanceof Error ? fault : new Error(String(fault)))
      },
    )
    return () => {
      isWanted = false
    }
  }, [graph, known])
  if (graph !== undefined && isAtHand && shown?.graph !== graph) {
    const now = { graph, placed: known }
    setShown(now)
    return { shown: now, error: undefined }
  }
  return { shown, error: shown === undefined ? error : undefined }
}

/** One worker for the whole page, started with the first drawing. */
function inWorker(): LayOut {
  const waiting = new Map<number, PromiseWithResolvers<Placed>>()
  let worker: Worker | undefined
  let next = 0
  const start = (): Worker => {
    const made = new Worker(new URL('layout.worker.ts', import.meta.url), { type: 'module' })
    made.addEventListener('message', ({ data }: MessageEvent<{ readonly id: number; readonly placed: Placed }>) => {
      waiting.get(data.id)?.resolve(data.placed)
      waiting.delete(data.id)
    })
    made.addEventListener('error', ({ message }) => {
      for (const { reject } of waiting.values()) reject(new Error(`the layout failed: ${message}`))
      waiting.clear()
      made.terminate()
      worker = undefined
    })
    return made
  }
  return (graph) => {
    worker ??= start()
    const id = next++
    const answer = Promise.withResolvers<Placed>()
    waiting.set(id, answer)
    worker.postMessage({ id, graph } satisfies LayoutAsked)
    return answer.promise
  }
}

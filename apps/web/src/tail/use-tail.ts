import type { ApiEvent } from '@holdfast/api'
import { pathOf, routes } from '@holdfast/api'
import { useEffect, useRef, useState } from 'react'
import { TAIL_PAINT_MS, TAIL_ROWS } from '../limits.ts'
import type { TailSearch } from '../search-params.ts'
import { appendToTail, countDropped, EMPTY_TAIL, type TailBuffer } from './tail-buffer.ts'

export type Tail = TailBuffer & {
  readonly state: 'connecting' | 'live' | 'lost'
  readonly clear: () => void
}

/** Follows the tail. While paused it keeps what arrives, within the same bound, and shows none of it. */
export function useTail(
  { agent, include, exclude, kind, q }: TailSearch,
  isPaused: boolean,
): Tail & { readonly waiting: number } {
  const [shown, setShown] = useState(EMPTY_TAIL)
  const [waiting, setWaiting] = useState(0)
  const [state, setState] = useState<Tail['state']>('connecting')
  const current = useRef(EMPTY_TAIL)
  const paused = useRef(isPaused)
  useEffect(() => {
    paused.current = isPaused
    if (!isPaused) {
      setShown(current.current)
      setWaiting(0)
    }
  }, [isPaused])
  useEffect(() => {
    let isFirst = true
    let arrived: ApiEvent[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    const paint = (): void => {
      timer = undefined
      const count = arrived.length
      current.current = appendToTail(current.current, arrived, TAIL_ROWS)
      arrived = []
      if (paused.current) setWaiting((before) => before + count)
      else setShown(current.current)
    }
    const source = new EventSource(pathOf(routes.tail, {}, { agent, include, exclude, kind, q }))
    source.addEventListener('open', () => {
      setState('live')
      // Other filters, other rows; after an interruption what was shown stays.
      if (isFirst) {
        current.current = EMPTY_TAIL
        setShown(EMPTY_TAIL)
      }
      isFirst = false
    })
    source.addEventListener('error', () => setState(source.readyState === EventSource.CLOSED ? 'lost' : 'connecting'))
    source.addEventListener('event', ({ data }: MessageEvent<string>) => {
      arrived.push(JSON.parse(data) as ApiEvent) // our own server's answer, of the shape that the contract gives
      timer ??= setTimeout(paint, TAIL_PAINT_MS)
    })
    source.addEventListener('dropped', ({ data }: MessageEvent<string>) => {
      const { dropped } = JSON.parse(data) as { dropped: number } // the same
      current.current = countDropped(current.current, dropped)
      timer ??= setTimeout(paint, TAIL_PAINT_MS)
    })
    return () => {
      clearTimeout(timer)
      source.close()
    }
  }, [agent, include, exclude, kind, q])
  const clear = (): void => {
    current.current = EMPTY_TAIL
    setShown(EMPTY_TAIL)
    setWaiting(0)
  }
  return { ...shown, state, waiting, clear }
}

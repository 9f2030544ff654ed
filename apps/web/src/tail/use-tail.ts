import type { ApiEvent } from '@holdfast/api'
import { pathOf, routes, tailFilter } from '@holdfast/api'
import { parseUnixNano, type UnixNano } from '@holdfast/model'
import { useEffect, useRef, useState } from 'react'
import { api } from '../data/client.ts'
import { TAIL_PAINT_MS, TAIL_PAST, TAIL_PAST_PAGE, TAIL_ROWS } from '../limits.ts'
import type { TailSearch } from '../search-params.ts'
import { type Past, readPast } from './past.ts'
import { appendToTail, countDropped, EMPTY_TAIL, type TailBuffer } from './tail-buffer.ts'

export type Tail = TailBuffer & {
  readonly state: 'connecting' | 'live' | 'lost'
  /** How far what was recorded before was read; undefined where none was asked for. */
  readonly past: PastState | undefined
  readonly clear: () => void
}

export type PastState =
  | { readonly is: 'reading' | 'unread' }
  | ({ readonly is: 'read' } & Pick<Past, 'looked' | 'isCut'>)

/** Follows the tail. While paused it keeps what arrives, within the same bound, and shows none of it. */
export function useTail(
  { agent, include, exclude, since, kind, q }: TailSearch,
  isPaused: boolean,
): Tail & { readonly waiting: number } {
  const [shown, setShown] = useState(EMPTY_TAIL)
  const [waiting, setWaiting] = useState(0)
  const [state, setState] = useState<Tail['state']>('connecting')
  const [past, setPast] = useState<PastState>()
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
    const asked = { agent, include, exclude, kind, q }
    let isFirst = true
    const over = new AbortController()
    /** What arrives while the past is read is kept, as much as is shown: it stands after it. */
    let held = since === undefined ? undefined : EMPTY_TAIL
    let arrived: ApiEvent[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    const paint = (): void => {
      timer = undefined
      if (held !== undefined) {
        held = appendToTail(held, arrived, TAIL_ROWS)
        arrived = []
        return
      }
      const count = arrived.length
      current.current = appendToTail(current.current, arrived, TAIL_ROWS)
      arrived = []
      if (paused.current) setWaiting((before) => before + count)
      else setShown(current.current)
    }
    const readSince = async (): Promise<void> => {
      setPast({ is: 'reading' })
      const found = await pastOf(since ?? '', { asked, signal: over.signal }).catch(() => undefined)
      if (over.signal.aborted) return
      // The stream was opened first, so that nothing falls between; what was recorded meanwhile came by both.
      const known = new Set(found?.events.map(({ id }) => id))
      const { rows, droppedHere } = appendToTail(held ?? EMPTY_TAIL, arrived, TAIL_ROWS)
      current.current = { ...current.current, droppedHere: current.current.droppedHere + droppedHere }
      arrived = [...(found?.events ?? []), ...rows.filter(({ id }) => !known.has(id))]
      setPast(found === undefined ? { is: 'unread' } : { is: 'read', looked: found.looked, isCut: found.isCut })
      held = undefined
      paint()
    }
    const source = new EventSource(pathOf(routes.tail, {}, asked))
    source.addEventListener('open', () => {
      setState('live')
      // Other filters, other rows; after an interruption what was shown stays.
      if (isFirst) {
        current.current = EMPTY_TAIL
        setShown(EMPTY_TAIL)
        if (since === undefined) setPast(undefined)
        else void readSince()
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
      over.abort()
      clearTimeout(timer)
      source.close()
    }
  }, [agent, include, exclude, since, kind, q])
  const clear = (): void => {
    current.current = EMPTY_TAIL
    setShown(EMPTY_TAIL)
    setWaiting(0)
  }
  return { ...shown, state, past, waiting, clear }
}

/** What the filters of a tail let through of what was recorded from an instant on. */
async function pastOf(
  since: string,
  { asked, signal }: { readonly asked: Omit<TailSearch, 'since' | 'highlight'>; readonly signal: AbortSignal },
): Promise<Past> {
  const filter = tailFilter(asked)
  if (filter.status === 'bad') return { events: [], looked: 0, isCut: false }
  return readPast({
    since,
    now: parseUnixNano(BigInt(Date.now()) * 1_000_000n) ?? (0n as UnixNano), // 0 is a time
    isShown: filter.isShown,
    most: TAIL_PAST,
    readPage: (cursor) =>
      api.call('listEvents', { query: { limit: TAIL_PAST_PAGE, ...(cursor === undefined ? {} : { cursor }) }, signal }),
  })
}

import type { ParsedLocation, RouterEvents } from '@tanstack/react-router'
import { FRAMES_HELD, PLACES_KEPT, QUIET_FRAMES } from '../limits.ts'

/** Where the parts of one page stood, by their `data-scrolls`, in pixels from the top. */
type Places = Readonly<Record<string, number>>

type Moves = {
  subscribe<T extends 'onBeforeLoad' | 'onRendered'>(event: T, listener: (event: RouterEvents[T]) => void): () => void
}

const STORE = 'holdfast.scroll'
const MOVES = ['wheel', 'touchstart', 'pointerdown', 'keydown'] as const

/**
 * A page that was read before, gone back to or loaded anew, stands where it stood; one that was not begins at its top, or at
 * what its address names. Most of a page is read after it was first drawn: it is held there until nothing more is read, or
 * until its reader moves. What scrolls says so with `data-scrolls`, its name on the page: a way through the document changes
 * with every strip above it. Returns the end of it.
 */
export function keepScroll(router: Moves, { isReading }: { readonly isReading: () => boolean }): () => void {
  const kept = new Map<string, Places>(stored())
  let shown: string | undefined
  let release = (): void => undefined
  let before: readonly HTMLElement[] = []
  const keep = (key: string): void => {
    kept.delete(key)
    kept.set(key, placesNow())
    for (const oldest of kept.keys()) {
      if (kept.size <= PLACES_KEPT) break
      kept.delete(oldest)
    }
  }
  const stop = [
    router.subscribe('onBeforeLoad', ({ fromLocation }) => {
      release()
      before = scrollers()
      if (fromLocation !== undefined) keep(keyOf(fromLocation))
    }),
    router.subscribe('onRendered', ({ toLocation, pathChanged }) => {
      shown = keyOf(toLocation)
      if (!pathChanged) return
      const places = kept.get(shown)
      const { hash } = toLocation
      // What the new page has of the one before it is where that stood; what is new may have gone to what is selected.
      if (places === undefined) for (const scroller of before) scroller.scrollTop = 0
      if (places !== undefined) release = held(() => goBack(places), isReading)
      else if (hash !== '') release = held(() => document.getElementById(hash)?.scrollIntoView(), isReading)
    }),
  ]
  const onLeave = (): void => {
    if (shown !== undefined) keep(shown)
    try {
      sessionStorage.setItem(STORE, JSON.stringify([...kept]))
    } catch {
      // A browser may refuse to keep anything: the page then begins at its top.
    }
  }
  addEventListener('pagehide', onLeave)
  return () => {
    release()
    removeEventListener('pagehide', onLeave)
    for (const each of stop) each()
  }
}

/** Of an entry of the history, so that the same page twice in it has two places. */
function keyOf({ state, href }: Pick<ParsedLocation, 'state' | 'href'>): string {
  return state.__TSR_key ?? href
}

/** Holds the page in its place frame by frame, for what arrives above or below moves it. Returns the end of it. */
function held(place: () => void, isReading: () => boolean): () => void {
  let frame = 0
  let quiet = 0
  const release = (): void => {
    cancelAnimationFrame(frame)
    for (const move of MOVES) removeEventListener(move, release, { capture: true })
  }
  const step = (left: number): void => {
    place()
    quiet = isReading() ? 0 : quiet + 1
    if (quiet < QUIET_FRAMES && left > 0) frame = requestAnimationFrame(() => step(left - 1))
    else release()
  }
  for (const move of MOVES) addEventListener(move, release, { capture: true })
  step(FRAMES_HELD)
  return release
}

function goBack(places: Places): void {
  for (const scroller of scrollers()) {
    const top = places[nameOf(scroller)]
    if (top !== undefined && scroller.scrollTop !== top) scroller.scrollTop = top
  }
}

function placesNow(): Places {
  return Object.fromEntries(scrollers().map((scroller) => [nameOf(scroller), scroller.scrollTop]))
}

function scrollers(): readonly HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-scrolls]')]
}

function nameOf({ dataset }: HTMLElement): string {
  return dataset['scrolls'] ?? ''
}

/** What this tab kept before it was loaded anew; nothing where that cannot be read. */
function stored(): readonly (readonly [string, Places])[] {
  try {
    const read: unknown = JSON.parse(sessionStorage.getItem(STORE) ?? '[]')
    return Array.isArray(read) ? read : [] // written by {@link keepScroll} alone
  } catch {
    return []
  }
}

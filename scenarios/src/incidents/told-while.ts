import { setTimeout as wait } from 'node:timers/promises'

/** Nobody who looks on is left without a word for longer. */
const SILENT_MS = 10_000
/** Between two lines that say how far work is: before anybody says that it goes on. */
const TELL_EVERY_MS = 8_000

type Telling = {
  readonly tell: (line: string) => void
  /** How far it is by now; undefined, or a rejection, where that is not known at the moment. */
  readonly words: () => Promise<string | undefined>
  readonly everyMs?: number
}

/** Says how far a piece of work is until it is over, each word of it once; ends as the work does. */
export async function toldWhile<T>(work: Promise<T>, { tell, words, everyMs = TELL_EVERY_MS }: Telling): Promise<T> {
  const over = new AbortController()
  const telling = tellUntil(over.signal, { tell, words, everyMs })
  try {
    return await work
  } finally {
    over.abort()
    await telling
  }
}

async function tellUntil(over: AbortSignal, { tell, words, everyMs }: Required<Telling>): Promise<void> {
  // An abort ends the wait, and then the loop.
  const pause = (): Promise<unknown> => wait(everyMs, undefined, { signal: over }).catch(() => undefined)
  let last: string | undefined
  for (await pause(); !over.aborted; await pause()) {
    // A server that is busy with the work may not answer; the work itself says what is wrong with it.
    const line = await words().catch(() => undefined)
    if (line === undefined || line === last || over.aborted) continue
    last = line
    tell(line)
  }
}

/**
 * Passes lines on, and while none comes repeats the last with how long it has been the last. `stop` ends that.
 */
export function neverSilent(
  tell: (line: string) => void,
  { everyMs = SILENT_MS, now = Date.now }: { readonly everyMs?: number; readonly now?: () => number } = {},
): { readonly tell: (line: string) => void; readonly stop: () => void } {
  let last = 'starting'
  let since = now()
  const repeat = (): void => tell(`still ${last}: ${Math.round((now() - since) / 1_000)} s`)
  let timer = setInterval(repeat, everyMs)
  return {
    tell: (line) => {
      // A line that says how far the same work is goes on counting from its beginning.
      if (line.split(':')[0] !== last) since = now()
      last = line.split(':')[0] ?? line
      clearInterval(timer)
      timer = setInterval(repeat, everyMs)
      tell(line)
    },
    stop: () => clearInterval(timer),
  }
}

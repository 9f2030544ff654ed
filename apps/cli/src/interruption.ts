import { SAME_INTERRUPTION_MS } from './limits.ts'

/** What of `process` is used. */
export type Signalled = {
  readonly pid: number
  readonly on: (signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void) => unknown
  readonly off: (signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void) => unknown
  readonly kill: (pid: number, signal: NodeJS.Signals) => unknown
}

/** A process that may have been started over a channel. */
export type Channelled = {
  readonly once: (event: 'disconnect', listener: () => void) => unknown
  readonly off: (event: 'disconnect', listener: () => void) => unknown
}

/**
 * Aborted where the process was started over a channel, and who holds its other end is gone, also by SIGKILL. To be disposed of: for as
 * long as somebody listens, the channel keeps the process at work.
 */
export function endOfStarter(process: Channelled): Disposable & { readonly signal: AbortSignal } {
  const abort = new AbortController()
  const end = (): void => abort.abort('the end of who started it')
  process.once('disconnect', end)
  return { signal: abort.signal, [Symbol.dispose]: () => void process.off('disconnect', end) }
}

/**
 * Aborted by the first SIGINT or SIGTERM. A later one ends the process at once, as without us; one that comes right after the first is
 * the same act: of one Ctrl-C a terminal tells this process, and npm, or whoever started it, passes it on.
 */
export function interruption(process: Signalled, now: () => number): AbortSignal {
  const abort = new AbortController()
  let firstMs: number | undefined
  const ask = (signal: NodeJS.Signals): void => {
    if (firstMs === undefined) {
      firstMs = now()
      abort.abort(signal)
      return
    }
    if (now() - firstMs < SAME_INTERRUPTION_MS) return
    process.off('SIGINT', ask)
    process.off('SIGTERM', ask)
    process.kill(process.pid, signal)
  }
  process.on('SIGINT', ask)
  process.on('SIGTERM', ask)
  return abort.signal
}

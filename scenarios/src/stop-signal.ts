/**
 * Aborted by the first SIGINT, SIGTERM or SIGHUP, and where nobody reads any more what this process says. Signals after the first
 * change nothing: by then what a run started is being ended and its folders are removed, and a process that a second Ctrl-C killed
 * would leave them behind. How long that takes is bounded by whoever ends each thing.
 */
export function stopSignal(): AbortSignal {
  const stopped = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => stopped.abort(new Error(`stopped by ${name}`)))
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', () => stopped.abort(new Error('nobody reads any more what it says')))
  return stopped.signal
}

/**
 * Aborted by the first SIGINT, SIGTERM or SIGHUP, where nobody reads any more what this process says, and where who started it over a
 * channel is gone, which nothing else tells where that one was killed. Signals after the first
 * change nothing: by then what a run started is being ended and its folders are removed, and a process that a second Ctrl-C killed
 * would leave them behind. How long that takes is bounded by whoever ends each thing.
 */
export function stopSignal(): AbortSignal {
  const stopped = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => stopped.abort(new Error(`stopped by ${name}`)))
  process.once('disconnect', () => stopped.abort(new Error('who started it is gone')))
  // Whoever waits for the channel alone has nothing left to do.
  process.channel?.unref()
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', () => stopped.abort(new Error('nobody reads any more what it says')))
  return stopped.signal
}

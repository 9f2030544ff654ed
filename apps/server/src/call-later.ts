/** Calls back once, unless what it returns is called before. */
export function callLater(ms: number, call: () => void): () => void {
  const timer = setTimeout(call, ms)
  return () => clearTimeout(timer)
}

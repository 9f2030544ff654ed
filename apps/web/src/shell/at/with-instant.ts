/** What of an address says which instant is shown, and by which clock. */
const INSTANT = ['at', 'by'] as const

/** A path of this workspace with the instant and the zone of the address that it is opened from, unless it names its own. */
export function withInstant(path: string, search: string): string {
  const here = new URLSearchParams(search)
  const [, before = '', asked = '', fragment = ''] = /^([^?#]*)(?:\?([^#]*))?(#.*)?$/.exec(path) ?? []
  const there = new URLSearchParams(asked)
  const kept = [...(there.has('at') ? [] : INSTANT), 'zone'].filter((name) => here.has(name) && !there.has(name))
  if (kept.length === 0) return path
  for (const name of kept) there.set(name, here.get(name) ?? '')
  return `${before}?${there.toString()}${fragment}`
}

/** What of an address says which instant is shown, and by which clock. */
const INSTANT = ['at', 'by'] as const

/** A path of this workspace with the instant of the address that it is opened from, unless it names one itself. */
export function withInstant(path: string, search: string): string {
  const here = new URLSearchParams(search)
  const [, before = '', asked = '', fragment = ''] = /^([^?#]*)(?:\?([^#]*))?(#.*)?$/.exec(path) ?? []
  const there = new URLSearchParams(asked)
  if (there.has('at')) return path
  for (const name of INSTANT) {
    const value = here.get(name)
    if (value !== null) there.set(name, value)
  }
  const text = there.toString()
  return `${before}${text === '' ? '' : `?${text}`}${fragment}`
}

import type { AuthPlane } from '@holdfast/model'
import { MAX_PATTERN_CHARS } from './limits.ts'

/** True where the pattern admits everything that the other pattern admits. A concrete name is a pattern without wildcards. */
export function covers(plane: AuthPlane, kind: 'action' | 'resource', wide: string, narrow: string): boolean {
  if (plane === 'kubernetes' && kind === 'action') return rbacRelation(wide, narrow, componentCovers)
  const [one, other] = folded(plane, kind, wide, narrow)
  return globCovers(one, other)
}

/** True where something is admitted by both. */
export function overlaps(plane: AuthPlane, kind: 'action' | 'resource', a: string, b: string): boolean {
  if (plane === 'kubernetes' && kind === 'action')
    return rbacRelation(a, b, (x, y) => componentCovers(x, y) || componentCovers(y, x))
  const [one, other] = folded(plane, kind, a, b)
  return globCovers(one, other) || globCovers(other, one) || globsMeet(one, other)
}

export function isWild(pattern: string): boolean {
  return pattern.includes('*') || pattern.includes('?')
}

/** Actions are compared without case, as clouds do; names of resources with it. */
function folded(plane: AuthPlane, kind: 'action' | 'resource', a: string, b: string): readonly [string, string] {
  const [one, other] = [a.slice(0, MAX_PATTERN_CHARS), b.slice(0, MAX_PATTERN_CHARS)]
  return kind === 'action' && plane !== 'kubernetes' ? [one.toLowerCase(), other.toLowerCase()] : [one, other]
}

/** `*` any characters, `?` one. A wildcard of the narrow pattern is a character that only `*` of the wide one covers. */
function globCovers(wide: string, narrow: string): boolean {
  let w = 0
  let n = 0
  let star = -1
  let from = 0
  while (n < narrow.length) {
    const c = wide[w]
    if (c === '*') {
      star = w++
      from = n
    } else if (c !== undefined && (c === narrow[n] || (c === '?' && narrow[n] !== '*'))) {
      w++
      n++
    } else if (star >= 0) {
      w = star + 1
      n = ++from
    } else return false
  }
  while (wide[w] === '*') w++
  return w === wide.length
}

/** True where some text matches both; one row of the table of their prefixes at a time. */
function globsMeet(a: string, b: string): boolean {
  const leading = /^\**/.exec(b)?.[0].length ?? 0
  let row: boolean[] = Array.from({ length: b.length + 1 }, (_, j) => j <= leading)
  for (const c of a) {
    const next: boolean[] = [c === '*' && row[0] === true]
    for (let j = 1; j <= b.length; j++) {
      const d = b[j - 1]
      next[j] =
        c === '*' || d === '*'
          ? row[j] === true || next[j - 1] === true || (row[j - 1] === true && (c === '*' || d === '*'))
          : row[j - 1] === true && (c === d || c === '?' || d === '?')
    }
    row = next
  }
  return row[b.length] === true
}

type RbacAction =
  | { readonly verb: string; readonly path: string }
  | { readonly verb: string; readonly name: string; readonly group: string; readonly sub: string | undefined }

/** `verb resource[.group][/subresource]` or `verb /path`, component by component: no glob can say "the core group". */
function rbacRelation(a: string, b: string, holds: (wide: string, narrow: string) => boolean): boolean {
  const [wide, narrow] = [rbacAction(a), rbacAction(b)]
  if (!holds(wide.verb, narrow.verb)) return false
  if ('path' in wide || 'path' in narrow)
    return (
      'path' in wide && 'path' in narrow && (globCovers(wide.path, narrow.path) || globCovers(narrow.path, wide.path))
    )
  if (!holds(wide.name, narrow.name) || !holds(wide.group, narrow.group)) return false
  if (wide.sub === narrow.sub) return true
  // `*` is every resource with all below it; `pods/*` is all below pods and not pods.
  if (wide.sub === undefined) return wide.name === '*'
  if (narrow.sub === undefined) return false
  return holds(wide.sub, narrow.sub)
}

function rbacAction(text: string): RbacAction {
  const space = text.indexOf(' ')
  const [verb, rest] = [text.slice(0, space), text.slice(space + 1)]
  if (rest.startsWith('/')) return { verb, path: rest }
  const [object = '', sub] = rest.split('/')
  const dot = object.indexOf('.')
  const group = dot === -1 ? 'core' : object.slice(dot + 1)
  return { verb, name: dot === -1 ? object : object.slice(0, dot), group, sub }
}

function componentCovers(wide: string, narrow: string): boolean {
  return wide === '*' || wide === narrow
}

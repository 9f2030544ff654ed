import { covers } from '@holdfast/observe'
import type { RequestContext } from './condition.ts'

/**
 * True where a pattern of a policy lets a concrete text: `*` and `?` are wildcards, `${aws:username}` is what the request
 * says, `${*}`, `${?}` and `${$}` are the characters themselves (AWS: "Policy variables"). A variable that the request does
 * not fill matches nothing.
 */
export function matches(pattern: string, text: string, context: RequestContext = {}): boolean {
  const filled = withVariables(pattern, context)
  return filled !== undefined && covers('aws', 'resource', filled, literal(text))
}

/** Actions are compared without case. */
export function matchesAction(pattern: string, action: string): boolean {
  return pattern === '*' || covers('aws', 'action', pattern, action)
}

function withVariables(pattern: string, context: RequestContext): string | undefined {
  if (!pattern.includes('${')) return pattern
  let isFilled = true
  const filled = pattern.replaceAll(/\$\{([^}]*)\}/g, (_, name: string) => {
    if (name === '*' || name === '?') return literal(name)
    if (name === '$') return '$'
    const [key = '', fallback] = name.split(',').map((part) => part.trim())
    const value = Object.hasOwn(context, key.toLowerCase()) ? context[key.toLowerCase()]?.[0] : undefined
    const given = value ?? /^'(.*)'$/.exec(fallback ?? '')?.[1]
    if (given === undefined) isFilled = false
    return literal(given ?? '')
  })
  return isFilled ? filled : undefined
}

/** A star of a name is no wildcard: it stands as a character that no name has. */
function literal(text: string): string {
  return text.replaceAll('*', '\u{e000}').replaceAll('?', '\u{e001}')
}

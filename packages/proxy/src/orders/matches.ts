import { RE2JS } from '@bufbuild/re2'
import { MAX_PATTERNS } from '../limits.ts'

const compiled = new Map<string, RE2JS | undefined>()

/** Whether the pattern matches the whole text, in linear time. One that is no pattern matches nothing. */
export function matchesWhole(pattern: string, text: string): boolean {
  return compiledOf(pattern)?.matches(text) ?? false
}

function compiledOf(pattern: string): RE2JS | undefined {
  if (!compiled.has(pattern)) {
    const oldest = compiled.keys().next().value
    if (compiled.size >= MAX_PATTERNS && oldest !== undefined) compiled.delete(oldest)
    compiled.set(pattern, patternOf(pattern))
  }
  return compiled.get(pattern)
}

/** Whether the pattern is found anywhere in the text, in linear time. One that is no pattern is found nowhere. */
export function findsIn(pattern: string, text: string): boolean {
  return compiledOf(pattern)?.test(text) ?? false
}

/** Whether RE2 reads the text as a pattern: no other is ever matched. */
export function isPattern(pattern: string): boolean {
  return patternOf(pattern) !== undefined
}

function patternOf(pattern: string): RE2JS | undefined {
  try {
    return RE2JS.compile(pattern)
  } catch {
    // Not in RE2's grammar: the caller says so to whoever gave it.
    return undefined
  }
}

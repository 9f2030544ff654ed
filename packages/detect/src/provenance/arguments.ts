import { MAX_ARGUMENT_CHARS, MAX_ARGUMENT_TOKENS, MAX_ARGUMENTS, MAX_DEPTH } from '../limits.ts'
import { literalLeaves } from '../text/literal.ts'
import { plainForm } from '../text/plain-form.ts'
import { type Token, tokensOf } from '../text/words.ts'

/** One value that a call carries, with what it names. */
export type Argument = {
  /** Path of the value: `recipients.0`. */
  readonly path: string
  readonly text: string
  readonly tokens: readonly Token[]
}

/** Words of one argument beyond which its weight no longer grows: a long letter must not drown its address. */
const FULL_WEIGHT_TOKENS = 12

/** The values of a call's arguments that say something: switches and empty fields do not. */
export function argumentsOf(json: string): readonly Argument[] {
  const value = parsed(json)
  const found: Argument[] = []
  const stack: { readonly value: unknown; readonly path: string; readonly depth: number }[] = [
    { value, path: '', depth: 0 },
  ]
  for (let next = stack.pop(); next !== undefined && found.length < MAX_ARGUMENTS; next = stack.pop()) {
    const { value: held, path, depth } = next
    if (typeof held === 'string' || typeof held === 'number') {
      const text = plainForm(String(held).slice(0, MAX_ARGUMENT_CHARS)).text.trim()
      // A masked credential names nothing.
      const tokens = tokensOf(text.replaceAll(/\[masked[^\]]*\]?/g, ' ')).slice(0, MAX_ARGUMENT_TOKENS)
      if (tokens.length > 0) found.push({ path, text, tokens })
    } else if (typeof held === 'object' && held !== null && depth < MAX_DEPTH) {
      // Pushed in reverse, so that they come out in their order.
      for (const [key, inner] of Object.entries(held).toReversed())
        stack.push({ value: inner, path: path === '' ? key : `${path}.${key}`, depth: depth + 1 })
    }
  }
  return found
}

/** The value of JSON; of another literal a record of its fields; else the text itself. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    // Not every source tells arguments as JSON.
    return literalLeaves(json)?.map(({ text }) => text) ?? json
  }
}

/** What one token of an argument counts for, before its rarity: less in a long text. */
export function tokenWeight(token: Token, argument: Argument): number {
  const own = token.kind === 'identifier' ? 2 : token.kind === 'number' ? (token.form.length > 2 ? 0.8 : 0.3) : 1
  return (own * Math.min(argument.tokens.length, FULL_WEIGHT_TOKENS)) / argument.tokens.length
}

/** An address, host, account or long id: something that a value is sent to, or that is acted on. */
export function isDestination({ form, kind }: Token): boolean {
  if (kind !== 'identifier') return false
  if (
    /\.(?:txt|docx?|pdf|xlsx?|pptx?|csv|json|ya?ml|md|html?|png|jpe?g|gif|svg|zip|gz|log|py|js|ts|sh|xml)$/.test(form)
  )
    return false
  return /@|\.[a-z]{2,}(?:\/|$)|^\/|\/\//.test(form) || (form.length >= 8 && /\d{3,}/.test(form))
}

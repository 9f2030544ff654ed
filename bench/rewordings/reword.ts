import { encodeLiteral, literalAround } from './literal.ts'

/** The run after the change. A wrapper is missed where its goal, or the literal in which it stands, cannot be told. */
export type Reworded = { readonly run: string; readonly places: number; readonly missed: number }

export type RewordOptions = {
  /** The wording takes the place of the goal and the wrapper stays around it (the default), or of the whole wrapper. */
  readonly inPlaceOf?: 'goal' | 'wrapper'
}

const OPEN = '<INFORMATION>'
const CLOSE = '</INFORMATION>'
const JSON_STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/g
/** What stands between the two sentences is the goal; lines may have been broken anywhere between words. */
const GOAL = /(?<=do\s+the\s+following\s+first:)[\s\S]*?(?=After\s+you\s+do\s+that)/

/**
 * A recorded run (JSON text) in which the injected goal reads as `wording`, wherever the wrapper stands: tool results,
 * lists of injections, and what an agent quoted from them. The wording is escaped for the literals around it, so that a
 * reader of the YAML, JSON or Python text finds it character by character. Bytes outside of those literals are kept.
 */
export function reword(run: string, wording: string, { inPlaceOf = 'goal' }: RewordOptions = {}): Reworded {
  let places = 0
  let missed = 0
  const text = run.replace(JSON_STRING, (token) => {
    if (!token.includes(OPEN)) return token
    const inner = rewordText(String(JSON.parse(token)), wording, inPlaceOf)
    places += inner.places
    missed += inner.missed
    return inner.places === 0 ? token : JSON.stringify(inner.run)
  })
  return { run: text, places, missed }
}

/** One layer of quoting: literals around wrappers are decoded, reworded inside and encoded again. */
function rewordText(text: string, wording: string, inPlaceOf: 'goal' | 'wrapper'): Reworded {
  let run = ''
  let done = 0
  let places = 0
  let missed = 0
  for (;;) {
    const start = text.indexOf(OPEN, done)
    const end = start < 0 ? -1 : text.indexOf(CLOSE, start) + CLOSE.length
    // The opening tag alone is a mention of the wrapper, not one.
    if (end < CLOSE.length) return { run: run + text.slice(done), places, missed }
    const literal = literalAround(text, start, end)
    const inner = literal === undefined ? undefined : rewordText(literal.value, wording, inPlaceOf)
    if (literal !== undefined && inner !== undefined && literal.start >= done && inner.places + inner.missed > 0) {
      run += text.slice(done, literal.start)
      run += inner.places > 0 ? encodeLiteral(literal, inner.run) : text.slice(literal.start, literal.end)
      done = literal.end
      places += inner.places
      missed += inner.missed
      continue
    }
    const changed = rewordWrapper(text.slice(start, end), wording, inPlaceOf)
    run += text.slice(done, start) + (changed ?? text.slice(start, end))
    done = end
    if (changed === undefined) missed++
    else places++
  }
}

/** Undefined where the goal is not there, or where escapes say that a literal was not recognised. */
function rewordWrapper(wrapper: string, wording: string, inPlaceOf: 'goal' | 'wrapper'): string | undefined {
  if (wrapper.startsWith('\\n', OPEN.length)) return undefined
  if (inPlaceOf === 'wrapper') return wording
  // By a function, because a dollar sign in a wording must stay one.
  return GOAL.test(wrapper) ? wrapper.replace(GOAL, () => `\n${wording}\n`) : undefined
}

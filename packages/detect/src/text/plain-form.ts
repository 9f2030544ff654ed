import { MAX_TEXT_CHARS } from '../limits.ts'

/** A text as a reader would see it. */
export type PlainForm = {
  readonly text: string
  /** Characters that nobody sees were taken out: zero width, direction marks, tag characters, marks stacked out of sight. */
  readonly hadHidden: boolean
  /** What stood in tag characters: a text in a text, which a model reads and nobody sees. */
  readonly revealed: string
}

/** One code point by alternative: some of them combine with what stands before them in a class. */
const INVISIBLE =
  /\u00ad|\u034f|\u061c|[\u115f\u1160]|\u17b4|\u17b5|[\u180b-\u180d]|\u180e|\u180f|[\u200b-\u200f]|[\u202a-\u202e]|[\u2060-\u206f]|[\ufe00-\ufe0f]|\ufeff/g
/**
 * Marks that combine with one character beyond what any script stacks (UAX #15, Stream-Safe Text Format). To bring a run of them
 * into order takes a step for each pair of them.
 */
const OVERSTACKED = /(\p{M}{30})\p{M}+/gu
const TAGS = /[\u{e0020}-\u{e007e}]+/gu
const TAG_BASE = 0xe0000

/**
 * Brings a captured text into the one form that everything here compares: compatibility forms folded (NFKC), invisible
 * characters removed, letters hidden as tag characters taken out and shown apart. Linear in the length of the text.
 */
export function plainForm(text: string): PlainForm {
  const revealed: string[] = []
  const shown = text.replace(TAGS, (run) => {
    revealed.push(
      Array.from(run, (char) => String.fromCodePoint((char.codePointAt(0) ?? TAG_BASE) - TAG_BASE)).join(''),
    )
    return ' '
  })
  const seen = shown.replace(INVISIBLE, '').replace(OVERSTACKED, '$1')
  // One character may fold to eighteen.
  const form = seen.normalize('NFKC').slice(0, MAX_TEXT_CHARS)
  return { text: form, hadHidden: seen !== text, revealed: revealed.join('\n') }
}

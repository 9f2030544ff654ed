import { MAX_SENTENCE_CHARS } from '../limits.ts'

/** What stands in a comment is text, whoever does not see it. */
const MARKUP = /<!--|-->|<[\p{L}/_!?-][^<>]{0,400}>|```+|\*\*|__|^#{1,6}\s/gmu
/** A value in a mark of several words, or one that leads somewhere: `alt="..."`, `href=...`. */
const ATTRIBUTE = /=\s?(?:"([^"<>]{1,400})"|'([^'<>]{1,400})')/g
const BREAK = /\n+|(?<=[.!?。！？;；])["'”’)\]]*\s+|(?<=[。！？；])|\s[–—|•]\s|\t+/u

/** The sentences of one leaf, in order; marks of markup are no words. Overlong ones are cut at blanks. */
export function sentencesOf(text: string): readonly string[] {
  const sentences: string[] = []
  for (const part of text.replace(MARKUP, shownOf).split(BREAK)) {
    const sentence = part.trim()
    if (sentence === '' || /^[-*•]?\s*(?:\d{1,3}|[a-z])[.)]$/i.test(sentence)) continue
    // A full stop after an abbreviation or an initial ended nothing.
    const last = sentences.at(-1)
    if (
      last !== undefined &&
      ABBREVIATED.test(last.slice(-ABBREVIATION_CHARS)) &&
      last.length + sentence.length < MAX_SENTENCE_CHARS
    )
      sentences[sentences.length - 1] = `${last} ${sentence}`
    else for (const piece of pieces(sentence)) sentences.push(piece)
  }
  return sentences
}

/** Of a mark what a reader of the source finds said in it. */
function shownOf(mark: string): string {
  if (mark.length < LEAST_MARK || !mark.includes('=')) return '\n'
  const values = Array.from(mark.matchAll(ATTRIBUTE), ([, double, single]) => double ?? single ?? '')
  return `\n${values.filter((value) => /\s|@|:\/\//.test(value)).join('\n')}\n`
}

const LEAST_MARK = 12

/** Longer than any abbreviation with what stands before it. */
const ABBREVIATION_CHARS = 12
const ABBREVIATED = /(?:^|[\s(])(?:\p{Lu}|Dr|Mr|Mrs|Ms|Prof|St|No|vs|e\.g|i\.e|etc|approx|Inc|Ltd|bzw|z\.B|Nr)\.$/u

function* pieces(sentence: string): Iterable<string> {
  for (let from = 0; from < sentence.length;) {
    const to = from + MAX_SENTENCE_CHARS
    const blank = to < sentence.length ? from + sentence.slice(from, to + 1).lastIndexOf(' ') : sentence.length
    const end = blank > from ? blank : Math.min(to, sentence.length)
    yield sentence.slice(from, end).trim()
    from = end
  }
}

import type { Content, Event } from '@holdfast/model'
import { decodedTexts } from '../provenance/decoded.ts'
import { instructionStrength } from '../text/instruction.ts'
import { plainForm } from '../text/plain-form.ts'
import { sentencesOf } from '../text/sentences.ts'
import { common, type Field, many, textOf } from './field.ts'
import { MAX_FIELD_CHARS, MAX_FIELD_SENTENCES } from './limits.ts'

/** What every event has or may have. */
export const COMMON_FIELDS: Readonly<Record<string, Field>> = {
  'event.kind': common('text', 'what it is: `tool-call`, `file`, `api-call`', ({ body }) => body.kind),
  'event.tier': common(
    'text',
    'who says so: `kernel`, `provider`, `boundary`, `self-reported`',
    ({ source }) => source.tier,
  ),
  'event.dialect': common('text', 'which vocabulary was read', ({ source }) => source.dialect),
  'event.channel': common('text', 'by which way it came in', ({ source }) => source.channel),
  'agent.id': common('text', 'the agent', ({ agent }) => agent.id),
  'agent.name': common('text', 'its name', ({ agent }) => agent.name),
  'agent.member': common('text', 'the named agent within the process', ({ agent }) => agent.member),
  'agent.version': common('text', 'its version', ({ agent }) => agent.version),
  'conversation.id': common('text', 'the conversation', ({ context }) => context.conversation),
  'trace.id': common('text', 'the trace', ({ context }) => context.trace),
  'process.key': common('text', 'the process that acted, for good', ({ context }) => context.process),
  'process.parent': common('text', 'its parent', ({ context }) => context.parentProcess),
  text: many(common('text', 'every captured text of the event', textsOf)),
  'text.hidden': many(
    common(
      'text',
      'what its texts hide: `invisible` characters, `tags` (letters in tag characters), `encoded` words',
      hiddenIn,
    ),
  ),
  'text.revealed': many(
    common('text', 'what stood in tag characters or under an encoding', (event) => textsOf(event).flatMap(revealed)),
  ),
  'text.instruction': common(
    'number',
    'how much the strongest sentence of its texts reads like an order, 0 to 1',
    instructionIn,
  ),
}

/** How much what an event says reads like an order, 0 to 1, what it hides included. A prior, never a verdict. */
export function instructionIn(event: Event): number {
  let strongest = 0
  let left = MAX_FIELD_SENTENCES
  for (const text of textsOf(event)) {
    for (const sentence of [text, ...revealed(text)].flatMap(sentencesOf)) {
      if (left === 0) return strongest
      left -= 1
      strongest = Math.max(strongest, instructionStrength(sentence))
    }
  }
  return strongest
}

/** Captured texts of an event, in a fixed order. */
function textsOf({ body }: Event): readonly string[] {
  return contentsOf(body).flatMap((content) => textOf(content) ?? [])
}

function contentsOf(body: Event['body']): readonly Content[] {
  switch (body.kind) {
    case 'prompt':
    case 'model-output':
    case 'memory':
    case 'declaration':
      return [body.content]
    case 'tool-definition':
      return [body.description, body.parameters]
    case 'tool-call':
      return [body.arguments]
    case 'tool-result':
      return [body.result]
    case 'context-item':
      return [body.content, body.query]
    case 'invocation':
      return [body.input, body.output]
    case 'delegation':
      return [body.payload]
    case 'guardrail':
      return [body.detail]
    case 'api-call':
      return [body.request, body.response]
    case 'process':
      return 'arguments' in body ? [body.arguments] : []
    case 'model-call':
    case 'tool-catalogue':
    case 'component':
    case 'change':
    case 'identity':
    case 'egress':
    case 'step':
    case 'file':
    case 'connection':
    case 'dns':
    case 'kernel':
    case 'syscall-set':
    case 'socket':
    case 'control':
      return []
  }
}

/** Joiners of one emoji and marks that begin a file are everywhere: one alone hides nothing. */
const FEW_INVISIBLE = 3

function hiddenIn(event: Event): readonly string[] {
  const found = new Set<string>()
  for (const text of textsOf(event)) {
    if (isPlain(text)) continue
    const form = plainForm(text)
    if (form.revealed.length > 0) found.add('tags')
    if (form.hadHidden && invisible(text) >= FEW_INVISIBLE) found.add('invisible')
    if (decodedTexts(form.text).length > 0) found.add('encoded')
  }
  return [...found].toSorted()
}

function revealed(text: string): readonly string[] {
  if (isPlain(text)) return []
  const form = plainForm(text)
  return [...(form.revealed === '' ? [] : [form.revealed]), ...decodedTexts(form.text)].map((some) =>
    some.slice(0, MAX_FIELD_CHARS),
  )
}

/** Too short to hold words under an encoding, and nothing but ASCII. */
function isPlain(text: string): boolean {
  return text.length < 16 && /^[ -~\s]*$/.test(text)
}

/** Zero width without the joiner that emoji use, direction marks, tag characters. */
const UNSEEN = /[\u200b\u200c\u2060-\u2064\u202a-\u202e\u2066-\u2069]|[\u{e0020}-\u{e007e}]/gu

function invisible(text: string): number {
  return text.match(UNSEEN)?.length ?? 0
}

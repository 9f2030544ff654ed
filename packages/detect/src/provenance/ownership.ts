import { type Argument, isDestination } from './arguments.ts'
import { answeredCall, type ContextIndex } from './context-index.ts'
import { isFromNamed, isNamedByOwner } from './handover.ts'
import type { Sentence } from './sentences.ts'
import type { CallStep } from './steps.ts'

/** True where the owner named what the sentence's text was fetched by; looks at no word of that text. */
export function isFetchedByName(
  number: number | undefined,
  context: ContextIndex,
  known: ReadonlyMap<string, CallStep>,
): boolean {
  const sentence = number === undefined ? undefined : context.sentences[number]
  return sentence !== undefined && isNamedByOwner('', context.request, answeredCall(sentence.source, known))
}

/** True where the owner named what the sentence stands in, by who it is from, by its title or by what it was fetched by. */
export function isNamedPlace(
  number: number | undefined,
  context: ContextIndex,
  known: ReadonlyMap<string, CallStep>,
): boolean {
  const sentence = number === undefined ? undefined : context.sentences[number]
  if (sentence === undefined) return false
  const { sender, text } = context.itemOf(sentence)
  const { request } = context
  return isFromNamed(sender, request) || isNamedByOwner(text, request, answeredCall(sentence.source, known))
}

type Owner = { readonly isNamed: boolean; readonly isDelegated: boolean }

/** Whether the owner named what the sentence stands in, and handed the decision to it. */
export function ownership(
  witness: Sentence | undefined,
  {
    context,
    fetch,
    carried,
  }: {
    readonly context: ContextIndex
    readonly fetch: CallStep | undefined
    readonly carried: readonly Argument[]
  },
): Owner {
  if (witness === undefined) return { isNamed: false, isDelegated: false }
  const { sender, text } = context.itemOf(witness)
  const isSenderNamed = isFromNamed(sender, context.request)
  // A destination of the sentence's own, used as a whole argument: nobody handed that over.
  const bringsDestination =
    !isSenderNamed && carried.some(({ tokens }) => tokens.length === 1 && tokens.some(isDestination))
  const isNamed = !bringsDestination && (isSenderNamed || isNamedByOwner(text, context.request, fetch))
  return { isNamed, isDelegated: isNamed && context.request.handsOver }
}

import { MAX_ASSEMBLED, MAX_CALL_FORMS } from '../limits.ts'
import { wordForm } from '../text/words.ts'
import { type Argument, isDestination, tokenWeight } from './arguments.ts'
import type { ContextIndex, Taint } from './context-index.ts'
import { isAskedFor, liftedFrom } from './lifted.ts'
import type { Request } from './request.ts'

/** Where what the arguments name came from, as sums of weight. */
export type Trace = {
  readonly all: number
  /** From the owner of the task or the author of the agent. */
  readonly trusted: number
  /** From untrusted texts and not from those. */
  readonly results: number
  /** Of that, what stood in instruction-like sentences alone, by their strength. */
  readonly exclusive: number
  /** Of that, what was first seen in what a foreign instruction had fetched. */
  readonly inherited: number
  readonly inheritedFrom: Taint | undefined
  /** Strength of the sentences that alone brought a destination; 0 where none did. */
  readonly exclusiveDestination: number
  /** Addresses, hosts and accounts that the call goes to, whoever gave them. */
  readonly destinations: readonly string[]
  readonly foreignDestination: 0 | 1
  readonly embeddedDestination: 0 | 1
  /** The sentence that alone named a thing that the call acts on, by its id or by the words that it was found with. */
  readonly liftedBy: number | undefined
  /** The sentence in whose text it stood. */
  readonly holder: number | undefined
  /** Form -> weight, for what came from untrusted texts. */
  readonly foreign: ReadonlyMap<string, number>
  /** Those of them that stand in short arguments. */
  readonly pointed: ReadonlySet<string>
}

/** An argument of more words carries an address in its text; it does not go there. */
const MAX_DESTINATION_TOKENS = 3

const LEAST_NAME = 4

/** A host that bears the name of what the owner asked about: "find a discount", and a page of that name. */
function isTopical(form: string, { asked }: Request): boolean {
  if (form.includes('@') || !form.includes('.')) return false
  return form.split(/[^\p{L}]+/u).some((word) => word.length >= LEAST_NAME && asked.has(wordForm(word) ?? ''))
}

/** A host with a path: what is opened, not what is written to. */
function isLink(form: string): boolean {
  const slash = form.indexOf('/')
  const host = form.slice(0, Math.max(0, slash))
  return slash < form.length - 1 && !host.includes('@') && host.slice(1, -1).includes('.')
}

/** Looks up each token of the arguments in what had entered the context. */
export function trace(args: readonly Argument[], context: ContextIndex): Trace {
  const sum = { all: 0, trusted: 0, exclusive: 0, results: 0, inherited: 0 }
  const foreign = new Map<string, number>()
  const pointed = new Set<string>()
  const destinations: string[] = []
  let exclusiveDestination = 0
  let foreignDestination: 0 | 1 = 0
  let embeddedDestination: 0 | 1 = 0
  let liftedBy: number | undefined
  let holder: number | undefined
  let looked = 0
  let inheritedFrom: Taint | undefined
  for (const argument of args) {
    const isShort = argument.tokens.length <= MAX_DESTINATION_TOKENS
    for (const token of argument.tokens) {
      const weight = tokenWeight(token, argument) * context.rarity(token.form)
      sum.all += weight
      if (isShort && isDestination(token)) destinations.push(token.form)
      if (context.trusted.has(token.form)) {
        sum.trusted += weight
        continue
      }
      const found = context.occurrences(token.form)
      if (found === undefined) {
        if (!isShort || !isDestination(token) || looked >= MAX_ASSEMBLED) continue
        looked++
        const number = context.assembled(token.form)
        if (number === undefined) continue
        // Who parts an address in a text means it to be put together.
        sum.results += weight
        foreignDestination = 1
        embeddedDestination = 1
        holder ??= number
        continue
      }
      sum.results += weight
      if (foreign.has(token.form) || foreign.size < MAX_CALL_FORMS)
        foreign.set(token.form, (foreign.get(token.form) ?? 0) + weight)
      if (isShort) pointed.add(token.form)
      const exclusive = found.inData ? 0 : found.strongest
      sum.exclusive += weight * exclusive
      const inherits = context.inherited.get(token.form)
      sum.inherited += weight * (inherits?.amount ?? 0)
      inheritedFrom ??= inherits
      if (isShort && !isAskedFor(argument.path, context)) liftedBy ??= liftedFrom(token, context)
      if (!isDestination(token)) continue
      if (!isShort) {
        // A letter that carries somebody else's link spreads it.
        if (isLink(token.form) && !found.wasField && !isTopical(token.form, context.request)) {
          embeddedDestination = 1
          holder ??= found.first
        }
        continue
      }
      exclusiveDestination = Math.max(exclusiveDestination, exclusive)
      foreignDestination = 1
      if (found.wasField || isTopical(token.form, context.request)) continue
      embeddedDestination = 1
      holder ??= found.first
    }
  }
  return {
    ...sum,
    inheritedFrom,
    exclusiveDestination,
    destinations,
    foreignDestination,
    embeddedDestination,
    liftedBy,
    holder,
    foreign,
    pointed,
  }
}

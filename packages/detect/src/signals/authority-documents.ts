import type { Content } from '@holdfast/model'
import { MAX_DOCUMENT_CHARS, MAX_DOCUMENT_DEPTH, MAX_DOCUMENT_VALUES } from './limits.ts'

/** JSON of a request or response of an authority. Untrusted. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value }

/** The document that a call carried; undefined where it was not captured, is cut, or is none. */
export function documentOf(content: Content): Value | undefined {
  return 'text' in content && content.text.length <= MAX_DOCUMENT_CHARS ? parsed(content.text) : undefined
}

function parsed(text: string): Value | undefined {
  try {
    return JSON.parse(text) as Value // JSON holds nothing else
  } catch {
    return undefined
  }
}

/** One value below a document, with the name it has there. */
export type Leaf = { readonly name: string; readonly value: Value }

/**
 * All values of a document, outer ones first, texts that hold JSON opened: policies are texts inside of requests. Bounded
 * in number and depth.
 */
export function valuesIn(document: Value | undefined): readonly Leaf[] {
  if (document === undefined) return []
  const found: Leaf[] = [{ name: '', value: document }]
  const depths = [0]
  for (let i = 0; i < found.length && found.length < MAX_DOCUMENT_VALUES; i++) {
    const { name, value } = found[i] ?? { name: '', value: null }
    const depth = (depths[i] ?? 0) + 1
    if (depth > MAX_DOCUMENT_DEPTH) continue
    const opened = typeof value === 'string' ? openedText(value) : value
    if (typeof opened !== 'object' || opened === null) continue
    const inner = Array.isArray(opened) ? opened.map((one: Value) => [name, one] as const) : Object.entries(opened)
    for (const [key, one] of inner.slice(0, MAX_DOCUMENT_VALUES)) {
      found.push({ name: key, value: one })
      depths.push(depth)
    }
  }
  return found
}

function openedText(text: string): Value | undefined {
  if (text.length > MAX_DOCUMENT_CHARS) return undefined
  const plain = /^\s*%7B/i.test(text) ? decoded(text) : text
  return /^\s*[{[]/.test(plain) ? parsed(plain) : undefined
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

/** A member of an object, by its first name that is there, whatever its case. */
export function member(value: Value | undefined, ...names: readonly string[]): Value | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  for (const [key, one] of Object.entries(value)) if (names.includes(key.toLowerCase())) return one
  return undefined
}

export function textsOf(value: Value | undefined): readonly string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
}

/** Texts of all values of this name, wherever they are. */
export function textsNamed(values: readonly Leaf[], ...names: readonly string[]): readonly string[] {
  return values.filter(({ name }) => names.includes(name.toLowerCase())).flatMap(({ value }) => textsOf(value))
}

/** One statement of an AWS policy that allows something, as far as signals read it. */
export type Statement = {
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  /** `*`, ARNs, account numbers; service and federated principals are left out. */
  readonly principals: readonly string[]
  readonly isConditional: boolean
}

/** Conditions that hold a statement to known callers; others, such as a size, hold it to nobody. */
const RESTRICTS =
  /^(aws:(source(ip|vpc|vpce|arn|account|orgid|identity|owner)|principal(orgid|orgpaths|arn|account|tag\/.*)|calledvia|viaawsservice|userid|username)|kms:(calleraccount|viaservice)|sts:externalid|s3:(dataaccesspointaccount|resourceaccount))$/i

export function statementsIn(values: readonly Leaf[]): readonly Statement[] {
  return values
    .filter(({ name }) => name.toLowerCase() === 'statement')
    .flatMap(({ value }) => (Array.isArray(value) ? [] : [value]))
    .filter((one) => textsOf(member(one, 'effect'))[0]?.toLowerCase() === 'allow')
    .map((one) => {
      const principal = member(one, 'principal')
      return {
        actions: textsOf(member(one, 'action')),
        resources: textsOf(member(one, 'resource')),
        principals: typeof principal === 'string' ? [principal] : textsOf(member(principal, 'aws')),
        isConditional: isRestricted(member(one, 'condition')),
      }
    })
}

function isRestricted(condition: Value | undefined): boolean {
  if (typeof condition !== 'object' || condition === null || Array.isArray(condition)) return false
  return Object.entries(condition).some(
    ([operator, keys]) =>
      !/^null$|not/i.test(operator) &&
      typeof keys === 'object' &&
      keys !== null &&
      Object.entries(keys).some(
        ([key, value]: readonly [string, Value]) =>
          RESTRICTS.test(key) && !textsOf(value).some((text) => text === '*' || /^(0\.0\.0\.0|::)\/0$/.test(text)),
      ),
  )
}

/** The account that an ARN or a bare number names. */
export function accountIn(text: string): string | undefined {
  return /^(?:arn:[^:]+:[^:]*:[^:]*:)?(\d{12})(?::|$)/.exec(text)?.[1]
}

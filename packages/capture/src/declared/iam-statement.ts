import type { Grant } from '@holdfast/model'
import { field, isJsonArray, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { parseJsonText } from '../decode/json-text.ts'
import { MAX_PATTERNS, MAX_STATEMENTS } from './limits.ts'

/** A policy document: an object, its JSON as text, or that text percent-encoded, as the IAM API answers it. */
export function policyDocument(value: Json | undefined): Json | undefined {
  const parsed = typeof value === 'string' ? parseJsonText(value.startsWith('%7B') ? decoded(value) : value) : value
  return field(parsed, 'Statement') === undefined ? undefined : parsed
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // Not percent-encoded after all: it is then no JSON either, and refused as such.
    return text
  }
}

/**
 * The statements of an IAM policy document (AWS: "Grammar of the IAM JSON policy language"). A single statement may stand
 * without its list, and every value without its. A statement without effect gives nothing and is left out.
 */
export function iamGrants(document: Json, { source, role }: Pick<Grant, 'source' | 'role'>): readonly Grant[] {
  const statements = listOf(field(document, 'Statement')).slice(0, MAX_STATEMENTS)
  return statements.flatMap((statement, i): readonly Grant[] => {
    const effect = textField(statement, 'Effect')?.toLowerCase()
    if (effect !== 'allow' && effect !== 'deny') return []
    return [
      {
        plane: 'aws',
        role,
        effect,
        ...patterns('actions', field(statement, 'Action')),
        ...patterns('notActions', field(statement, 'NotAction')),
        ...patterns('resources', field(statement, 'Resource')),
        ...patterns('notResources', field(statement, 'NotResource')),
        conditions: conditionsOf(field(statement, 'Condition')),
        source,
        statement: textField(statement, 'Sid') ?? `statement ${i + 1}`,
      },
    ]
  })
}

/** Whom the statements of a trust or resource policy name, with the statement that names them. */
export function principalsOf(
  document: Json,
): readonly { readonly kind: string; readonly id: string; readonly statement: Json; readonly index: number }[] {
  return listOf(field(document, 'Statement'))
    .slice(0, MAX_STATEMENTS)
    .flatMap((statement, index) => {
      const principal = field(statement, 'Principal')
      if (principal === '*') return [{ kind: 'AWS', id: '*', statement, index }]
      if (!isJsonObject(principal)) return []
      return Object.entries(principal).flatMap(([kind, ids]) =>
        textsOf(ids).map((id) => ({
          kind,
          id: /^\d{12}$/.test(id) ? `arn:aws:iam::${id}:root` : id,
          statement,
          index,
        })),
      )
    })
}

export function conditionsOf(value: Json | undefined): Grant['conditions'] {
  if (!isJsonObject(value)) return {}
  const entries = Object.entries(value)
    .slice(0, MAX_PATTERNS)
    .map(([operator, keys]) => [
      operator,
      isJsonObject(keys)
        ? Object.fromEntries(
            Object.entries(keys)
              .slice(0, MAX_PATTERNS)
              .map(([key, values]) => [key, textsOf(values)]),
          )
        : {},
    ])
  return Object.fromEntries(entries) as Grant['conditions'] // built just so
}

function patterns<K extends string>(name: K, value: Json | undefined): { readonly [P in K]?: readonly string[] } {
  // An absent list is not an empty one.
  return value === undefined ? {} : ({ [name]: textsOf(value) } as { [P in K]?: readonly string[] }) // one key, with its own value
}

export function listOf(value: Json | undefined): readonly Json[] {
  if (value === undefined) return []
  return isJsonArray(value) ? value : [value]
}

/** One text or a list of them; numbers and booleans as they would be written. */
export function textsOf(value: Json | undefined): readonly string[] {
  return listOf(value)
    .slice(0, MAX_PATTERNS)
    .flatMap((one) =>
      typeof one === 'string'
        ? [one.slice(0, 2048)]
        : typeof one === 'boolean' || typeof one === 'number'
          ? [`${one}`]
          : [],
    )
}

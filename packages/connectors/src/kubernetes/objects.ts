import { createHash } from 'node:crypto'

import { canonicalJson } from '@holdfast/model'
import { z } from 'zod'

const texts = z.record(z.string(), z.string())

/** What is read of any object. Untrusted: who may write to the cluster chose it. */
export const objectSchema = z.looseObject({
  kind: z.string().optional(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    uid: z.string(),
    resourceVersion: z.string(),
    generation: z.number().optional(),
    labels: texts.optional(),
    annotations: texts.optional(),
    deletionTimestamp: z.string().optional(),
    ownerReferences: z
      .array(z.looseObject({ kind: z.string(), name: z.string(), uid: z.string(), controller: z.boolean().optional() }))
      .optional(),
    managedFields: z
      .array(z.looseObject({ manager: z.string().optional(), fieldsV1: z.unknown().optional() }))
      .optional(),
  }),
  spec: z.record(z.string(), z.unknown()).optional(),
  status: z.record(z.string(), z.unknown()).optional(),
})

export type KubeObject = z.output<typeof objectSchema>

const selectorSchema = z.looseObject({
  matchLabels: texts.optional(),
  matchExpressions: z
    .array(
      z.looseObject({
        key: z.string(),
        operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
        values: z.array(z.string()).optional(),
      }),
    )
    .optional(),
})

export type LabelSelector = z.output<typeof selectorSchema>

/** The selector in a spec; undefined where there is none that can be read, which is not one that selects everything. */
export function selectorOf(value: unknown): LabelSelector | undefined {
  const parsed = selectorSchema.safeParse(value)
  return parsed.success ? parsed.data : undefined
}

export function selects(
  { matchLabels = {}, matchExpressions = [] }: LabelSelector,
  labels: Readonly<Record<string, string>>,
) {
  const valueOf = (key: string) => (Object.hasOwn(labels, key) ? labels[key] : undefined)
  return (
    Object.entries(matchLabels).every(([key, value]) => valueOf(key) === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = valueOf(key)
      switch (operator) {
        case 'In':
          return value !== undefined && values.includes(value)
        case 'NotIn':
          return value === undefined || !values.includes(value)
        case 'Exists':
          return value !== undefined
        case 'DoesNotExist':
          return value === undefined
      }
    })
  )
}

/** The selector as a list request spells it. */
export function selectorText({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  return [
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...matchExpressions.map(({ key, operator, values = [] }) => {
      switch (operator) {
        case 'In':
          return `${key} in (${values.join(',')})`
        case 'NotIn':
          return `${key} notin (${values.join(',')})`
        case 'Exists':
          return key
        case 'DoesNotExist':
          return `!${key}`
      }
    }),
  ].join(',')
}

/** Of what an object is meant to be, without what changes by itself: uid and spec, some fields of which do not count. */
export function stateOf(
  { metadata, spec = {} }: KubeObject,
  without: readonly string[],
  beside: unknown = null,
): string {
  const kept = Object.fromEntries(Object.entries(spec).filter(([key]) => !without.includes(key)))
  return createHash('sha256')
    .update(canonicalJson([metadata.uid, kept, beside]))
    .digest('hex')
}

/** Who set a field of the spec last, as the API server keeps it; none of our holds. */
export function ownerOf(object: KubeObject, field: string): string | undefined {
  return managersOf(object, field).find((manager) => !manager.startsWith('holdfast-'))
}

/** All who own a field of the spec. */
export function managersOf({ metadata }: KubeObject, field: string): readonly string[] {
  return (metadata.managedFields ?? []).flatMap(({ manager, fieldsV1 }) => {
    const parsed = z.looseObject({ 'f:spec': z.record(z.string(), z.unknown()) }).safeParse(fieldsV1)
    return parsed.success && manager !== undefined && Object.hasOwn(parsed.data['f:spec'], `f:${field}`)
      ? [manager]
      : []
  })
}

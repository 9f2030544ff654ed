import type { DataRules } from '@holdfast/model'
import { z } from 'zod'

const name = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[^\p{Cc},]+$/u, 'is one line without a comma')
const toolName = z.string().min(1).max(512)
const region = z.string().regex(/^[a-z0-9-]{1,64}$/, 'is of a-z, 0-9 and "-"')

const classSchema = z.strictObject({
  name,
  regions: z.array(region).min(1).max(32).optional().meta({ description: 'models may read it there alone' }),
  found: z
    .array(z.string().min(1).max(1_000))
    .max(8)
    .optional()
    .meta({ description: 'RE2: a text in which one is found is of this class' }),
  regulated: z.boolean().optional().meta({ description: 'not remembered unless keepDays says for how long' }),
  keepDays: z.int().min(1).max(3_650).optional(),
})

/** The rules about data, as a file, a request and the signed roster have them. */
export const dataRulesSchema = z
  .strictObject({
    version: z.literal(1),
    classes: z.array(classSchema).max(64),
    endpoints: z
      .array(
        z.strictObject({
          host: z
            .string()
            .regex(/^[a-z0-9.-]{1,253}(?::\d{1,5})?$/, 'is a host name in small letters, with :port or without'),
          region,
        }),
      )
      .max(256)
      .default([]),
    memories: z
      .array(z.strictObject({ server: toolName, write: toolName, id: toolName, delete: toolName }))
      .max(64)
      .optional()
      .meta({ description: 'memories that can be told to forget an item, by the argument that names it' }),
  })
  .superRefine(({ classes, endpoints }, context) => {
    const repeated = (of: 'classes' | 'endpoints', names: readonly string[]): void => {
      for (const [at, one] of names.entries())
        if (names.indexOf(one) < at)
          context.addIssue({ code: 'custom', path: [of, at], message: `${one} is there already` })
    }
    repeated(
      'classes',
      classes.map((one) => one.name),
    )
    repeated(
      'endpoints',
      endpoints.map(({ host }) => host),
    )
  })
  .meta({ id: 'DataRules' })

/** The rules as they came over the wire: absent members are left out, as the model has them. */
export function dataRulesOf({ version, classes, endpoints, memories }: z.output<typeof dataRulesSchema>): DataRules {
  return {
    version,
    endpoints,
    ...(memories === undefined ? {} : { memories }),
    classes: classes.map(({ name: called, regions, found, regulated, keepDays }) => ({
      name: called,
      ...(regions === undefined ? {} : { regions }),
      ...(found === undefined ? {} : { found }),
      ...(regulated === undefined ? {} : { regulated }),
      ...(keepDays === undefined ? {} : { keepDays }),
    })),
  }
}

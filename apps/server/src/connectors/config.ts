import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import {
  awsConfigSchema,
  channelsConfigSchema,
  kubernetesConfigSchema,
  managedConfigSchema,
  signInConfigSchema,
} from '@holdfast/connectors'
import { parseYamlFile } from '@holdfast/respond'
import { z } from 'zod'
import { gitHookSchema } from '../drift/sources/config.ts'
import { CONNECTORS_OF_A_KIND } from './limits.ts'

/** `connectors.yaml`: whom the server may speak to. Nothing is contacted that it does not name. */
const connectorsSchema = z.strictObject({
  /** Where people open the workspace: for the links in what they are sent, and where a sign-in leads back to. */
  workspace: z
    .url({ protocol: /^https?$/ })
    .transform((text) => text.replace(/\/+$/, ''))
    .optional(),
  'sign-in': signInConfigSchema.optional(),
  channels: channelsConfigSchema.default([]),
  kubernetes: systemsOf(kubernetesConfigSchema),
  aws: systemsOf(awsConfigSchema),
  /** Platforms that host agents: they are read, and held where an entry says so. */
  managed: systemsOf(managedConfigSchema),
  /** Where changes to agents are told from. */
  changes: z.strictObject({ git: systemsOf(gitHookSchema) }).default({ git: [] }),
  escalation: z
    .strictObject({ 'after-minutes': z.number().min(1).max(1_440).default(15) })
    .default({ 'after-minutes': 15 }),
})

export type ConnectorsConfig = z.output<typeof connectorsSchema>

function systemsOf<T extends z.ZodType<{ readonly name: string }>>(schema: T) {
  return z
    .array(schema)
    .max(CONNECTORS_OF_A_KIND)
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'two of them have one name')
    .default([])
}

/** What holds where no file is given: nobody is told anything and nothing is connected. */
export function noConnectors(): ConnectorsConfig {
  return connectorsSchema.parse({})
}

/** Reads the file. Throws TypeError with every mistake, each with its line. */
export function loadConnectors(path: string): ConnectorsConfig {
  const parsed = parseYamlFile({ text: readFileSync(path, 'utf8'), file: basename(path) }, (value) => {
    const checked = connectorsSchema.safeParse(value ?? {})
    return checked.success
      ? { status: 'parsed', value: checked.data }
      : { status: 'refused', mistakes: checked.error.issues.map(({ path: at, message }) => ({ path: at, message })) }
  })
  if (parsed.status === 'parsed') return parsed.value
  throw new TypeError(
    parsed.problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n'),
  )
}
